// npm run paper: the tables and figures of the paper, recomputed by this project's own kernel.
// Here are their names, in the paper's order; paper/runner.mjs reads the command line, paper/NAME.mjs does the work.

import { main } from "./paper/runner.mjs";

/** @type {string[]} */
const NAMES = ["rip-1d", "coherence", "sparsity", "phase", "rate", "bound"];

process.exitCode = await main(
  process.argv.slice(2),
  Object.fromEntries(NAMES.map((name) => [name, () => import(`./paper/${name}.mjs`)])),
);
