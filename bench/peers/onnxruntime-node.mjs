// ONNX Runtime for Node: native code on one thread.

import ort from "onnxruntime-node";
import { openWith, stepWays } from "./onnxruntime.mjs";

export { stepWays };
export const name = "onnxruntime-node";
export const kind = "native";
export const version = ort.env.versions.node;
export const open = openWith(ort, "cpu", name);
