// What Table 3's "pool(i)" can mean: which activations are coded, by which convolution, and what is kept of it. Each
// reading is one step, x^ = W'M(W x) scaled to |x|, and its relative error.

import { createNetworkSync } from "../../build/network.js";
import { keepLargest, oneStep, scaledTo } from "./one-step.mjs";
import { mean, relativeError, round } from "./statistics.mjs";
import { convolution, unitRows } from "./vgg.mjs";

/** Table 3, activation space, pool(1) and pool(2). */
export const PAPER = { learned: [0.895, 0.961], random: [0.872, 0.926] };

/** What is kept of W x: fields of the layer. */
const KEPT = {
  magnitude: { pool: 2 },
  value: { pool: 2 },
  relu: { pool: 2, rectifier: "relu" },
  positive: { pool: 1, rectifier: "relu" },
  everything: { pool: 1 },
};

/** What is coded, and by what. */
export const CODED = {
  pooled: { letter: "A", name: "pool(i)'s output, by conv(i+1,1)" },
  unpooled: { letter: "B", name: "pool(i)'s input, by conv(i+1,1)" },
  entering: { letter: "C", name: "the input of block i's last convolution, by that" },
  next: { letter: "D", name: "pool(i)'s output, by all of block i+1" },
  own: { letter: "E", name: "block i's input, by all of block i" },
};

/**
 * `name`: what is kept, in 2 x 2 regions where there is pooling.
 * @type {Record<string, { x: keyof typeof CODED, kept: keyof typeof KEPT, name: string, unit?: boolean, centred?: boolean }>}
 */
export const READINGS = {
  A1: { x: "pooled", kept: "value", name: "largest value of a region" },
  A2: { x: "pooled", kept: "value", unit: true, name: "the same, learned filters of norm 1" },
  A3: { x: "pooled", kept: "magnitude", name: "largest magnitude of a region" },
  A4: { x: "pooled", kept: "magnitude", unit: true, name: "the same, learned filters of norm 1" },
  A5: { x: "pooled", kept: "magnitude", centred: true, name: "largest magnitude, channel means off x" },
  A6: { x: "pooled", kept: "relu", name: "ReLU, then pooling" },
  A7: { x: "pooled", kept: "positive", name: "ReLU, no pooling (as in the network)" },
  A8: { x: "pooled", kept: "everything", name: "neither ReLU nor pooling" },
  B1: { x: "unpooled", kept: "value", name: "largest value of a region" },
  C1: { x: "entering", kept: "value", name: "largest value of a region" },
  C2: { x: "entering", kept: "magnitude", name: "largest magnitude of a region" },
  C3: { x: "entering", kept: "relu", name: "ReLU, then pooling (as in the network)" },
  C4: { x: "entering", kept: "positive", name: "ReLU, no pooling" },
  D1: { x: "next", kept: "relu", name: "ReLU each, pooling at the end" },
  E1: { x: "own", kept: "relu", name: "ReLU each, pooling at the end" },
};

/** Shapes of the convolutions of VGG-16's third block: learned filters are not at hand. */
const THIRD = [
  { channels: 128, filters: 256 },
  { channels: 256, filters: 256 },
  { channels: 256, filters: 256 },
];

/**
 * Errors of every reading, learned and random filters, layers 1 and 2, over photographs.
 * @param {ReturnType<typeof import("./vgg.mjs").openVgg>} vgg
 * @param {ReturnType<typeof import("./vgg.mjs").activations>[]} inputs
 * @param {number[]} seeds of random filters
 * @param {(name: string) => void} onReading called before each
 */
