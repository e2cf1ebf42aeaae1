// A process of its own for test/memory.test.ts: bytes that 10,000 warm calls leave on the heap, round by round.
// Run with --expose-gc; prints { encode: [...], decode: [...], ..., memoryBytes: [before, after] }.

import { createLayerSync } from "../build/index.js";
import { createNetworkSync } from "../build/network.js";

const ROUNDS = 6;
const CALLS = 10_000;

const layer = createLayerSync({
  input: { channels: 2, height: 10, width: 10 },
  filters: 12,
  kernel: 3,
  pool: 2,
});
const x = Float32Array.from({ length: 200 }, (_, i) => ((i * 37) % 101) / 101);
const code = { out: layer.encode(x) };
const image = { out: new Float32Array(x.length), iterations: 1, tolerance: 0 };
const sparse = { out: layer.encode(x), iterations: 1, tolerance: 0 };

const network = createNetworkSync({
  input: { channels: 2, height: 6, width: 6 },
  layers: [
    { filters: 4, kernel: 3, rectifier: "relu", pool: { type: "max", size: 2, stride: 1 } },
    { filters: 4, kernel: 2, pool: 2 },
  ],
});
const small = x.slice(0, 72);
const stack = { out: network.encode(small) };
const start = small.slice();

const calls = {
  encode: () => layer.encode(x, code),
  decode: () => layer.decode(code.out, image),
  sparsify: () => layer.sparsify(x, sparse),
  networkEncode: () => network.encode(small, stack),
  networkDecode: () => network.decode(stack.out, { ...image, out: start, start: small }),
  networkSynthesis: () => network.decode(stack.out, { out: start, method: "synthesis" }),
};

function heapBytes() {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function round(call) {
  const before = heapBytes();
  for (let i = 0; i < CALLS; ++i) call();
  return heapBytes() - before;
}

const memoryBytes = () => layer.memoryBytes + network.memoryBytes;
const committed = memoryBytes();
const growth = Object.fromEntries(
  Object.entries(calls).map(([name, call]) => [name, Array.from({ length: ROUNDS }, () => round(call))]),
);
console.log(JSON.stringify({ ...growth, memoryBytes: [committed, memoryBytes()] }));
