// A file format of codes.

import type { Code, Layer } from "../../index.js";

export interface CodeFormat {
  /** With its dot. */
  extension: string;
  /** A whole file: the code, and what draws its layer's filters again. */
  serialise(code: Code, layer: Layer, filters: SeededFilters): Uint8Array;
}

export interface SeededFilters {
  seed: number;
  unitNorm: boolean;
}
