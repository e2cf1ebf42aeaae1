// What there is to say of a picture and its code.

import type { Geometry, Layer } from "../index.js";
import type { LayerOptions } from "./options.js";

/** Length of the kernel's module; put in by the build. */
declare const WASM_BYTES: number;

/** What --json prints of a picture that was encoded. */
export interface Encoding {
  image: { width: number; height: number };
  layer: Omit<Geometry, "memoryBytes" | "switchBytes"> & {
    seed: number;
    unitNorm: boolean;
    /** Numbers in the code; each has its switch. */
    codeLength: number;
  };
  wasmBytes: number;
  memoryBytes: number;
  encodeMilliseconds: number;
  files: string[];
}

/** All of it but the time and the files. */
export function describe(layer: Layer, { seed, unitNorm }: LayerOptions) {
  const { memoryBytes, switchBytes: _, ...geometry } = layer.geometry;
  const { width, height, codeShape } = geometry;
  const codeLength = codeShape.reduce((product, size) => product * size, 1);
  return {
    image: { width, height },
    layer: { ...geometry, seed, unitNorm, codeLength },
    wasmBytes: WASM_BYTES,
    memoryBytes,
  };
}
