// From the specification of a network to the plan of its memory: what each layer is, and what it takes. Allocates nothing.

import { PRODUCTS, VARIABLES } from "../../assembly/arena.js";
import { checkFilters, describe, isFloats } from "../check.js";
import { UnpoolError } from "../errors.js";
import {
  type Geometry,
  type LayerSpec,
  MAX_MEMORY_BYTES,
  type Pair,
  priorVariables,
  resolveGeometry,
  show,
} from "../geometry.js";
import { countRegions, type Pooling, type Regions } from "./pooling.js";

/** One layer of a network: y = pool(rectifier(scale (W x + bias) + shift)). */
export interface NetworkLayerSpec extends Omit<LayerSpec, "input" | "pool"> {
  /** As of a layer; or regions that overlap or are averaged. Default 1, no pooling. */
  pool?: Pair | "global" | Pooling;
  /**
   * One factor and one summand a filter, as batch normalisation folds to: gamma / sqrt(variance + epsilon) and beta - mean
   * x that. They are multiplied into the filters and biases in float64 and rounded to float32 once.
   */
  normalise?: { scale: Float32Array; shift: Float32Array };
}

/** A stack of layers, each of which takes the pooled values of the one before it as its input. */
export interface NetworkSpec {
  /** Of the first layer. */
  input: LayerSpec["input"];
  /** First to last, at least one. */
  layers: readonly NetworkLayerSpec[];
}

/**
 * One layer, checked and complete, but for its filters.
 * @internal
 */
export interface LayerPlan {
  readonly geometry: Geometry;
  /** What the arena of its kernel has room for. */
  readonly room: number;
  /** Pooling behind the kernel, if it is not the kernel's. */
  readonly regions: Regions | undefined;
  /** [planes, height, width] of the pooled values. */
  readonly shape: readonly [number, number, number];
  /** Number of switches: one a pooled value; with averages, which have none, one a value before pooling. */
  readonly switchCount: number;
  /** Positions of a region; as a switch: nothing was kept, as no entry was positive. */
  readonly none: number;
  readonly switchBytes: 1 | 2 | 4;
}

/** @internal */
export interface NetworkPlan {
  readonly layers: readonly LayerPlan[];
  /** Numbers of the prior's variables, and of the pooled values of the last layer. */
  readonly variables: number;
  readonly values: number;
  /** Bytes of the network's own buffers, and of everything. */
  readonly bufferBytes: number;
  readonly memoryBytes: number;
}

/** No network is deeper. */
export const MAX_LAYERS = 256;

/** Bytes of memory that a network of this specification takes, all in all. Throws UnpoolError as createNetwork would. */
export function estimateNetworkMemory(spec: NetworkSpec): number {
  return planNetwork(spec).memoryBytes;
}

/**
 * Checks a specification and plans the memory. Throws UnpoolError "invalid-spec" or "too-large".
 * @internal
 */
export function planNetwork(spec: NetworkSpec): NetworkPlan {
  const { input, layers } = spec ?? {};
  if (!Array.isArray(layers) || layers.length === 0 || layers.length > MAX_LAYERS) {
    throw new UnpoolError(
      "invalid-spec",
      `a network needs { input, layers: [...] } with 1 to ${MAX_LAYERS} layers; layers is ${describe(layers)}`,
    );
  }
  const plans: LayerPlan[] = [];
  let variables = 0;
  let next = input;
  // not forEach, which would pass over holes
  for (const [i, layer] of layers.entries()) {
    const plan = inLayer(i, () => planLayer(next, layer, i === 0 ? VARIABLES : PRODUCTS));
    if (i === 0) variables = priorVariables();
    plans.push(plan);
    next = inputOf(plan, isSignal(input));
  }
  const values = size(plans.at(-1)!.shape);
  const floats = plans.reduce((sum, plan) => sum + bufferFloats(plan), 3 * variables + 2 * values);
  const memoryBytes = plans.reduce((sum, { geometry }) => sum + geometry.memoryBytes, 4 * floats);
  if (memoryBytes > MAX_MEMORY_BYTES) {
    throw new UnpoolError(
      "too-large",
      `this network needs ${(memoryBytes / 2 ** 20).toFixed(0)} MiB of memory and ${MAX_MEMORY_BYTES / 2 ** 20} MiB is the most: use a smaller input or fewer filters`,
    );
  }
  return { layers: plans, variables, values, bufferBytes: 4 * floats, memoryBytes };
}

/**
 * Runs what is about one layer: an UnpoolError says which.
 * @internal
 */
export function inLayer<T>(i: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof UnpoolError) error.message = `layer ${i}: ${error.message}`;
    throw error;
  }
}

