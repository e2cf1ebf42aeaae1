// Vercel's edge runtime: the module is imported by its bundler's convention; nothing here compiles.

import { fromModule } from "./kernel.js";
import module from "./kernel.wasm?module";
import { layersOf } from "./layer.js";

export const { createLayer, createLayerSync } = layersOf(fromModule(module));
export * from "./face.js";
