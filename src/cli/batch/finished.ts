// What an earlier run has finished: --resume skips it.

import { stat } from "../files/folder.js";
import type { Task } from "./task.js";

/**
 * Whether all outputs are there and newer than the input. Files bear their names once they are whole, so what is there is
 * finished. Standard input has no age, and is never finished; the built-in scene never changes.
 */
export function isFinished({ path, outputs }: Task): boolean {
  if (path === "-") return false;
  const begun = path === undefined ? Number.NEGATIVE_INFINITY : stat(path)?.mtimeMs;
  if (begun === undefined) return false; // who reads it says that it is not there
  return outputs.every((output) => {
    const found = stat(output);
    return found?.isFile() && found.mtimeMs > begun;
  });
}
