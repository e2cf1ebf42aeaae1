// What a linear classifier is given of an image: its pixels, or the pooled values of layers of random or of learned
// filters.
//
// A random layer is the paper's: convolution, ReLU, batch normalisation, 2 x 2 max pooling (section 4.1). Batch
// normalisation scales by a positive number and shifts, a filter each, so it changes places with the pooling: the kernel
// convolves, rectifies and pools, and the pooled values are scaled and shifted. It does not fold into the next layer's
// filters, as the zeros that pad a normalised plane are not those that pad the plane before.

import { readFileSync } from "node:fs";
import { createLayerSync } from "../../../build/index.js";
import { createNetworkSync } from "../../../build/network.js";
import { PIXELS } from "../cifar10.mjs";
import { cifar10Quick } from "../models.mjs";

/**
 * @typedef {{ kind: "pixels" }} Pixels as they are, in [0, 1]
 * @typedef {{ kind: "random", layers: { filters: number, kernel: number }[], order: "relu-norm" | "norm-relu",
 *   grid: number, seed: number }} RandomLayers padded by half the kernel; `order` of ReLU and batch normalisation;
 *   `grid`: side of what the classifier is given of each filter, by further max pooling where the layers leave more
 * @typedef {{ kind: "learned", path: string, depth: number }} LearnedLayers the first layers of Caffe's cifar10_quick
 * @typedef {Pixels | RandomLayers | LearnedLayers} Features
 *
 * What a random extractor takes from training images: mean and deviation of each colour plane, and of each filter's
 * activations before pooling.
 * @typedef {{ pixels: Moments, layers: Moments[] }} Statistics
 * @typedef {{ mean: number[], deviation: number[] }} Moments
 */

/** Side of an image. */
const SIDE = 32;
const COLOURS = 3;
/** A filter that answers nothing has no deviation to divide by. */
const LEAST_DEVIATION = 1e-5;

/**
 * @param {Features} features
 * @param {Statistics} statistics of measureStatistics; none for pixels and learned filters
 * @returns {{ length: number, compute: (pixels: Uint8Array) => Float32Array }} `compute` writes over what it gave before
 */
export function openExtractor(features, statistics) {
  if (features.kind === "pixels") {
    return { length: PIXELS, compute: (pixels) => Float32Array.from(pixels, (byte) => byte / 255) };
  }
  if (features.kind === "learned") return openLearned(features);
  const { stages, shape } = randomStages(features, statistics);
  const gather = toGrid(shape, features.grid);
  return {
    length: gather.length,
    compute: (pixels) => gather.pool(forward(stages, normalised(pixels, statistics.pixels))),
  };
}

function openLearned({ path, depth }) {
  const model = cifar10Quick(readFileSync(path));
  const { input, layers, preprocess } = model;
  const network = createNetworkSync({ input, layers: layers.slice(0, depth) });
  const [planes, height, width] = network.shapes.at(-1);
  return {
    length: planes * height * width,
    compute: (pixels) => network.encode(preprocess(Float32Array.from(pixels, (byte) => byte / 255))).values,
  };
}

/**
 * Of training images, layer by layer: each is normalised before the next is measured.
 * @param {Features} features
 * @param {Uint8Array} pixels of some training images, images x 3 x 32 x 32
 * @returns {Statistics | undefined}
 */
export function measureStatistics(features, pixels) {
  if (features.kind !== "random") return undefined;
  const images = Array.from({ length: pixels.length / PIXELS }, (_, image) =>
    pixels.subarray(image * PIXELS, (image + 1) * PIXELS),
  );
  const statistics = {
    pixels: momentsOf(images, COLOURS, (image) => Float32Array.from(image, (byte) => byte / 255)),
    layers: [],
  };
  features.layers.forEach((layer, depth) => {
    const before = randomStages({ ...features, layers: features.layers.slice(0, depth) }, statistics);
    const dense = createLayerSync({
      ...specOf(before.shape, layer, depth, features.seed),
      rectifier: features.order === "relu-norm" ? "relu" : "none",
    });
    const out = codeFor(dense);
    statistics.layers.push(
      momentsOf(
        images,
        layer.filters,
        (image) => dense.encode(forward(before.stages, normalised(image, statistics.pixels)), { out }).values,
      ),
    );
    dense.dispose();
  });
  return statistics;
}

