// The public types as people use them, checked strictly by their names in comments and with the declarations
// themselves: they must compile under the smallest library that a project may have.

import { createLayer, createLayerSync, estimateMemory } from "unpool";
import { parseSync, readCodes, serialiseSync, withParameters } from "unpool/code";
import service, { createHandler } from "unpool/edge";
import { createNetwork, createNetworkSync, estimateNetworkMemory } from "unpool/network";
import { load, UnpoolError } from "unpool/slim";
import { readNpy, readSafetensors } from "unpool/weights";
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

/** @type {import("unpool/network").NetworkSpec} */
const stack = {
  input: spec.input,
  layers: [
    { filters: 6, kernel: 3, rectifier: "relu", pool: { type: "max", size: 3, stride: 2, ceil: true } },
    { filters: 8, kernel: 3, normalise: { scale: new Float32Array(8).fill(1), shift: new Float32Array(8) } },
  ],
};
/** @type {import("unpool/network").Network} */
const network = createNetworkSync(stack);
/** @type {import("unpool/network").NetworkCode} */
const codes = network.encode(new Float32Array(2 * 64).fill(1));
/** @type {readonly (readonly [planes: number, height: number, width: number])[]} */
const shapes = network.shapes;
/** @type {Float32Array} */
const input = network.decode(codes, { method: "layer-by-layer", iterations: 5 });
// @ts-expect-error: a pooling of no known kind
void (() => createNetwork({ ...stack, layers: [{ filters: 1, kernel: 1, pool: { type: "sum", size: 2 } }] }));
// @ts-expect-error: the switches of one layer alone
void (() => network.decode({ values: codes.values, switches: codes.switches[0] }));
if (network.memoryBytes !== estimateNetworkMemory(stack) || shapes.length !== 2 || input.length !== 2 * 64) {
  throw new Error("unpool/network is not what its types say");
}
network.dispose();

/** @type {import("unpool/code").SerialiseOptions} */
const int8 = { values: "int8", range: [0, 1] };
/** @type {import("unpool/code").CodeFile} */
const stored = parseSync(serialiseSync(code, spec, int8), { values: 1000 });
/** @type {import("unpool").LayerSpec | import("unpool/network").NetworkSpec} */
const same = withParameters(stored);
/** @type {(stream: ReadableStream<Uint8Array>) => Promise<{ header: import("unpool/code").CodeHeader }>} */
const streamed = readCodes;
// @ts-expect-error: a format of no known kind
void (() => serialiseSync(code, spec, { values: "int5" }));
if (stored.codes.length !== 1 || "layers" in same || typeof streamed !== "function") {
  throw new Error("unpool/code is not what its types say");
}

/** @type {import("unpool/edge").EdgeLimits["pixels"]} */
const pixels = 64;
/** @type {import("unpool/edge").Handler} */
const handler = createHandler({ limits: { pixels }, cacheBytes: 0, prefix: "/unpool" });
// @ts-expect-error: a limit of no known name
void (() => createHandler({ limits: { megapixels: 1 } }));
const health = await handler(new Request("http://localhost/unpool/health"));
if (!health.ok || typeof service.fetch !== "function")
  throw new Error("unpool/edge is not what its types say");

const ascii = new TextEncoder();
const header = ascii.encode("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }\n");
const start = Uint8Array.of(0x93, ...ascii.encode("NUMPY"), 1, 0, header.length, 0);
const file = Uint8Array.of(...start, ...header, ...[0, 0, 128, 63, 0, 0, 0, 64]);
/** @type {import("unpool/weights").Tensor} */
const tensor = readNpy(file);
/** @type {(bytes: Uint8Array) => import("unpool/weights").Safetensors} */
const reader = readSafetensors;
if (tensor.shape.join() !== "1,2" || tensor.data[1] !== 2 || typeof reader !== "function") {
  throw new Error("unpool/weights is not what its types say");
}

try {
  await load(new Uint8Array(8));
} catch (error) {
  const refused = error instanceof UnpoolError && error.code === "unsupported";
  if (!refused || memory === 0 || decoded.length !== 2 * 64 || stopped === "aborted") throw error;
}
await say(createLayer);
