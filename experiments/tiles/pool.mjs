// Layers in worker threads.

import { once } from "node:events";
import { Worker } from "node:worker_threads";

/**
 * Opens `count` layers. Whoever is idle takes the next tile: which one it is makes no difference to the bits.
 * @param {import("./there-and-back.mjs").Work} work
 */
export async function openPool(count, work) {
  const workers = Array.from(
    { length: count },
    () => new Worker("./experiments/tiles/worker.mjs", { workerData: work }),
  );
  const opened = await Promise.all(workers.map((worker) => once(worker, "message")));
  const idle = [...workers];
  let iterations = 0;
  return {
    /** Of all kernels together. */
    memoryBytes: opened.reduce((sum, [{ memoryBytes }]) => sum + memoryBytes, 0),
    /** Of all tiles so far. */
    iterations: () => iterations,
    /** For at most `count` tiles at a time. @param {Float32Array} tile gone afterwards. */
    async thereAndBack(tile) {
      const worker = idle.pop();
      worker.postMessage(tile, [tile.buffer]);
      const [back] = await once(worker, "message");
      idle.push(worker);
      iterations += back.iterations;
      return back.planes;
    },
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}
