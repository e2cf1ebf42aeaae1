// The entry unpool/code: codes as files. No kernel, and nothing of a host but typed arrays and, for deflate, its streams.

export { UnpoolError, type UnpoolErrorCode } from "../errors.js";
export type { StoredCode } from "./body.js";
export type { CodeHeader, Colour, Kind, SerialiseOptions } from "./head.js";
export { DEFAULT_LIMITS, type Limits } from "./limits.js";
export { type Parameters, type ParametersDigest, withParameters } from "./parameters.js";
export type { StoredFormat } from "./quantise.js";
export { type CodeFile, parse, parseSync, readCodes, readSections, unpackCode } from "./read.js";
export type { Source } from "./source.js";
export {
  packCode,
  type SectionOptions,
  serialise,
  serialiseSync,
  writeCodes,
  writeSections,
} from "./write.js";
