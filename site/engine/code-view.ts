// What there is to see of a code.

import type { Code, Layer, Rectifier } from "unpool";
import { drawFilters, drawSwitches, drawValues } from "./draw.js";
import type { Atlas, CodeView } from "./messages.js";

/** Where a code comes from. */
export interface Coded {
  readonly shape: CodeView["shape"];
  /** Numbers of the picture. */
  readonly unknowns: number;
  readonly pool: CodeView["pool"];
  readonly rectifier: Rectifier;
  readonly filters: Atlas | undefined;
  readonly memoryBytes: number;
}

/** @param file the code's .unp. */
export function viewOfLayer(layer: Layer, code: Code, file: ArrayBuffer): CodeView {
  const { channels, height, width, kernel, pool, rectifier, codeShape } = layer.geometry;
  const coded = {
    ...{ shape: codeShape, unknowns: channels * height * width, pool, rectifier },
    ...{ filters: drawFilters(layer.weights, channels, kernel), memoryBytes: layer.memoryBytes },
  };
  return viewOf(coded, code, file);
}

export function viewOf(
  { shape, unknowns, pool, rectifier, filters, memoryBytes }: Coded,
  code: Code,
  file: ArrayBuffer,
): CodeView {
  // where nothing was kept there is a zero: it says so of rectified and of sparse codes
  const zeros = rectifier !== "none" || code.kind === "sparse";
  return {
    ...{ shape, unknowns, pool, filters, memoryBytes, file },
    rows: zeros ? code.values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0) : code.values.length,
    maps: drawValues(code.values, shape),
    switches: drawSwitches(code, shape, pool, zeros),
  };
}