export function measureReadings(vgg, inputs, seeds, onReading) {
  return Object.fromEntries(
    Object.entries(READINGS).map(([key, reading]) => {
      onReading(`${key}, ${reading.name}`);
      const errors = { learned: [], random: [] };
      for (const layer of [1, 2]) {
        const { shapes, size, from } = sourceOf(vgg, reading.x, layer, Math.sqrt(inputs[0].input.length / 3));
        const xs = inputs.map((activations) => from(activations));
        const banks = {
          learned: shapes.every(({ weights }) => weights)
            ? [shapes.map((shape) => learned(shape, reading))]
            : [],
          random: seeds.map((seed) =>
            shapes.map(({ filters, channels }, i) => ({ filters, channels, seed: seed + i })),
          ),
        };
        for (const [bank, draws] of Object.entries(banks)) {
          const sample = draws.flatMap((shapes) => errorsOf(reading, shapes, size, xs));
          errors[bank].push(sample.length > 0 ? described(sample) : null);
        }
      }
      return [key, { ...errors, ...distances(errors) }];
    }),
  );
}

/** Of a picture with this side: shapes of the convolutions, height and width of their input, and what of the activations is that input. */
function sourceOf(vgg, x, layer, side) {
  const [first, second] = [`conv${layer}_1`, `conv${layer}_2`];
  const size = side / 2 ** (layer - 1);
  const following = layer === 1 ? [vgg.conv2_1, vgg.conv2_2] : THIRD;
  const unpooled = (activations) =>
    convolution(vgg[second], size, { rectifier: "relu" }).encode(activations.after[layer]).values;
  return {
    pooled: { shapes: following.slice(0, 1), size: size / 2, from: ({ pooled }) => pooled[layer] },
    unpooled: { shapes: following.slice(0, 1), size, from: unpooled },
    entering: { shapes: [vgg[second]], size, from: ({ after }) => after[layer] },
    next: { shapes: following, size: size / 2, from: ({ pooled }) => pooled[layer] },
    own: {
      ...{ shapes: [vgg[first], vgg[second]], size },
      from: ({ input, pooled }) => (layer === 1 ? input : pooled[layer - 1]),
    },
  }[x];
}

/** The filters of a layer without its biases, which synthesis has no part for. */
function learned({ filters, channels, weights }, { unit }) {
  return { filters, channels, weights: unit ? unitRows({ filters, weights }) : weights };
}

function errorsOf({ kept, centred }, shapes, size, xs) {
  const reconstruct = shapes.length > 1 ? throughBlock(shapes, size) : throughLayer(shapes[0], size, kept);
  return xs.map((given) => {
    const x = centred ? withoutMeans(given, shapes[0].channels) : given;
    return relativeError(reconstruct(x), x);
  });
}

function throughLayer(shape, size, kept) {
  const make = (more) => convolution(shape, size, { ...KEPT[kept], ...more });
  const layer = make({});
  return (x) => oneStep(layer, x, kept === "value" ? keepLargest(make, x) : layer.encode(x));
}

/** ReLU after each convolution, pooling after the last, and back with the switches of all. */
function throughBlock(shapes, size) {
  const network = createNetworkSync({
    input: { channels: shapes[0].channels, height: size, width: size },
    layers: shapes.map(({ channels: _, ...shape }, i) => ({
      ...{ ...shape, kernel: 3, padding: 1, rectifier: "relu", pool: i === shapes.length - 1 ? 2 : 1 },
    })),
  });
  return (x) => scaledTo(x, network.decode(network.encode(x), { method: "synthesis" }));
}

/** x less the mean of each channel. */
export function withoutMeans(x, channels) {
  const size = x.length / channels;
  const means = Array.from({ length: channels }, (_, c) => mean(x.subarray(c * size, (c + 1) * size)));
  return x.map((value, i) => value - means[Math.floor(i / size)]);
}

function described(sample) {
  const [least, greatest] = [Math.min(...sample), Math.max(...sample)];
  return { mean: round(mean(sample), 3), least: round(least, 3), greatest: round(greatest, 3) };
}

/** The largest relative distance from the paper's errors: of random filters, and of all that are at hand. */
function distances(errors) {
  const of = (bank) =>
    errors[bank].flatMap((error, i) => (error ? [Math.abs(error.mean / PAPER[bank][i] - 1)] : []));
  const random = Math.max(...of("random"));
  return { ofRandom: round(random, 3), ofAll: round(Math.max(random, ...of("learned")), 3) };
}
