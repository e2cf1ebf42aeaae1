// Cloudflare Workers: the module is imported, as the runtime allows no compilation.

import { fromModule } from "./kernel.js";
import module from "./kernel.wasm";
import { layersOf } from "./layer.js";

export const { createLayer, createLayerSync } = layersOf(fromModule(module));
export * from "./face.js";
