// Two layers, inverted through both at once and one after the other: `npm run build && node experiments/networks.mjs`.
// Prints a Markdown table of mean relative errors over crops of photographs (docs/networks.md has it).

import { createNetworkSync } from "../build/network.js";
import { crops, REPORTED_ON, relativeError } from "./photographs.mjs";

const SIZE = 32;
const SEEDS = [1, 2, 3];

/** @type {(readonly [title: string, options: import("../src/network/network.js").NetworkDecodeOptions])[]} */
const WAYS = [
  ["one step", { method: "synthesis" }],
  ["layer by layer, 100 each", { method: "layer-by-layer" }],
  ["both at once, 20", { iterations: 20 }],
  ["50", { iterations: 50 }],
  ["100", { iterations: 100 }],
];

/**
 * Mean relative errors of two random layers, 32 filters of 5 x 5 and `filters` of 3 x 3, each pooled by 2, one for each
 * of WAYS, and the numbers kept for each of the picture's.
 * @param {number} filters
 * @param {{ x: Float32Array }[]} pictures
 */
export function measure(filters, pictures) {
  const sums = WAYS.map(() => 0);
  let ratio = 0;
  for (const seed of SEEDS) {
    const network = createNetworkSync({
      input: { channels: 3, height: SIZE, width: SIZE },
      layers: [
        { filters: 32, kernel: 5, pool: 2, seed },
        { filters, kernel: 3, pool: 2, seed: seed + 100 },
      ],
    });
    for (const { x } of pictures) {
      const code = network.encode(x);
      ratio = code.values.length / x.length;
      WAYS.forEach(([, options], i) => {
        sums[i] += relativeError(network.decode(code, options), x);
      });
    }
    network.dispose();
  }
  return { ratio, errors: sums.map((sum) => sum / (SEEDS.length * pictures.length)) };
}

const pictures = crops(REPORTED_ON, SIZE, 5);
console.log(`| filters | m/N | ${WAYS.map(([title]) => title).join(" | ")} |`);
console.log(`| ${[..."--", ...WAYS].map(() => "---").join(" | ")} |`);
for (const filters of [32, 64, 128, 256]) {
  const { ratio, errors } = measure(filters, pictures);
  const shown = errors.map((error) => error.toPrecision(2));
  console.log(`| 32, ${filters} | ${ratio.toFixed(2)} | ${shown.join(" | ")} |`);
}
