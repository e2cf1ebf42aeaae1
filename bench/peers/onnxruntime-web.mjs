// ONNX Runtime Web, the wasm execution provider on one thread: Conv, then Relu or Abs, then MaxPool, whose
// second output holds the switches as places in the whole tensor of activations.
//
// Abs keeps the magnitude and loses the sign; finding it again would take a gather more. The runtime fuses Relu
// into Conv. Outputs are fresh tensors: those given to run() come back empty on this execution provider
// (microsoft/onnxruntime#25786).

import * as ort from "onnxruntime-web";
import { sizes } from "../works.mjs";
import { constant, floats, integers, model, node } from "./onnx.mjs";

ort.env.wasm.numThreads = 1;
ort.env.wasm.simd = true;

export const name = "onnxruntime-web";
export const version = ort.env.versions.web;

const KEYS = { none: "Abs", relu: "Relu" };

/** The bytes of the graph of a work; without switches, MaxPool has its first output only. */
export function modelOf({ input, filters, kernel, pool, rectifier }, weights, codeDims, withSwitches) {
  const { channels, height, width } = input;
  const output = [floats("values", codeDims)];
  if (withSwitches) output.push(integers("places", codeDims));
  return model({
    name: "encode",
    initializer: [constant("weights", [filters, channels, kernel, kernel], weights)],
    input: [floats("image", [1, channels, height, width])],
    output,
    node: [
      node("Conv", ["image", "weights"], ["activations"], { kernel_shape: [kernel, kernel] }),
      node(KEYS[rectifier], ["activations"], ["keys"]),
      node(
        "MaxPool",
        ["keys"],
        output.map((value) => value.name),
        { kernel_shape: [pool, pool], strides: [pool, pool] },
      ),
    ],
  });
}

/** Opens a work with given filters, OIHW. */
export async function open(work, weights, { withSwitches = true } = {}) {
  const { channels, height, width } = work.input;
  const { rows, columns, pooledRows, pooledColumns } = sizes(work);
  const codeDims = [1, work.filters, pooledRows, pooledColumns];
  const session = await ort.InferenceSession.create(modelOf(work, weights, codeDims, withSwitches), {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  /** A place in the tensor, filter x row x column, to a position in the pooling region. */
  function toSwitch(place) {
    const row = Math.floor(Number(place) / columns) % rows;
    return (row % work.pool) * work.pool + ((Number(place) % columns) % work.pool);
  }
  return {
    encode(image) {
      const feeds = { image: new ort.Tensor("float32", image, [1, channels, height, width]) };
      return () => session.run(feeds);
    },
    /** What encode's function returns, in the terms of check.mjs. */
    code: ({ values, places }) => ({ keys: values.data, switches: Uint8Array.from(places.data, toSwitch) }),
    close: () => session.release(),
  };
}
