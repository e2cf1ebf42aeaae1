// The figures that the README claims, on real photographs and with the paper's sizes. They are read from
// ../shared/data, or from the folder in UNPOOL_DATA; no picture is part of this repository.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLayerSync, fromImageData } from "../../src/index.js";
import { relativeDistance } from "../support.js";

const folder = process.env.UNPOOL_DATA ?? "../shared/data";
if (!existsSync(folder)) {
  console.error(`no photographs in ${folder}: set UNPOOL_DATA to their folder`);
  process.exit(1);
}

/** The centre of an 8-bit PNG, size x size, as planes. */
function photograph(name: string, size: number): Float32Array {
  const { data, width, height, channels } = decode(readFileSync(join(folder, "images", `${name}.png`)));
  const [left, top] = [(width - size) >> 1, (height - size) >> 1];
  const rgba = new Uint8ClampedArray(4 * size * size);
  for (let y = 0; y < size; ++y) {
    for (let x = 0; x < size; ++x) {
      const from = channels * ((y + top) * width + x + left);
      rgba.set(data.subarray(from, from + 3) as Uint8Array, 4 * (y * size + x));
    }
  }
  return fromImageData({ data: rgba, width: size, height: size });
}

/** Relative error after 50 iterations of least squares, and the layer's memory in MiB. */
function invert(name: string, size: number, filters: number, padding = 0, seed = 0) {
  const x = photograph(name, size);
  const layer = createLayerSync({
    input: { channels: 3, height: size, width: size },
    filters,
    kernel: 5,
    pool: 2,
    padding,
    seed,
  });
  // what the rows of A say, and nothing else: the prior and the inequalities have tests of their own (decoding.test.ts)
  const y = layer.decode(layer.encode(x), { method: "scaled", inequalities: false, iterations: 50 });
  return { error: relativeDistance(y, x), mebibytes: layer.memoryBytes / 2 ** 20 };
}

for (const name of ["astronaut", "coffee"]) {
  test(`${name}, 224 x 224: 64 filters bring it back to 1e-5, 32 filters to 0.01`, () => {
    const full = invert(name, 224, 64);
    assert.ok(full.error < 1e-5, String(full.error));
    assert.ok(full.mebibytes <= 16, String(full.mebibytes));
    const half = invert(name, 224, 32);
    assert.ok(half.error < 0.01, String(half.error));
  });
}

test("with the edges padded, 32 filters of any of three seeds bring both back to 1e-6", () => {
  for (const name of ["astronaut", "coffee"]) {
    for (const seed of [0, 1, 7]) {
      const { error } = invert(name, 224, 32, 2, seed);
      assert.ok(error < 1e-6, `${name}, seed ${seed}: ${error}`);
    }
  }
});

test("the whole astronaut, 512 x 512: 64 filters bring it back to 1e-5 in under 80 MiB", () => {
  const { error, mebibytes } = invert("astronaut", 512, 64);
  assert.ok(error < 1e-5, String(error));
  assert.ok(mebibytes < 80, String(mebibytes));
});

test.run();
