// The paper's decoder: one synthesis, x = scale W'z.
//
// A decoder that knows only the code v can fit the scale itself: the one that minimises |v - scale A A'v|
// along the gradient is |A'v|^2 / |A A'v|^2, the first step of conjugate gradients from zero. The scale
// that the sender could fit to the image is 1 to 3 % better; unscaled, the error is several times |x|.

import { g, inputLength, q, r, values, x } from "../arena";
import { clearImage, clearPadding } from "../convolution/image";
import { analyseAtSwitches } from "../convolution/switched";
import { synthesise } from "../convolution/synthesis";
import { axpy, dot, norm, scale } from "../vector";
import { beginSolver, bookIteration, CONVERGED, spend, stopSolver } from "./state";
import { codeFloats, countRows, formTarget, rowMask } from "./target";

/** x = scale W'z for the code as it stands, values taken as coefficients (no bias, no fit). */
export function synthesiseCode(factor: f32): void {
  clearImage(x);
  synthesise(values, x, factor);
  clearPadding(x);
}

/** x = scale A'v with the fitted scale, which it returns. */
export function synthesiseFitted(): f64 {
  const n = <i32>inputLength;
  const m = codeFloats();
  formTarget();
  beginSolver(norm(r, m), 0);
  clearImage(g);
  synthesise(r, g, 1);
  clearPadding(g);
  analyseAtSwitches(g, q, rowMask());
  const curvature = dot(q, q, m);
  const fitted = curvature > 0 ? dot(g, g, n) / curvature : 0;
  scale(x, <f32>fitted, g, n);
  axpy(r, <f32>-fitted, q, m);
  spend(2 * <f64>countRows());
  bookIteration(norm(r, m), NaN);
  stopSolver(CONVERGED); // there is nothing to step
  return fitted;
}
