// Least squares on the switches: min |A x - v|, A = S W, v the pooled values (minus bias).
//
// CGLS (Hestenes and Stiefel 1952; Bjorck, Numerical Methods for Least Squares Problems, 7.4) in the
// variables y = x / s, where s_j = (D_j + eps mean D)^-1/2 and D_j is the squared norm of column j of A:
// the column (Jacobi) scaling takes the condition number from 27 to 8 for 64 filters of 5x5x3.
//
//   x = 0; r = v; g = s A'r; p = g; gamma = g.g
//   repeat: t = s p; q = A t; alpha = gamma / q.q; x += alpha t; r -= alpha q
//           g = s A'r; gamma' = g.g; p = g + (gamma'/gamma) p; gamma = gamma'
//
// Buffers: x, p, s over the input, g there too (t shares it); r, q over the code. The zero of s outside
// the image keeps the padding at zero. Ends when |r| <= tolerance |v|, when
// |s A'r| <= tolerance |A s| |r| (an inconsistent v: the least is reached), or when |r| stagnates.
// The gradient it reports is |s A'r| / |s A'v|.

import { g, inputLength, p, q, r, s, x } from "../arena";
import { clearImage, clearPadding } from "../convolution/image";
import { analyseAtSwitches } from "../convolution/switched";
import { Plain, Squared, synthesise } from "../convolution/synthesis";
import { channels, height, width } from "../geometry";
import { axpy, dot, multiply, norm, xpay } from "../vector";
import {
  beginSolver,
  bookIteration,
  CONVERGED,
  DIVERGED,
  ROUNDING,
  RUNNING,
  residual,
  spend,
  status,
  stopSolver,
} from "./state";
import { codeFloats, countRows, formTarget, markRows, rowMask } from "./target";

/** Share of the mean squared column norm that is added to each: pixels that few rows see stay tame. */
const DAMPING: f64 = 1e-3;

let gamma: f64 = 0;
let first: f64 = 0; // |s A'v|
let rows: f64 = 0; // rows of A that count
let operatorNorm: f64 = 0; // largest |A s p| / |p| so far, a lower bound of |A s|
let tolerance: f64 = 0;

/** s = (D + DAMPING mean D)^-1/2 inside the image, 0 on the padding. Overwrites q. */
function scaleColumns(): void {
  markRows();
  clearImage(s);
  synthesise<Squared>(q, s, 1);
  clearPadding(s);
  const end = s + ((<usize>inputLength) << 2);
  let total: f64 = 0;
  for (let at = s; at < end; at += 4) total += <f64>load<f32>(at);
  const damping = (DAMPING * total) / <f64>(channels * height * width);
  for (let at = s; at < end; at += 4) {
    const squared = <f64>load<f32>(at);
    store<f32>(at, squared > 0 ? <f32>(1.0 / sqrt<f64>(squared + damping)) : 0);
  }
}

/** g = s A'r. */
function gradient(): void {
  const n = <i32>inputLength;
  clearImage(g);
  synthesise<Plain>(r, g, 1);
  multiply(g, g, s, n);
}

/** Prepares to decode the code that stands in values and switches. */
export function beginLeastSquares(relativeTolerance: f64): void {
  const n = <i32>inputLength;
  tolerance = relativeTolerance;
  operatorNorm = 0;
  rows = <f64>countRows();
  scaleColumns();
  formTarget();
  clearImage(x);
  beginSolver(norm(r, codeFloats()), tolerance);
  gradient();
  memory.copy(p, g, (<usize>n) << 2);
  gamma = dot(g, g, n);
  first = sqrt<f64>(gamma);
  if (status == RUNNING && gamma == 0) stopSolver(CONVERGED);
}

export function leastSquaresStep(): void {
  const n = <i32>inputLength;
  const m = codeFloats();
  multiply(g, s, p, n);
  analyseAtSwitches(g, q, rowMask());
  const curvature = dot(q, q, m);
  const alpha = gamma / curvature;
  if (!isFinite<f64>(alpha)) {
    // the gradient has underflowed, at a solution, or a number has overflowed
    stopSolver(residual <= ROUNDING ? CONVERGED : DIVERGED);
    return;
  }
  axpy(x, <f32>alpha, g, n);
  axpy(r, <f32>-alpha, q, m);
  operatorNorm = max<f64>(operatorNorm, sqrt<f64>(curvature / dot(p, p, n)));
  const length = norm(r, m);
  gradient();
  const next = dot(g, g, n);
  spend(2 * rows);
  bookIteration(length, sqrt<f64>(next) / first);
  if (status == RUNNING && (next == 0 || sqrt<f64>(next) <= tolerance * operatorNorm * length)) {
    stopSolver(CONVERGED);
  }
  xpay(p, <f32>(next / gamma), g, n);
  gamma = next;
}
