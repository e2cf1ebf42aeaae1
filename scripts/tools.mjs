// Runs the command of an installed package.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Runs a package's command with Node, printing what it says only when it fails. */
function run(command, ...args) {
  try {
    execFileSync(process.execPath, [join("node_modules", command), ...args], { stdio: "pipe" });
  } catch (error) {
    process.stderr.write(`${error.stdout}${error.stderr}`);
    process.exit(1);
  }
}

export const asc = (...args) => run("assemblyscript/bin/asc.js", ...args);
export const wasmOpt = (...args) => run("binaryen/bin/wasm-opt", ...args);
export const tsc = (...args) => run("typescript/bin/tsc", ...args);
