// The public types as people use them, checked strictly by their names in comments and with the declarations
// themselves: they must compile under the smallest library that a project may have.

import { createLayer, createLayerSync, estimateMemory } from "unpool";
import { load, UnpoolError } from "unpool/slim";
import { say } from "./program.js";

/** @type {import("unpool").LayerSpec} */
const spec = { input: { channels: 2, length: 64 }, filters: 4, kernel: 3, rectifier: "crelu" };
/** @type {number} */
const memory = estimateMemory(spec);
/** @type {import("unpool").Layer} */
const layer = createLayerSync(spec);
/** @type {import("unpool").Code} */
const code = layer.encode(new Float32Array(2 * 64));
/** @type {Float32Array} */
const decoded = layer.decode(code, { signal: new AbortController().signal, budget: 1000 });
/** @type {import("unpool").Stopped} */
const stopped = layer.report.stopped;
// @ts-expect-error: a pool of no known kind
void (() => createLayer({ ...spec, pool: "local" }));
// @ts-expect-error: numbers of 64 bits
void (() => layer.encode(new Float64Array(2 * 64)));
layer.dispose();

try {
  await load(new Uint8Array(8));
} catch (error) {
  const refused = error instanceof UnpoolError && error.code === "unsupported";
  if (!refused || memory === 0 || decoded.length !== 2 * 64 || stopped === "aborted") throw error;
}
await say(createLayer);