/** Mean and deviation of each plane of what `valuesOf` gives of each image. */
function momentsOf(images, planes, valuesOf) {
  const sum = new Float64Array(planes);
  const squares = new Float64Array(planes);
  let count = 0;
  for (const image of images) {
    const values = valuesOf(image);
    const area = values.length / planes;
    count += area;
    for (let i = 0; i < values.length; ++i) {
      const plane = Math.floor(i / area);
      sum[plane] += values[i];
      squares[plane] += values[i] * values[i];
    }
  }
  const mean = Array.from(sum, (total) => total / count);
  const deviation = mean.map((m, plane) => Math.sqrt(Math.max(0, squares[plane] / count - m * m)));
  return { mean, deviation: deviation.map((value) => Math.max(value, LEAST_DEVIATION)) };
}

/** Planes with mean 0 and deviation 1 over the images that were measured. */
function normalised(pixels, { mean, deviation }) {
  const area = SIDE * SIDE;
  const x = new Float32Array(PIXELS);
  for (let i = 0; i < PIXELS; ++i) {
    const colour = Math.floor(i / area);
    x[i] = (pixels[i] / 255 - mean[colour]) / deviation[colour];
  }
  return x;
}

/** What a layer that is measured and the same layer at work have in common. Each layer draws from a seed of its own. */
function specOf([channels, height, width], { filters, kernel }, depth, seed) {
  const input = { channels, height, width };
  return { input, filters, kernel, padding: (kernel - 1) / 2, seed: 1000 * seed + depth };
}

/** Layers with their normalisations, each a function of the one before's output; and the shape of the last's. */
function randomStages({ layers, order, seed }, statistics) {
  let shape = [COLOURS, SIDE, SIDE];
  const stages = layers.map((layer, depth) => {
    const spec = { ...specOf(shape, layer, depth, seed), pool: 2, rectifier: /** @type {const} */ ("relu") };
    const stage = (order === "relu-norm" ? normalisedAfter : normalisedBefore)(
      spec,
      statistics.layers[depth],
    );
    shape = stage.shape;
    return stage.apply;
  });
  return { stages, shape };
}

const forward = (stages, x) => stages.reduce((values, apply) => apply(values), x);

function codeFor({ codeShape: [planes, height, width], geometry: { switchBytes } }) {
  const length = planes * height * width;
  const Positions = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[switchBytes];
  return { values: new Float32Array(length), switches: new Positions(length) };
}

/** ReLU, then batch normalisation: the pooled values are scaled and shifted. */
function normalisedAfter(spec, { mean, deviation }) {
  const layer = createLayerSync(spec);
  const [planes, height, width] = layer.codeShape;
  const area = height * width;
  const out = codeFor(layer);
  const apply = (x) => {
    const { values } = layer.encode(x, { out });
    for (let plane = 0, i = 0; plane < planes; ++plane) {
      const [m, scale] = [mean[plane], 1 / deviation[plane]];
      for (const end = i + area; i < end; ++i) values[i] = (values[i] - m) * scale;
    }
    return values;
  };
  return { shape: layer.codeShape, apply };
}

/** Batch normalisation, then ReLU: it folds into filters and bias. */
function normalisedBefore({ seed, ...spec }, { mean, deviation }) {
  const drawn = createLayerSync({ ...spec, seed });
  const size = spec.input.channels * spec.kernel ** 2;
  const weights = drawn.weights.map((weight, i) => weight / deviation[Math.floor(i / size)]);
  drawn.dispose();
  const bias = Float32Array.from(mean, (value, plane) => -value / deviation[plane]);
  const layer = createLayerSync({ ...spec, weights, bias });
  const out = codeFor(layer);
  return { shape: layer.codeShape, apply: (x) => layer.encode(x, { out }).values };
}

/** Max pooling of planes down to `grid` x `grid`, where they are larger. */
function toGrid([planes, height, width], grid) {
  const side = Math.min(grid, height);
  const region = height / side;
  const length = planes * side * side;
  if (region === 1) return { length, pool: (values) => values };
  const pooled = new Float32Array(length);
  const pool = (values) => {
    pooled.fill(-Infinity);
    for (let i = 0; i < values.length; ++i) {
      const [row, column] = [Math.floor(i / width), i % width];
      const at = Math.floor(row / region) * side + Math.floor(column / region);
      if (values[i] > pooled[at]) pooled[at] = values[i];
    }
    return pooled;
  };
  return { length, pool };
}
