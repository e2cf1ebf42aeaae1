// Refusals of files.

import { UnpoolError } from "../errors.js";

export function invalidFile(message: string): UnpoolError {
  return new UnpoolError("invalid-file", message);
}

/** Runs a check of what a file says: what it would refuse of a caller, it refuses of the file. */
export function ofFile<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof UnpoolError) || error.code === "too-large" || error.code === "invalid-file") {
      throw error;
    }
    throw new UnpoolError("invalid-file", `${where}: ${error.message}`, { cause: error });
  }
}
