// The entry unpool/weights: filters from files. It holds no kernel and asks nothing of a host but typed arrays.

export { readNpy } from "./npy.js";
export { readSafetensors, type Safetensors } from "./safetensors.js";
export type { Tensor } from "./tensor.js";
