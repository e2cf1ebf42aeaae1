// Stacks of layers on Vercel's edge runtime: the module is imported, as in index.edge-light.ts of the room above.

import { fromModule } from "../kernel.js";
import { layersOf } from "../layer.js";
import module from "./kernel.wasm?module";
import { networksOf } from "./network.js";

const source = fromModule(module);
export const { createLayer, createLayerSync } = layersOf(source);
export const { createNetwork, createNetworkSync } = networksOf(source);
export * from "./face.js";
