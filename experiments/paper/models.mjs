// Trained networks from files of weights, as createNetwork takes them, with what each expects of its input.

import { readSafetensors } from "../../build/weights.js";

/**
 * A network's specification and the way of a picture into it.
 * @typedef {{
 *   input: { channels: number, height: number, width: number },
 *   layers: (import("../../src/network/spec.js").NetworkLayerSpec & { weights: Float32Array, bias: Float32Array })[],
 *   preprocess: (x: Float32Array) => Float32Array,
 * }} Model `preprocess` takes planes of red, green and blue, 3 x height x width, in [0, 1].
 */

/** Names of the files among the filters. */
export const VGG16_FILE = "vgg16_block1_block2.safetensors";
export const CIFAR10_QUICK_FILE = "caffe_cifar10_quick.safetensors";

/**
 * The first two blocks of VGG-16 (Simonyan, Zisserman 2015): four convolutions 3 x 3, padded by 1, each with ReLU, and
 * maxima of 2 x 2 at the end of each block. Takes blue, green and red of 0 to 255 less a mean, which the file names.
 * @param {Uint8Array} bytes the file
 * @param {number | [height: number, width: number]} size of the picture
 * @returns {Model}
 */
export function vgg16(bytes, size = 224) {
  const { metadata, tensors } = readSafetensors(bytes);
  const mean = metadata.input
    .match(/minus \((.*)\)/)[1]
    .split(",")
    .map(Number);
  const [height, width] = typeof size === "number" ? [size, size] : size;
  const layers = ["conv1_1", "conv1_2", "conv2_1", "conv2_2"].map((name) => ({
    ...filtersOf(tensors, `${name}.weight`, `${name}.bias`),
    ...{ padding: 1, rectifier: /** @type {const} */ ("relu"), pool: name.endsWith("_2") ? 2 : 1 },
  }));
  return {
    input: { channels: 3, height, width },
    layers,
    preprocess: (x) => {
      const area = x.length / 3;
      return x.map((_, i) => {
        const plane = Math.floor(i / area);
        return 255 * x[i + (2 - 2 * plane) * area] - mean[plane];
      });
    },
  };
}

/**
 * Caffe's cifar10_quick (examples/cifar10/cifar10_quick.prototxt): three convolutions 5 x 5, padded by 2, and two linear
 * layers, the first of which is a convolution of the size of its input. Caffe takes the maxima of 3 x 3 at stride 2 before
 * ReLU, which changes nothing; its regions may end outside the input, and its averages are of what lies inside
 * (src/caffe/layers/pooling_layer.cpp). Takes red, green and blue of 0 to 255 less a mean picture.
 * @param {Uint8Array} bytes the file
 * @returns {Model}
 */
export function cifar10Quick(bytes) {
  const { tensors } = readSafetensors(bytes);
  const mean = tensors.get("mean").data;
  const regions = { size: 3, stride: 2, ceil: true };
  const relu = /** @type {const} */ ({ padding: 2, rectifier: "relu" });
  const layers = [
    {
      ...filtersOf(tensors, "conv1_w", "conv1_b"),
      ...relu,
      pool: { type: /** @type {const} */ ("max"), ...regions },
    },
    ...["conv2", "conv3"].map((name) => ({
      ...filtersOf(tensors, `${name}_w`, `${name}_b`),
      ...{ ...relu, pool: { type: /** @type {const} */ ("average"), ...regions } },
    })),
    filtersOf(tensors, "ip1_w", "ip1_b", 4),
    filtersOf(tensors, "ip2_w", "ip2_b"),
  ];
  return {
    input: { channels: 3, height: 32, width: 32 },
    layers,
    preprocess: (x) => x.map((value, i) => 255 * value - mean[i]),
  };
}

/** Weights and bias of a layer; those of a linear layer, a matrix, are filters of `side` x `side`. */
function filtersOf(tensors, weight, bias, side = 1) {
  const { shape, data } = tensors.get(weight);
  return { filters: shape[0], kernel: shape[2] ?? side, weights: data, bias: tensors.get(bias).data };
}
