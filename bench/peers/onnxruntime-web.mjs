// ONNX Runtime Web: the wasm execution provider on one thread.

import * as ort from "onnxruntime-web";
import { openWith, stepWays } from "./onnxruntime.mjs";

ort.env.wasm.numThreads = 1;

export { stepWays };
export const name = "onnxruntime-web";
export const kind = "wasm";
export const version = ort.env.versions.web;
export const open = openWith(ort, "wasm", name);
