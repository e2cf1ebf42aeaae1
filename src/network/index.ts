// Stacks of layers, with all of the default entry: the kernel's bytes inside, compiled at the first call.
import bytes from "../../build/kernel.wasm";
import { fromBytes } from "../kernel.js";
import { type Layers, layersOf } from "../layer.js";
import { type Networks, networksOf } from "./network.js";

const source = fromBytes(bytes);
const [layers, networks] = [layersOf(source), networksOf(source)];
export const createLayer: Layers["createLayer"] = layers.createLayer;
export const createLayerSync: Layers["createLayerSync"] = layers.createLayerSync;
export const createNetwork: Networks["createNetwork"] = networks.createNetwork;
export const createNetworkSync: Networks["createNetworkSync"] = networks.createNetworkSync;
export * from "./face.js";
