import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLayerSync, estimateMemory, type LayerSpec } from "../src/index.js";
import { bytesInUse } from "./heap.js";
import { EXTREMES, inputLength, SEEDED, specs } from "./support.js";

const SPEC: LayerSpec = { input: { channels: 2, height: 10, width: 10 }, filters: 12, kernel: 3, pool: 2 };

test("estimateMemory is what the layer then commits, for every shape", () => {
  const check = (spec: LayerSpec) => assert.is(createLayerSync(spec).memoryBytes, estimateMemory(spec));
  EXTREMES.forEach(check);
  fc.assert(fc.property(specs, check), SEEDED);
});

test("224 x 224 x 3 with 64 filters of 5 x 5 and 2 x 2 pooling takes under 15 MiB, 512 x 512 under 80", () => {
  const photo = (size: number) =>
    estimateMemory({ ...SPEC, input: { channels: 3, height: size, width: size }, filters: 64, kernel: 5 });
  assert.ok(photo(224) < 15 * 2 ** 20);
  assert.ok(photo(512) < 80 * 2 ** 20);
});

test("10,000 warm encodes, decode steps and sparsify steps, of a network too, leave memory and heap flat", () => {
  const script = ["--expose-gc", "test/flat-heap.mjs"];
  const { status, stdout } = spawnSync(process.execPath, script, { encoding: "utf8" });
  assert.is(status, 0);
  const { memoryBytes, ...growth } = JSON.parse(stdout) as Record<string, number[]>;
  assert.is(memoryBytes![1], memoryBytes![0]);
  for (const [name, rounds] of Object.entries(growth)) {
    // the engine's own tables grow in some rounds: a leak of one byte a call grows in every round
    assert.ok(Math.min(...rounds) < 5000, `${name} left ${rounds.join(", ")} bytes in 10,000 calls`);
  }
});

test("2,000 layers, created and dropped, give their memory back", () => {
  const before = bytesInUse();
  for (let i = 0; i < 2000; ++i) {
    const layer = createLayerSync({ ...SPEC, seed: i });
    layer.encode(new Float32Array(inputLength(layer)));
    layer.dispose();
  }
  const left = bytesInUse() - before;
  assert.ok(left < 50 * 65_536, `${left} bytes`);
});

test.run();
