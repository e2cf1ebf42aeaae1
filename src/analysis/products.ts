// Products with a layer's operators, from its public methods alone: what they return is float32.
//
// A' z is the decoding of a sparse code; A x the encoding at its switches. W takes every position of a region in
// turn: W x is one encoding a position, all switches there.

import { badOption } from "../check.js";
import type { Code, Layer } from "../layer.js";

/** A layer with a code and an image to work in. */
export interface Workspace {
  readonly layer: Layer;
  /** Positions in a pooling region. */
  readonly positions: number;
  /** Values of a code. */
  readonly entries: number;
  /** Numbers in an input, N. */
  readonly unknowns: number;
  readonly code: Code;
  readonly image: Float32Array;
}

/** Throws UnpoolError "invalid-option" for what is no layer, "disposed" for one that was. */
export function checkLayer(layer: Layer): void {
  if (typeof layer?.encode !== "function" || !layer.geometry) {
    throw badOption("the layer", layer, "what createLayer gives");
  }
  layer.memoryBytes;
}

/** What the code has on the layer's shape: { positions, entries, unknowns }. */
export function sizesOf({ geometry }: Layer): { positions: number; entries: number; unknowns: number } {
  const { channels, height, width, pool, codeShape } = geometry;
  return {
    positions: pool[0] * pool[1],
    entries: codeShape[0] * codeShape[1] * codeShape[2],
    unknowns: channels * height * width,
  };
}

/** Throws as checkLayer does. */
export function workspace(layer: Layer): Workspace {
  checkLayer(layer);
  const sizes = sizesOf(layer);
  return { layer, ...sizes, code: emptyCode(layer), image: new Float32Array(sizes.unknowns) };
}

/** A code of zeros in the layer's shape. */
export function emptyCode(layer: Layer): Code {
  const { entries } = sizesOf(layer);
  const Switches = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[layer.geometry.switchBytes];
  return { values: new Float32Array(entries), switches: new Switches(entries) };
}

/** image = W' z, of any kind of code. */
export function synthesise(layer: Layer, z: Code, image: Float32Array): void {
  layer.decode({ kind: "sparse", values: z.values, switches: z.switches }, { out: image });
}

/** out.values = A x, the rows at out.switches. */
export function analyseAt(layer: Layer, x: Float32Array, out: Code): void {
  layer.encode(x, { switches: out.switches, out });
}

/**
 * Calls `visit` with W x at each position of the regions in turn. The values, one an entry of the code, are good until
 * the next call; the code that holds them, the workspace's, is free for `visit` to overwrite.
 */
export function analyse(
  work: Workspace,
  x: Float32Array,
  visit: (values: Float32Array, position: number) => void,
): void {
  for (let position = 0; position < work.positions; ++position) {
    work.code.switches.fill(position);
    analyseAt(work.layer, x, work.code);
    visit(work.code.values, position);
  }
}

/** Sum of products in double precision, in order. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i]! * b[i]!;
  return sum;
}

/** a = a / |a|; returns |a|. A vector of zeros stays. */
export function normalise(a: Float32Array | Float64Array): number {
  const length = Math.sqrt(dot(a, a));
  if (length > 0) for (let i = 0; i < a.length; ++i) a[i]! /= length;
  return length;
}
