// What the noise option does with quantised values: `npm run build && node experiments/quantised.mjs`.
// Prints mean relative errors over crops of photographs as a Markdown table (docs/decoding.md has it).

import { createLayerSync } from "../build/index.js";
import { quantise } from "../build/quantise.js";
import { crops, REPORTED_ON, relativeError } from "./photographs.mjs";

const SIZE = 32;
const SEEDS = [0, 1];
const pictures = crops(REPORTED_ON, SIZE, 5);

console.log(
  `| filters | values | without noise, iterations | with noise, iterations |\n|${" --- |".repeat(4)}`,
);
for (const filters of [16, 64]) {
  for (const format of /** @type {const} */ (["float16", "int8", "int6", "int4"])) {
    const sums = { plain: 0, told: 0, plainIterations: 0, toldIterations: 0 };
    for (const seed of SEEDS) {
      const input = { channels: 3, height: SIZE, width: SIZE };
      const layer = createLayerSync({ input, filters, kernel: 5, pool: 2, seed });
      for (const { x } of pictures) {
        const { values, switches } = layer.encode(x);
        const { values: rounded, noise } = quantise(values, filters, format);
        const code = { values: rounded, switches };
        sums.plain += relativeError(layer.decode(code), x);
        sums.plainIterations += layer.report.iterations;
        sums.told += relativeError(layer.decode(code, { noise }), x);
        sums.toldIterations += layer.report.iterations;
      }
      layer.dispose();
    }
    const runs = SEEDS.length * pictures.length;
    const cell = (error, iterations) => `${(error / runs).toPrecision(2)}, ${Math.round(iterations / runs)}`;
    const cells = [cell(sums.plain, sums.plainIterations), cell(sums.told, sums.toldIterations)];
    console.log(`| ${filters} | ${format} | ${cells.join(" | ")} |`);
  }
}
