// Which numbers of the input a code sees, and how well: the squared column norms of A.

import type { Code, Layer } from "../layer.js";
import { checkCode } from "./code.js";
import { filtersOf, rowOf } from "./rows.js";

export interface Coverage {
  /** D_j = sum over i of A_ij^2, channels x height x width, planar. */
  readonly map: Float64Array;
  /** Rows of A that count: all, after a rectifier only those with a positive value. */
  readonly rows: number;
  /** Numbers in the input, N. */
  readonly unknowns: number;
  /** How many of them no row sees: D_j = 0. */
  readonly unseen: number;
  /** The least and the mean D_j. */
  readonly least: number;
  readonly mean: number;
}

/**
 * The coverage map of a pooled code: D_j is the weight with which least squares hears of number j. With filters
 * N(0, 1)/sqrt(C kh kw) it is on average the number of rows over the number of unknowns, m/N.
 *
 * Time: one multiplication a tap of every row.
 *
 * Throws UnpoolError "invalid-code" for a code that is not this layer's or is sparse, "not-finite", "disposed".
 */
export function coverage(layer: Layer, code: Code): Coverage {
  checkCode(layer, code, "pooled");
  const { geometry, taps } = filtersOf(layer);
  const { channels, height, width, kernel, rectifier } = geometry;
  const map = new Float64Array(channels * height * width);
  let rows = 0;
  for (let i = 0; i < code.values.length; ++i) {
    if (rectifier !== "none" && code.values[i] === 0) continue;
    ++rows;
    const row = rowOf(geometry, i, code.switches[i]!);
    for (let y = Math.max(0, row.y); y < Math.min(height, row.y + kernel[0]); ++y) {
      for (let x = Math.max(0, row.x); x < Math.min(width, row.x + kernel[1]); ++x) {
        const tap = ((row.filter * kernel[0] + y - row.y) * kernel[1] + x - row.x) * channels;
        for (let c = 0; c < channels; ++c) map[(c * height + y) * width + x]! += taps[tap + c]! ** 2;
      }
    }
  }
  let unseen = 0;
  let least = Number.POSITIVE_INFINITY;
  let mean = 0;
  for (const weight of map) {
    if (weight === 0) ++unseen;
    least = Math.min(least, weight);
    mean += weight / map.length;
  }
  return { map, rows, unknowns: map.length, unseen, least, mean };
}
