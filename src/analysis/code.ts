// A code that an analysis is asked about.

import { UnpoolError } from "../errors.js";
import type { Code, Layer } from "../layer.js";
import { checkLayer } from "./products.js";

/**
 * Throws UnpoolError "invalid-code" for what is not a code of this layer, "not-finite" for one with a value that is
 * no number, "disposed": the layer itself looks, by one synthesis.
 */
export function checkCode(layer: Layer, code: Code, kind?: "pooled"): void {
  checkLayer(layer);
  if (kind && code?.kind === "sparse") {
    throw new UnpoolError(
      "invalid-code",
      "this code is sparse, its values are coefficients of W'z; the question is of what encode made",
    );
  }
  layer.decode({ ...code, kind: "sparse" });
}