/**
 * Floats outside its kernel that a layer needs: its pooled values, where the kernel does not pool.
 * @internal
 */
export function bufferFloats({ regions, shape }: LayerPlan): number {
  return regions ? size(shape) : 0;
}

/** @internal */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function inputOf({ shape: [channels, height, width] }: LayerPlan, signal: boolean): LayerSpec["input"] {
  // padding for both axes makes a picture of a signal
  return signal && height === 1 ? { channels, length: width } : { channels, height, width };
}

function planLayer(input: LayerSpec["input"], layer: NetworkLayerSpec, room: number): LayerPlan {
  const { pool, normalise, ...rest } = layer ?? {};
  const pooling = isPooling(pool) ? checkPooling(pool, isSignal(input)) : undefined;
  // regions side by side are the kernel's own
  const inside = pooling?.type === "max" && !pooling.ceil && isSame(pooling.size, pooling.stride);
  const spec: LayerSpec = { ...rest, input, pool: isPooling(pool) ? (inside ? pooling!.size : 1) : pool };
  const geometry = resolveGeometry(spec, room);
  checkFilters(geometry, spec);
  if (normalise) checkNormalisation(geometry, normalise);
  const regions = pooling && !inside ? placeRegions(geometry, pooling) : undefined;
  const [planes, height, width] = geometry.codeShape;
  const shape = regions
    ? ([planes, regions.pooledHeight, regions.pooledWidth] as const)
    : ([planes, height, width] as const);
  const average = regions?.type === "average";
  const none = regions && !average ? size(regions.size) : size(geometry.pool);
  // without a rectifier there always is an entry
  const most = geometry.rectifier === "none" ? none - 1 : none;
  return {
    geometry,
    room,
    regions,
    shape,
    switchCount: size(average ? geometry.codeShape : shape),
    none,
    switchBytes: most < 0x100 ? 1 : most < 0x10000 ? 2 : 4,
  };
}

function isSignal(input: unknown): boolean {
  return typeof input === "object" && input !== null && "length" in input;
}

type CheckedPooling = Required<Pooling> & {
  size: readonly [number, number];
  stride: readonly [number, number];
};

function isPooling(pool: unknown): pool is Pooling {
  return typeof pool === "object" && pool !== null && !Array.isArray(pool);
}

function isSame(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function checkPooling(pool: Pooling, signal: boolean): CheckedPooling {
  const { type, ceil = false } = pool;
  if (type !== "max" && type !== "average") {
    throw new UnpoolError("invalid-spec", `pool.type is ${show(type)}; it must be "max" or "average"`);
  }
  if (typeof ceil !== "boolean") {
    throw new UnpoolError("invalid-spec", `pool.ceil is ${show(ceil)}; it must be true or false`);
  }
  const size = wholePair("pool.size", pool.size, signal);
  const stride = wholePair("pool.stride", pool.stride ?? pool.size, signal);
  return { type, size, stride, ceil };
}

function wholePair(name: string, value: unknown, signal: boolean): readonly [number, number] {
  const pair = Array.isArray(value) ? value : signal ? [1, value] : [value, value];
  if (pair.length !== 2 || !pair.every((length) => Number.isInteger(length) && length > 0)) {
    throw new UnpoolError(
      "invalid-spec",
      `${name} is ${Array.isArray(value) ? `[${value.map(show).join(", ")}]` : show(value)}; it must be a whole number from 1 on, or two of them`,
    );
  }
  return pair as unknown as readonly [number, number];
}

function placeRegions({ codeShape }: Geometry, { type, size, stride, ceil }: CheckedPooling): Regions {
  const [planes, height, width] = codeShape;
  if (size[0] > height || size[1] > width) {
    throw new UnpoolError(
      "invalid-spec",
      `the pooling region is ${size.join(" x ")}, larger than the convolution's output of ${height} x ${width}`,
    );
  }
  const pooledHeight = countRegions(height, size[0], stride[0], ceil);
  const pooledWidth = countRegions(width, size[1], stride[1], ceil);
  return { type, planes, height, width, size, stride, pooledHeight, pooledWidth };
}

function checkNormalisation({ filters }: Geometry, normalise: { scale: unknown; shift: unknown }): void {
  for (const [name, array] of Object.entries({ scale: normalise.scale, shift: normalise.shift })) {
    if (!isFloats(array) || array.length !== filters) {
      throw new UnpoolError(
        "invalid-spec",
        `normalise.${name} is ${describe(array)}; this layer needs a Float32Array of ${filters}`,
      );
    }
    const at = array.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      throw new UnpoolError(
        "not-finite",
        `normalise.${name}[${at}] is ${array[at]}; every number must be finite`,
      );
    }
  }
}
