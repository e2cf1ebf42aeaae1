// VGG-16's first two blocks, layer by layer, on photographs: what enters and leaves each convolution.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLayerSync } from "../../build/index.js";
import { CHOSEN_ON, REPORTED_ON } from "../photographs.mjs";
import { VGG16_FILE, vgg16 } from "./models.mjs";

/** The photographs that are large enough for the network's 224 x 224. */
export const PHOTOGRAPHS = [...CHOSEN_ON, ...REPORTED_ON].filter((name) => !name.startsWith("64px"));
/** The network's own input size. */
export const SIZE = 224;

/** In their order; two a block, of which the second is pooled. */
const NAMES = ["conv1_1", "conv1_2", "conv2_1", "conv2_2"];

/**
 * Filters and biases by the convolution's name, as createLayer takes them; all as the layers of a network; and the way of
 * a picture into it.
 * @param {string} folder with the weights
 */
export function openVgg(folder) {
  const { layers, preprocess } = vgg16(readFileSync(join(folder, VGG16_FILE)));
  const convolutions = layers.map(({ filters, weights, bias }, i) => {
    const channels = weights.length / (9 * filters);
    return [NAMES[i], { filters, channels, weights, bias }];
  });
  return { layers, preprocess, ...Object.fromEntries(convolutions) };
}

/** The first blocks as layers of a network; `count` is 1 or 2. */
export function blocks({ layers }, count) {
  return layers.slice(0, 2 * count);
}

/** Red, green and blue of what the network takes; in [0, 1] if that was. */
export function pictureOf({ preprocess }, input) {
  const black = preprocess(new Float32Array(3));
  const area = input.length / 3;
  return input.map((_, i) => {
    const plane = 2 - Math.floor(i / area);
    return (input[plane * area + (i % area)] - black[plane]) / 255;
  });
}

/**
 * A convolution as VGG-16 has them: 3 x 3, padded by 1.
 * @param {{ filters: number, channels: number, weights?: Float32Array, bias?: Float32Array, seed?: number }} shape
 * @param {number} size height and width of its input
 * @param {Record<string, any>} [more] of createLayer's fields
 * @returns {import("../../src/layer.js").Layer}
 */
export function convolution({ channels, ...shape }, size, more = {}) {
  return createLayerSync({
    ...{ input: { channels, height: size, width: size }, kernel: 3, padding: 1 },
    ...shape,
    ...more,
  });
}

/**
 * What a photograph gives, by the number of the block: its first convolution `before` and `after` ReLU, and the block's
 * end, `pooled`.
 * @param {ReturnType<typeof openVgg>} vgg
 * @param {Float32Array} x 3 x size x size, in [0, 1]
 * @returns {Record<"before" | "after" | "pooled", Record<number, Float32Array>> & { input: Float32Array }}
 */
export function activations(vgg, x) {
  const result = { input: vgg.preprocess(x), before: {}, after: {}, pooled: {} };
  let size = Math.sqrt(x.length / 3);
  let values = result.input;
  for (const block of [1, 2]) {
    const [first, second] = [vgg[`conv${block}_1`], vgg[`conv${block}_2`]];
    result.before[block] = convolution(first, size).encode(values).values;
    result.after[block] = result.before[block].map((value) => Math.max(value, 0));
    values = convolution(second, size, { pool: 2, rectifier: "relu" }).encode(result.after[block]).values;
    result.pooled[block] = values;
    size /= 2;
  }
  return result;
}

/**
 * Filters that are each divided by its norm: rows of norm 1, as in the paper's model.
 * @param {{ filters: number, weights: Float32Array }} bank
 * @returns {Float32Array}
 */
export function unitRows({ filters, weights }) {
  const norms = rowNorms({ filters, weights });
  const length = weights.length / filters;
  return weights.map((value, i) => value / norms[Math.floor(i / length)]);
}

/** The norms of the filters. */
export function rowNorms({ filters, weights }) {
  const length = weights.length / filters;
  return Array.from({ length: filters }, (_, k) =>
    Math.sqrt(weights.subarray(k * length, (k + 1) * length).reduce((sum, value) => sum + value * value, 0)),
  );
}

/** A square of side `side` of channels x size x size numbers. */
export function patch(values, size, side, top, left) {
  const channels = values.length / size ** 2;
  const result = new Float32Array(channels * side ** 2);
  for (let row = 0; row < channels * side; ++row) {
    const from = (Math.floor(row / side) * size + top + (row % side)) * size + left;
    result.set(values.subarray(from, from + side), row * side);
  }
  return result;
}

/** Share of the numbers that are positive. */
export function positiveShare(values) {
  return values.reduce((count, value) => count + (value > 0 ? 1 : 0), 0) / values.length;
}
