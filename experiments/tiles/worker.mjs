// One layer in a thread: a tile in, what its code gives back out.

import { parentPort, workerData } from "node:worker_threads";
import { openLayer } from "./there-and-back.mjs";

const layer = openLayer(workerData);
parentPort.postMessage({ memoryBytes: layer.memoryBytes });
parentPort.on("message", (tile) => {
  const { planes, iterations } = layer.thereAndBack(tile);
  parentPort.postMessage({ planes, iterations }, [planes.buffer]);
});
