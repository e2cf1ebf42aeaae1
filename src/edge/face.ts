// What every entry of the service offers beside createHandler and the default handler.

export { UnpoolError, type UnpoolErrorCode } from "../errors.js";
export type { CreateHandler, Handler } from "./handler.js";
export { DEFAULT_LIMITS, type EdgeLimits } from "./limits.js";
export type { HandlerOptions } from "./service.js";
