// The works as ONNX graphs: one encoding, and one step of iterative hard thresholding.

import { sizes } from "../works.mjs";
import { constant, floats, integers, model, node, shapeConstant } from "./onnx.mjs";

const KEYS = { none: "Abs", relu: "Relu" };

/** The dimensions of a work's tensors. */
export function dimensions(work) {
  const { channels, height, width } = work.input;
  const { rows, columns, pooledRows, pooledColumns } = sizes(work);
  return {
    image: [work.batch, channels, height, width],
    activations: [work.batch, work.filters, rows, columns],
    code: [work.batch, work.filters, pooledRows, pooledColumns],
    weights: [work.filters, channels, ...work.kernel],
  };
}

const pooling = ({ pool }) => ({ kernel_shape: pool, strides: pool });

/**
 * Conv, Relu or Abs, MaxPool. Its second output holds the switches; without them it has its first output only.
 * Abs keeps the magnitude and loses the sign; finding it again would take a gather more.
 */
export function encodeGraph(work, weights, withSwitches = true) {
  const dims = dimensions(work);
  const output = [floats("values", dims.code)];
  if (withSwitches) output.push(integers("places", dims.code));
  return model({
    name: "encode",
    initializer: [constant("weights", dims.weights, weights)],
    input: [floats("image", dims.image)],
    output,
    node: [
      node("Conv", ["image", "weights"], ["activations"], { kernel_shape: work.kernel }),
      node(KEYS[work.rectifier], ["activations"], ["keys"]),
      node(
        "MaxPool",
        ["keys"],
        output.map(({ name }) => name),
        pooling(work),
      ),
    ],
  });
}

/** Filters turned by 180 degrees with channels and filters exchanged: ConvTranspose as a Conv that pads. */
export function turnedWeights(work, weights) {
  const { channels } = work.input;
  const patch = work.kernel[0] * work.kernel[1];
  const turned = new Float32Array(weights.length);
  for (let k = 0; k < work.filters; ++k) {
    for (let c = 0; c < channels; ++c) {
      const [from, to] = [(k * channels + c) * patch, (c * work.filters + k) * patch];
      for (let i = 0; i < patch; ++i) turned[to + i] = weights[from + patch - 1 - i];
    }
  }
  return turned;
}

function synthesis(work, weights, turned) {
  if (!turned) {
    return {
      constants: [constant("weights", dimensions(work).weights, weights)],
      nodes: [node("ConvTranspose", ["before", "weights"], ["estimate"], { kernel_shape: work.kernel })],
    };
  }
  const [down, across] = work.kernel;
  const pads = [down - 1, across - 1, down - 1, across - 1];
  return {
    constants: [
      constant("turned", [work.input.channels, work.filters, down, across], turnedWeights(work, weights)),
    ],
    nodes: [node("Conv", ["before", "turned"], ["estimate"], { kernel_shape: work.kernel, pads })],
  };
}

/** With relu it comes after pooling, on a quarter of the numbers; without, the signs are gathered. */
function pooled(work, dims) {
  if (work.rectifier === "relu") {
    return {
      constants: [],
      nodes: [
        node("MaxPool", ["moved"], ["maxima", "newPlaces"], pooling(work)),
        node("Relu", ["maxima"], ["found"]),
      ],
    };
  }
  return {
    constants: [shapeConstant("flat", [dims.activations.reduce((product, size) => product * size)])],
    nodes: [
      node("Abs", ["moved"], ["keys"]),
      node("MaxPool", ["keys"], ["maxima", "newPlaces"], pooling(work)),
      node("Reshape", ["moved", "flat"], ["list"]),
      node("Gather", ["list", "newPlaces"], ["found"]),
    ],
  };
}

/** The k largest of each item; only for one region a filter and relu, where values are keys. */
function kept(work) {
  if (!work.keep) return { constants: [], nodes: [node("Identity", ["found"], ["newValues"])] };
  return {
    constants: [
      shapeConstant("keep", [work.keep]),
      shapeConstant("least", [work.keep - 1]),
      constant("zero", [], new Float32Array(1)),
    ],
    nodes: [
      node("TopK", ["found", "keep"], ["largest", "places of largest"], { axis: 1 }),
      node("Gather", ["largest", "least"], ["threshold"], { axis: 1 }),
      node("GreaterOrEqual", ["found", "threshold"], ["stays"]),
      node("Where", ["stays", "found", "zero"], ["newValues"]),
    ],
  };
}

/** From image, values and places to newValues and newPlaces; the step size is multiplied into the filters. */
export function stepGraph(work, weights, step, turned) {
  const dims = dimensions(work);
  const parts = [synthesis(work, weights, turned), pooled(work, dims), kept(work)];
  const [estimate, maxima, sparse] = parts.map(({ nodes }) => nodes);
  return model({
    name: "step",
    initializer: [
      ...parts.flatMap(({ constants }) => constants),
      constant(
        "scaled",
        dims.weights,
        weights.map((weight) => step * weight),
      ),
      shapeConstant("size", dims.activations),
    ],
    input: [floats("image", dims.image), floats("values", dims.code), integers("places", dims.code)],
    output: [floats("newValues", dims.code), integers("newPlaces", dims.code)],
    node: [
      node("MaxUnpool", ["values", "places", "size"], ["before"], pooling(work)),
      ...estimate,
      node("Sub", ["image", "estimate"], ["residual"]),
      node("Conv", ["residual", "scaled"], ["gradient"], { kernel_shape: work.kernel }),
      node("Add", ["before", "gradient"], ["moved"]),
      ...maxima,
      ...sparse,
    ],
  });
}
