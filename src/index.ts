// The default entry: the kernel's bytes inside.
import bytes from "../build/kernel.wasm";
import { layersOf } from "./layer.js";

export const { createLayer, createLayerSync } = layersOf(bytes);
export * from "./face.js";
