// npm run paper: the tables and figures of the paper, recomputed by this project's own kernel.
// paper/names.mjs lists them, paper/runner.mjs reads the command line, paper/NAME.mjs does the work.

import { EXPERIMENTS } from "./paper/names.mjs";
import { main } from "./paper/runner.mjs";

process.exitCode = await main(process.argv.slice(2), EXPERIMENTS);
