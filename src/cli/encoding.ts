// What there is to say of a picture and its code.

import { type Geometry, resolveGeometry } from "../geometry.js";
import type { LayerSpec } from "../index.js";
import type { TilePlan } from "../tiles/index.js";
import type { LayerOptions } from "./options/layer.js";

/** Length of the kernel's module; put in by the build. */
declare const WASM_BYTES: number;

/** What --json prints of a picture that was encoded. */
export interface Encoding {
  image: { width: number; height: number };
  /** Of one tile, if there are several. */
  layer: Omit<Geometry, "memoryBytes" | "switchBytes"> & {
    seed: number;
    unitNorm: boolean;
    /** Numbers in the code; each has its switch. */
    codeLength: number;
  };
  /** null: the picture was worked on as a whole. */
  tiles: Tiling | null;
  wasmBytes: number;
  /** Of the kernels that work at once. */
  memoryBytes: number;
  /** Of the kernels, in all threads together. */
  encodeMilliseconds: number;
  files: string[];
}

export interface Tiling {
  count: number;
  height: number;
  width: number;
  overlap: number;
  /** Tiles that are worked on at once. */
  atOnce: number;
}

/** All of it but the time and the files. Throws UnpoolError where there is no such layer. */
export function describe(
  plan: TilePlan,
  spec: LayerSpec,
  { seed, unitNorm }: LayerOptions,
  threads: number,
): Omit<Encoding, "encodeMilliseconds" | "files"> {
  const { memoryBytes, switchBytes: _, ...geometry } = resolveGeometry(spec);
  const codeLength = geometry.codeShape.reduce((product, size) => product * size, 1);
  const atOnce = Math.min(threads, plan.count);
  return {
    image: { width: plan.width, height: plan.height },
    layer: { ...geometry, seed, unitNorm, codeLength },
    tiles: tiling(plan, atOnce),
    wasmBytes: WASM_BYTES,
    memoryBytes: memoryBytes * atOnce,
  };
}

export function tiling(plan: TilePlan, threads: number): Tiling | null {
  const { count, tileHeight: height, tileWidth: width, overlap } = plan;
  return count === 1 ? null : { count, height, width, overlap, atOnce: Math.min(threads, count) };
}
