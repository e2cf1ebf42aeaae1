// The operator norm of W between two bounds: power iteration from below, a provable bound from above.

import type { Layer } from "../layer.js";
import { normBounds } from "./norm-bounds.js";
import { largestEigenvalue } from "./power-iteration.js";
import { workspace } from "./products.js";
import { filtersOf } from "./rows.js";

export interface OperatorNorm {
  /** |W u| / |u| for the best u that power iteration found: |W| is not below it, but for the rounding of float32. */
  readonly lower: number;
  /** |W| is not above it. */
  readonly upper: number;
  /** Where `upper` comes from; see norm-bounds.ts. */
  readonly bound: "symbol" | "gram" | "schur" | "frobenius";
  /** Steps of the power iteration. */
  readonly iterations: number;
}

/**
 * The norm of W, the convolution over every position that pooling can keep, without bias and rectifier. Its square
 * is L, the largest eigenvalue of W'W, of which sparsify takes the safe step 1/(1.02 L). With crelu every filter stands
 * twice, once negated, and L is twice that of the filters.
 *
 * Time: up to 500 times a synthesis and an encoding a position of a region; at most some 10^9 multiplications for
 * the upper bound.
 *
 * Throws UnpoolError "invalid-option" for what is no layer, "disposed".
 */
export function operatorNorm(layer: Layer): OperatorNorm {
  const { eigenvalue, iterations } = largestEigenvalue(workspace(layer));
  const copies = layer.geometry.rectifier === "crelu" ? 2 : 1;
  const { bound, squared } = normBounds(filtersOf(layer)).reduce((a, b) => (b.squared < a.squared ? b : a));
  return { lower: Math.sqrt(eigenvalue), upper: Math.sqrt(copies * squared), bound, iterations };
}
