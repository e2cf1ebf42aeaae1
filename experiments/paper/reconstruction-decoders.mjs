// What this project's decoders make of the codes that Table 3's one step is taken of: the same filters, the same switches.

import { createNetworkSync } from "../../build/network.js";
import { keepLargest, oneStep } from "./one-step.mjs";
import { mean, relativeError, round } from "./statistics.mjs";
import { blocks, convolution } from "./vgg.mjs";

/** Of activations: the best for random filters of 0, 0.5, 0.8 and 1, on crops of astronaut and coffee. */
export const SMOOTHNESS = 0.8;
const ITERATIONS = { layer: 60, network: 20 };

/** @type {Record<string, string>} */
export const DECODERS = {
  oneStep: "one step, scaled to the norm of x (the paper)",
  equations: "least squares, the equations alone",
  inequalities: "least squares; no entry exceeds what its region kept",
  smooth: `the same; smoothness ${SMOOTHNESS}`,
  network: "least squares on the image, through all blocks",
};

/** What codes pool(1) and pool(2): shapes of conv(2,1) and conv(3,1); learned filters of the first alone are at hand. */
export function coders(vgg, seed) {
  const { filters, channels, weights } = vgg.conv2_1;
  return {
    1: { learned: { filters, channels, weights }, random: { filters, channels, seed } },
    2: { random: { filters: 256, channels: 128, seed } },
  };
}

/**
 * Mean errors of each decoder, by layer and filters, over photographs.
 * @param {ReturnType<typeof import("./vgg.mjs").openVgg>} vgg
 * @param {ReturnType<typeof import("./vgg.mjs").activations>[]} inputs
 * @param {(name: string) => void} onCoder called before each
 */
export function measureDecoders(vgg, inputs, seed, onCoder) {
  const result = [];
  for (const [block, banks] of Object.entries(coders(vgg, seed))) {
    for (const [bank, shape] of Object.entries(banks)) {
      onCoder(`decoders, pool(${block}), ${bank} filters`);
      const each = inputs.map((activations) => errorsOf(vgg, Number(block), shape, activations));
      const average = (name) => round(mean(each.map((errors) => errors[name])), 3);
      const errors = Object.fromEntries(Object.keys(DECODERS).map((name) => [name, average(name)]));
      result.push({ block: Number(block), bank, ratio: round(each[0].ratio, 2), ...errors });
    }
  }
  return result;
}

function errorsOf(vgg, block, shape, { input, pooled }) {
  const x = pooled[block];
  const size = Math.sqrt(x.length / shape.channels);
  const make = (more) => convolution(shape, size, { pool: 2, ...more });
  const { layer, lifted, values, switches } = keepLargest(make, x);
  const solve = (options) =>
    layer.decode(lifted, { method: "whitened", iterations: ITERATIONS.layer, ...options });
  const error = (estimate) => relativeError(estimate, x);
  return {
    ratio: values.length / x.length,
    oneStep: error(oneStep(make(), x, { values, switches })),
    equations: error(solve({ inequalities: false })),
    inequalities: error(solve({})),
    smooth: error(solve({ smoothness: SMOOTHNESS })),
    network: error(throughImage(vgg, block, shape, input, { values, switches })),
  };
}

/** The activations of the image that least squares finds for the code, through the blocks and the coder at once. */
function throughImage(vgg, block, { channels: _, ...shape }, input, code) {
  const below = blocks(vgg, block);
  const side = Math.sqrt(input.length / 3);
  const network = createNetworkSync({
    input: { channels: 3, height: side, width: side },
    layers: [...below, { ...shape, kernel: 3, padding: 1, pool: 2 }],
  });
  // the switches of the blocks by their own pooling, those of the coder as it keeps its largest values
  const { switches } = network.encode(input);
  switches[below.length] = code.switches;
  const image = network.decode({ values: code.values, switches }, { iterations: ITERATIONS.network });
  return network.activations(image)[below.length - 1];
}
