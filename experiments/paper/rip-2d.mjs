// Figure 3: the model-RIP of two-dimensional filters, random and learned, for random codes and for codes recovered from
// what VGG-16 makes of photographs.

import { crops } from "../photographs.mjs";
import { randomCodes } from "./one-pass.mjs";
import { randomRatios } from "./ratios.mjs";
import { recoveredRatios } from "./recovered-codes.mjs";
import { binned, mean, norm, round, summary } from "./statistics.mjs";
import * as network from "./vgg.mjs";

export { figures, markdown } from "./rip-2d-report.mjs";

export const title = "Figure 3: model-RIP of two-dimensional filters";
export const claim =
  "Section 4, Figure 3: for a layer shaped as conv(5,2) of VGG-16 (K = M = 512, 3 × 3, D = 15, 2 × 2 pooling) and 1000 " +
  "random codes as sparse as real activations, |W′z|/|z| is centred on 1, for random and for learned filters, with " +
  "deviations roughly under 0.05 for codes recovered from real activations by Algorithm 2.";
export const needs = ["images", "filters"];

/** conv(5,2), and the shares of non-zeros of the paper's Table 2: of c(5,2), of p(5). */
const DEEP = { channels: 512, filters: 512, size: 15, activations: 0.206, pooled: 0.131 };
/** Layers whose learned filters are at hand, and the non-zeros after their pooling in Table 2, in %. */
const LAYERS = { conv1_2: { block: 1, paper: 80.8 }, conv2_2: { block: 2, paper: 70.7 } };
/** Height and width of a patch of activations; 14 x 14 positions and 7 x 7 regions, with no padding. */
const PATCH = 16;
/** Of a region of 2 x 2. */
const POSITIONS = 4;
/** Codes of which all activations are taken, not those of the support alone. */
const ALL_CODES = 20;
/** Of the histograms of |W'z|/|z|: from, to, and how many. */
const BINS = { deep: [0.985, 1.015, 60], layers: [0.88, 1.12, 80] };
/** Where patches lie, as shares of the free height and width. */
const PLACES = [
  [0.3, 0.2],
  [0.6, 0.7],
];

export async function result({ quick, seed, data, progress }) {
  const [codes, pictures, places] = quick ? [10, 1, 1] : [1000, network.PHOTOGRAPHS.length, PLACES.length];
  const steps = { done: 0, total: 4 + 2 * 2 * (1 + 2 * 5) };
  const step = (what) => progress(steps.done++, steps.total, what);
  step("conv(5,2)");
  const deep = deepLayer(codes, seed, () => progress(steps.done, steps.total, "conv(5,2)"));
  step("activations of photographs");
  const vgg = network.openVgg(data("filters"));
  const names = network.PHOTOGRAPHS.slice(0, pictures);
  const inputs = crops(names, network.SIZE, 1, data("images")).map(({ x }) => network.activations(vgg, x));
  const layers = Object.fromEntries(
    Object.entries(LAYERS).map(([name, { block, paper }]) => {
      const nonZero = mean(inputs.map(({ pooled }) => network.positiveShare(pooled[block])));
      const patches = (state) =>
        inputs.flatMap((activations) => patchesOf(activations[state][block], vgg[name].channels, places));
      const { filters, channels, weights } = vgg[name];
      const banks = { random: { seed, unitNorm: true }, learned: { weights: network.unitRows(vgg[name]) } };
      const measured = Object.entries(banks).map(([bank, spec]) => {
        const shape = { filters, channels, ...spec };
        const layer = network.convolution(shape, PATCH, { padding: 0, pool: 2 });
        const k = Math.round(nonZero * regionsOf(layer));
        step(`${name}, ${bank} filters, random codes`);
        const random = (positive) =>
          described(randomRatios(layer, k, codes, { seed, positive }), BINS.layers);
        const recovered = (state) =>
          recoveredRatios(layer, patches(state), { k, seed }, (lambda) =>
            step(`${name}, ${bank} filters, codes recovered, lambda ${lambda}`),
          );
        return [
          bank,
          {
            ...{ k, signed: random(false), positive: random(true) },
            ...{ before: recovered("before"), after: recovered("after") },
          },
        ];
      });
      const norms = summary(network.rowNorms({ filters, weights }), 3);
      return [name, { block, nonZero: round(nonZero, 3), paper, norms, ...Object.fromEntries(measured) }];
    }),
  );
  return { codes, photographs: names, patches: pictures * places, deep, layers };
}

/** Random filters of the shape of conv(5,2), with two readings of how sparse its activations are. */
function deepLayer(codes, seed, onCode) {
  const { channels, filters, size, activations, pooled } = DEEP;
  const shape = { channels, filters, seed };
  const layer = network.convolution(shape, size, { padding: 0, pool: 2 });
  const everything = network.convolution(shape, size, { padding: 0 });
  const regions = regionsOf(layer);
  const measure = (k) => {
    const next = randomCodes(layer, k, seed);
    const all = Array.from({ length: Math.min(codes, ALL_CODES) }, () => {
      const z = next();
      return norm(everything.encode(layer.decode({ ...z, kind: "sparse" })).values) / norm(z.values);
    });
    return { k, ...described(randomRatios(layer, k, codes, { seed }, onCode), BINS.deep), all: summary(all) };
  };
  return {
    ...{ channels, filters, size, regions },
    activations: measure(Math.round(activations * POSITIONS * regions)),
    pooled: measure(Math.round(pooled * regions)),
  };
}

/** Samples in a few numbers; of |W'z|/|z| the histogram. */
function described({ synthesis, support }, [from, to, bins]) {
  return {
    synthesis: { ...summary(synthesis), histogram: binned(synthesis, from, to, bins) },
    support: summary(support),
  };
}

/** Numbers of pooling regions, over all filters. */
function regionsOf({ codeShape: [filters, rows, columns] }) {
  return filters * rows * columns;
}

function patchesOf(values, channels, places) {
  const size = Math.sqrt(values.length / channels);
  const free = size - PATCH;
  return PLACES.slice(0, places).map(([down, across]) =>
    network.patch(values, size, PATCH, Math.floor(down * free), Math.floor(across * free)),
  );
}
