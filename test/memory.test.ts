import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLayerSync, estimateMemory, type LayerSpec } from "../src/index.js";
import { EXTREMES, inputLength, numbers, SEEDED, specs } from "./support.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const SPEC: LayerSpec = { input: { channels: 2, height: 10, width: 10 }, filters: 12, kernel: 3, pool: 2 };

/** Bytes on the JavaScript heap and in array buffers once garbage is gone. */
function heapBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("estimateMemory is what the layer then commits, for every shape", () => {
  const check = (spec: LayerSpec) => assert.is(createLayerSync(spec).memoryBytes, estimateMemory(spec));
  EXTREMES.forEach(check);
  fc.assert(fc.property(specs, check), SEEDED);
});

test("224 x 224 x 3 with 64 filters of 5 x 5 and 2 x 2 pooling takes 12 MiB, 512 x 512 under 80", () => {
  const photo = (size: number) =>
    estimateMemory({ ...SPEC, input: { channels: 3, height: size, width: size }, filters: 64, kernel: 5 });
  assert.is(photo(224), 12 * 2 ** 20);
  assert.ok(photo(512) < 80 * 2 ** 20);
});

test("10,000 warm encodes, decode steps and sparsify steps leave memory and heap flat", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(inputLength(layer));
  const { values, switches } = layer.encode(x);
  const code = { out: { values, switches } };
  const image = { out: new Float32Array(x.length), iterations: 1, tolerance: 0 };
  const sparse = { out: layer.encode(x), iterations: 1, tolerance: 0 };
  const calls = {
    encode: () => layer.encode(x, code),
    decode: () => layer.decode(code.out, image),
    sparsify: () => layer.sparsify(x, sparse),
  };
  const committed = layer.memoryBytes;
  for (const [name, call] of Object.entries(calls)) {
    // the engine's own tables grow a little at first: a leak grows in every round
    const growth = [1, 2, 3].map(() => {
      const before = heapBytes();
      for (let i = 0; i < 10_000; ++i) call();
      return heapBytes() - before;
    });
    assert.ok(Math.min(...growth) < 5000, `${name} left ${growth.join(", ")} bytes in 10,000 calls`);
  }
  assert.is(layer.memoryBytes, committed);
});

test("2,000 layers, created and dropped, give their memory back", () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 2000; ++i) {
    const layer = createLayerSync({ ...SPEC, seed: i });
    layer.encode(new Float32Array(inputLength(layer)));
    layer.dispose();
  }
  collectGarbage();
  assert.ok(process.memoryUsage().arrayBuffers - before < 50 * 65_536);
});

test.run();
