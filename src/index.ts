// The default entry: the kernel's bytes inside, compiled when the first layer is created.
import bytes from "../build/kernel.wasm";
import { fromBytes } from "./kernel.js";
import { layersOf } from "./layer.js";

export const { createLayer, createLayerSync } = layersOf(fromBytes(bytes));
export * from "./face.js";
