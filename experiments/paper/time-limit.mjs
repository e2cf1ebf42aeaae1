// How long a run may take.

import { Failure } from "./files.mjs";

/**
 * A function that throws once so many minutes have passed, and gives the milliseconds that are left before.
 * @param {number} [minutes] default: without end
 * @param {() => number} [clock] in milliseconds
 */
export function timeLimit(minutes = Infinity, clock = () => performance.now()) {
  const end = clock() + minutes * 60_000;
  return () => {
    const left = end - clock();
    if (left > 0) return left;
    throw new Failure(
      `the time limit of ${minutes} min ran out before it was done; nothing of it was written`,
    );
  };
}
