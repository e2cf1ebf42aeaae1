// What every entry with networks offers beside createLayer and createNetwork.

export * from "../face.js";
export type { Network, NetworkCode, NetworkDecodeOptions, NetworkEncodeOptions } from "./network.js";
export type { Pooling } from "./pooling.js";
export { estimateNetworkMemory, type NetworkLayerSpec, type NetworkSpec } from "./spec.js";
