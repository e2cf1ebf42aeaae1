// What both builds of ONNX Runtime share.
//
// Outputs are fresh tensors: those given to run() come back empty on the wasm execution provider
// (microsoft/onnxruntime#25786).

import { timed } from "../measure.mjs";
import { toPlaces, toSwitches } from "../works.mjs";
import { dimensions, encodeGraph, stepGraph } from "./graphs.mjs";

/** Two ways to W'z; the quicker one is timed. */
export const stepWays = ["ConvTranspose", "Conv with turned filters"];

/** The peer's `open` for one execution provider of one build. */
export function openWith(ort, executionProvider, name) {
  const create = (graph) =>
    ort.InferenceSession.create(graph, {
      executionProviders: [executionProvider],
      graphOptimizationLevel: "all",
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });

  return async function open(work, weights) {
    const dims = dimensions(work);
    const sessions = new Set();
    async function session(graph) {
      const opened = await create(graph);
      sessions.add(opened);
      return opened;
    }
    function close(opened) {
      sessions.delete(opened);
      return opened.release();
    }
    const tensor = (images) => new ort.Tensor("float32", images, dims.image);

    async function encoding(images, withSwitches) {
      const opened = await session(encodeGraph(work, weights, withSwitches));
      // from a JavaScript array, as unpool's
      const run = () => opened.run({ image: tensor(images) });
      return {
        name: withSwitches ? name : `${name}, no switches`,
        by: name,
        sample: timed(run),
        async code() {
          const { values, places } = await run();
          return { keys: values.data, switches: places && toSwitches(work, places.data) };
        },
      };
    }

    return {
      encodings: async (images) => [await encoding(images, true), await encoding(images, false)],
      /** One step after another from the code given to begin. */
      async step(images, step, way) {
        const image = tensor(images);
        const opened = await session(stepGraph(work, weights, step, way !== stepWays[0]));
        let state;
        async function run() {
          const { newValues, newPlaces } = await opened.run({ image, ...state });
          state = { values: newValues, places: newPlaces };
        }
        return {
          ...{ name, by: name, way },
          begin({ values, switches }) {
            const places = BigInt64Array.from(toPlaces(work, switches), BigInt);
            state = {
              values: new ort.Tensor("float32", Float32Array.from(values), dims.code),
              places: new ort.Tensor("int64", places, dims.code),
            };
          },
          sample: timed(run),
          async code() {
            await run();
            const { values, places } = state;
            return { keys: values.data.map(Math.abs), switches: toSwitches(work, places.data) };
          },
          close: () => close(opened),
        };
      },
      close: () => Promise.all([...sessions].map(close)),
    };
  };
}
