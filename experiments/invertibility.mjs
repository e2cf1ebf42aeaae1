// Whether the verdicts of layer.invertibility come true: `npm run build && node experiments/invertibility.mjs`.
// Prints how far 100 iterations of "scaled" came, by verdict, as a Markdown table (docs/decoding.md quotes it).

import { createLayerSync } from "../build/index.js";
import { crops, REPORTED_ON, relativeError } from "./photographs.mjs";

const SIZE = 32;
const FILTERS = [16, 20, 24, 32, 48, 64];
const PADDINGS = [0, 2];
const SEEDS = [0, 1];

/** Relative errors by verdict, of the codes of all pictures. */
export function measure(pictures) {
  /** @type {Record<string, number[]>} */
  const errors = { determined: [], fragile: [], open: [] };
  for (const filters of FILTERS) {
    for (const padding of PADDINGS) {
      for (const seed of SEEDS) {
        const input = { channels: 3, height: SIZE, width: SIZE };
        const layer = createLayerSync({ input, filters, kernel: 5, padding, pool: 2, seed });
        for (const { x } of pictures) {
          const code = layer.encode(x);
          const y = layer.decode(code, { method: "scaled", inequalities: false });
          errors[layer.invertibility(code).verdict].push(relativeError(y, x));
        }
        layer.dispose();
      }
    }
  }
  return errors;
}

function print() {
  console.log("| verdict | codes | least error | median | largest |\n| --- | --- | --- | --- | --- |");
  for (const [verdict, errors] of Object.entries(measure(crops(REPORTED_ON, SIZE, 3)))) {
    const sorted = Float64Array.from(errors).sort();
    const figures = [0, sorted.length >> 1, sorted.length - 1].map(
      (at) => sorted[at]?.toExponential(1) ?? "–",
    );
    console.log(`| ${verdict} | ${sorted.length} | ${figures.join(" | ")} |`);
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) print();
