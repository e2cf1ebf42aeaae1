// The default entry: the kernel's bytes inside, compiled when the first layer is created.
import bytes from "../build/kernel.wasm";
import { fromBytes } from "./kernel.js";
import { type Layers, layersOf } from "./layer.js";

// typed by name: a type that tsc writes out itself imports "./geometry", which Node's resolution refuses
const layers = layersOf(fromBytes(bytes));
export const createLayer: Layers["createLayer"] = layers.createLayer;
export const createLayerSync: Layers["createLayerSync"] = layers.createLayerSync;
export * from "./face.js";
