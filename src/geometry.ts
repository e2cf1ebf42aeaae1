// From what the user writes to whole, checked numbers; from those to shapes and bytes. Allocates nothing.

import * as arena from "../assembly/arena.js";
import * as shape from "../assembly/geometry.js";
import { UnpoolError } from "./errors.js";

/** One number for both axes, or [height, width]. */
export type Pair = number | readonly [height: number, width: number];

export type Rectifier = "none" | "relu" | "crelu";

/** A layer as the user specifies it. */
export interface LayerSpec {
  /** Planar float32, channels x height x width; a 1-D signal has `length` and no height or width. */
  input: { channels: number; height: number; width: number } | { channels: number; length: number };
  /** Number of filters K. */
  filters: number;
  /** Filter size; for a 1-D signal one number, its length. */
  kernel: Pair;
  /** Default 1. */
  stride?: Pair;
  /** Zeros on each side. Default 0. */
  padding?: Pair;
  /** Pooling region, or "global": one region a filter. Default 1, no pooling. */
  pool?: Pair | "global";
  /** Default "none": pooling keeps the entry of largest magnitude, with its sign. */
  rectifier?: Rectifier;
  /** Random filters N(0, 1)/sqrt(C kh kw) from this whole number, 0 to 2^53 - 1. Default 0. */
  seed?: number;
  /** Divide each random filter by its norm. Default false. */
  unitNorm?: boolean;
  /** Filters instead of a seed: OIHW, filters x channels x kernel height x kernel width. */
  weights?: Float32Array;
  /** One number a filter, added before rectifier and pooling. Default zeros. */
  bias?: Float32Array;
}

/** A specification, checked and complete. */
export interface Geometry {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly pool: readonly [number, number];
  readonly rectifier: Rectifier;
  /** [planes, pooled height, pooled width]; planes = filters, twice as many with crelu. */
  readonly codeShape: readonly [number, number, number];
  /** Bytes of one switch: 1, 2 or 4, the least that numbers the positions of a region. */
  readonly switchBytes: 1 | 2 | 4;
  /** Bytes of linear memory that a layer of this shape commits. */
  readonly memoryBytes: number;
}

/** No single dimension of a layer is larger. */
export const MAX_DIMENSION = 2 ** 24;
/** No layer commits more linear memory. */
export const MAX_MEMORY_BYTES = 2 ** 31;

const RECTIFIERS: readonly Rectifier[] = ["none", "relu", "crelu"];

/** Linear memory, in bytes, of a layer with this specification. Throws UnpoolError as createLayer would. */
export function estimateMemory(spec: LayerSpec): number {
  return resolveGeometry(spec).memoryBytes;
}

/**
 * Checks a specification and fills in its defaults. Throws UnpoolError "invalid-spec" or "too-large".
 * @param room what the arena has room for, as arena.ts numbers it.
 */
export function resolveGeometry(spec: LayerSpec, room = arena.SOLVERS): Geometry {
  if (spec === null || typeof spec !== "object" || spec.input === null || typeof spec.input !== "object") {
    throw invalid("a layer needs a specification { input, filters, kernel, ... }");
  }
  const { input } = spec;
  const signal = "length" in input;
  const channels = whole("input.channels", input.channels, 1);
  const height = signal ? 1 : whole("input.height", input.height, 1);
  const width = signal ? whole("input.length", input.length, 1) : whole("input.width", input.width, 1);
  const filters = whole("filters", spec.filters, 1);
  const kernel = pair("kernel", spec.kernel, 1, signal ? 1 : undefined);
  const stride = pair("stride", spec.stride ?? 1, 1, signal ? 1 : undefined);
  const padding = pair("padding", spec.padding ?? 0, 0, signal ? 0 : undefined);
  const rectifier = spec.rectifier ?? "none";
  const kind = RECTIFIERS.indexOf(rectifier);
  if (kind < 0) {
    throw invalid(`rectifier is ${show(rectifier)}; it must be one of ${RECTIFIERS.join(", ")}`);
  }
  const output = [0, 1].map((axis) => {
    const size = (axis === 0 ? height : width) + 2 * padding[axis]!;
    if (kernel[axis]! > size) {
      throw invalid(
        `the kernel is ${kernel.join(" x ")}, larger than the padded input of ${height + 2 * padding[0]} x ${width + 2 * padding[1]}`,
      );
    }
    return Math.floor((size - kernel[axis]!) / stride[axis]!) + 1;
  }) as [number, number];
  const pool = spec.pool === "global" ? output : pair("pool", spec.pool ?? 1, 1, signal ? 1 : undefined);
  if (pool[0] > output[0] || pool[1] > output[1]) {
    throw invalid(
      `the pooling region is ${pool.join(" x ")}, larger than the convolution's output of ${output.join(" x ")}`,
    );
  }

  shape.setGeometry(channels, height, width, filters, ...kernel, ...stride, ...padding, ...pool, kind);
  const memoryBytes = arena.layOut(room);
  const codeShape = [shape.planes, shape.pooledHeight, shape.pooledWidth] as const;
  const switchBytes = shape.switchBytes as 1 | 2 | 4;
  if (memoryBytes > MAX_MEMORY_BYTES) {
    throw new UnpoolError(
      "too-large",
      `this layer needs ${mebibytes(memoryBytes)} MiB of memory and ${mebibytes(MAX_MEMORY_BYTES)} MiB is the most: use a smaller input or fewer filters`,
    );
  }
  return {
    channels,
    height,
    width,
    filters,
    kernel,
    stride,
    padding,
    pool,
    rectifier,
    codeShape,
    switchBytes,
    memoryBytes,
  };
}

/** Of the geometry that was resolved last: length of a vector over the prior's variables. */
export function priorVariables(): number {
  return arena.uLength;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(bytes < 2 ** 30 ? 1 : 0);
}

function invalid(message: string): UnpoolError {
  return new UnpoolError("invalid-spec", message);
}

function whole(name: string, value: unknown, least: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > MAX_DIMENSION) {
    throw invalid(`${name} is ${show(value)}; it must be a whole number from ${least} to ${MAX_DIMENSION}`);
  }
  return value as number;
}

/** A number for both axes or a pair; for a 1-D signal a number stands for the width alone. */
function pair(name: string, value: unknown, least: number, signalHeight?: number): [number, number] {
  if (Array.isArray(value)) {
    if (value.length !== 2)
      throw invalid(`${name} has ${value.length} entries; it must be a number or [height, width]`);
    return [whole(`${name}[0]`, value[0], least), whole(`${name}[1]`, value[1], least)];
  }
  const size = whole(name, value, least);
  return [signalHeight ?? size, size];
}

/** A value as it may stand in a message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  // an object may have no conversion to a string
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
}
