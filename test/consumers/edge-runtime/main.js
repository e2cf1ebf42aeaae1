// The program of shared/, whose digest goes to the console of the runtime.
import { run } from "../hosts/edge-runtime.mjs";

await run("print.js");
