// ONNX Runtime Web: the wasm execution provider on one thread, a graph from a file made beforehand, values and
// indices.

import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-web";
import { finish, mark } from "./mark.mjs";
import { image, input } from "./work.mjs";

mark();
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(await readFile(process.argv[3]), {
  executionProviders: ["wasm"],
});
mark();
const { channels, height, width } = input;
const { values } = await session.run({
  image: new ort.Tensor("float32", image, [1, channels, height, width]),
});
finish(values.data);
