// What every entry offers beside createLayer.

export type { DecodeMethod, DecodeOptions } from "./decode.js";
export type { Current, DriveOptions } from "./drive.js";
export { UnpoolError, type UnpoolErrorCode } from "./errors.js";
export { estimateMemory, type Geometry, type LayerSpec, type Pair, type Rectifier } from "./geometry.js";
export { fromImageData, type Picture, toImageData } from "./image/planes.js";
export type { Invertibility } from "./invertibility.js";
export type { Switches } from "./kernel.js";
export type { Code, EncodeOptions, Layer, SparseCode, Values } from "./layer.js";
export type { Solver } from "./plan.js";
export type { PriorOptions } from "./prior.js";
export type { Method, Report, Stopped } from "./report.js";
export type { SparsifyMethod, SparsifyOptions } from "./sparsify.js";
