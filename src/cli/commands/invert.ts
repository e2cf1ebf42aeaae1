import type { Command } from "commander";
import { methodList } from "../methods.js";
import { addInputOptions } from "../options/layer.js";
import { addOutputOptions } from "../options/output.js";
import { addSolverOptions } from "../options/solver.js";
import { perform } from "./perform.js";

export function addInvert(program: Command): void {
  const command = program
    .command("invert")
    .description("encode pictures, reconstruct each in several ways and report how close each way comes");
  addSolverOptions(addInputOptions(command));
  addOutputOptions(
    command,
    "DIR",
    "folder for pictures and report; of several pictures, each has a folder in it",
  )
    .addHelpText(
      "after",
      `
Methods:
${methodList()}

The whole picture is kept in memory, and so is each reconstruction; kernels see
one tile at a time. Of several tiles, --json and the table say: iterations of
the tile that took most, the worst ending, milliseconds of all together.

Examples:
  unpool invert                            the built-in scene, into unpool-out/
  unpool invert photo.jpg --crop 256       the centre of a photograph
  unpool invert photo.jpg -k 96 --pool 3 -o out
  unpool invert *.jpg --crop 256 -o out    each into out/NAME/, on all cores
  unpool invert photo.jpg -k 16 --method synthesis,whitened,hybrid
  unpool invert photo.jpg --switches unknown --quantise int8
  unpool invert photo.jpg --tile none      in one layer, however large
  unpool invert photo.jpg --json | jq '.results[] | {method, psnr}'`,
    )
    .action(perform("invert"));
}
