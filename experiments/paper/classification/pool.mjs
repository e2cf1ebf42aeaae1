// Threads that features and products are computed in. What comes of a task does not depend on how many there are.

import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";

/** @param {number} [threads] */
export function openPool(threads = Math.min(4, availableParallelism())) {
  const pool = new Tinypool({
    filename: new URL("./worker.mjs", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  return { run: (task) => pool.run(task), close: () => pool.destroy() };
}
