// What a code of photographs costs in a file, and what comes back: docs/format.md has the figures, experiments/wire.mjs
// prints them all.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { crops, REPORTED_ON } from "../../experiments/photographs.mjs";
import { parseSync, serialiseSync } from "../../src/code/index.js";
import { psnr } from "../../src/image/metrics.js";
import type { Code } from "../../src/layer.js";
import { simd } from "../support.js";

const photographs = crops(REPORTED_ON, 224, 1);
const spec = { input: { channels: 3, height: 224, width: 224 }, filters: 16, kernel: 5, padding: 2, pool: 2 };
const layer = simd.createLayerSync(spec);
const RAW = 3 * 224 * 224;

for (const [values, ofRaw, decibels] of [
  ["int8", 1.67, 46.8],
  ["int6", 1.34, 40.3],
] as const) {
  test(`photographs in 16 filters take ${ofRaw} times their raw bytes as ${values}, and come back at ${decibels} dB`, () => {
    const errors = photographs.map(({ name, x }) => {
      const bytes = serialiseSync(layer.encode(x), spec, { values });
      assert.is((bytes.length / RAW).toFixed(2), String(ofRaw), name);
      const file = parseSync(bytes);
      return 10 ** (-psnr(layer.decode(file.code as Code, { noise: file.noise }), x) / 10);
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    assert.ok(-10 * Math.log10(mean) >= decibels, `${-10 * Math.log10(mean)} dB`);
  });
}

test.run();
