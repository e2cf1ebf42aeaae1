// Conjugate gradients for least squares (CGLS: Hestenes and Stiefel 1952; Bjorck, Numerical Methods for Least Squares
// Problems, 7.4) on min |A x - v|, in variables y or u of which x is a linear function:
//
//   scaled     x = x0 + s y, s_j = (D_j + eps mean D)^-1/2, D_j the squared norm of column j of A. Takes the condition
//              number from 27 to 8 for 64 filters of 5 x 5 x 3.
//   whitened   x = x0 + B u, B the prior of prior/pyramid.ts. What the rows leave open is filled in as the prior likes.
//
//   r = v - A x0; g = B'A'r; p = g; gamma = g.g
//   repeat: t = B p; q = A t; alpha = gamma / q.q; x += alpha t; r -= alpha q
//           g = B'A'r; gamma' = g.g; p = g + (gamma'/gamma) p; gamma = gamma'
//
// The rows of A are those at the switches and, behind them, the violations (solvers/violations.ts), if there are any.
//
// Buffers: x; p, g over the variables; t in g (scaled) or s (whitened, which needs no scale); r, q over the code and in
// violations. The zero of s outside the image keeps the padding at zero when scaled; whitened it is cleared.

import { g, inputLength, p, q, r, s, uLength, x } from "../arena";
import { clearImage, clearPadding, rowStart } from "../convolution/image";
import { analyseAtSwitches } from "../convolution/switched";
import { synthesise, synthesiseSquares } from "../convolution/synthesis";
import { channels, height, width } from "../geometry";
import { expand, restrict } from "../prior/pyramid";
import { axpy, dot, multiply, xpay } from "../vector";
import {
  bookWhole,
  CONVERGED,
  DIVERGED,
  ROUNDING,
  RUNNING,
  residual,
  scale,
  spend,
  status,
  stopSolver,
} from "./state";
import { codeFloats, countRows, markRows, rowMask } from "./target";
import * as violations from "./violations";

/** Share of the mean squared column norm that is added to each: pixels that few rows see stay tame. */
const DAMPING: f64 = 1e-3;

let damping: f64 = 0; // DAMPING mean D

let whitened: bool = false;
let gamma: f64 = 0;
/** Of the last iteration, alpha and gamma'/gamma: entries of the Lanczos matrix, whose eigenvalues are Ritz values. */
export let stepLength: f64 = 0;
export let gradientRatio: f64 = 0;
let operatorNorm: f64 = 0; // largest |A B p| / |p| so far, a lower bound of |A B|
let tolerance: f64 = 0;
let rows: f64 = 0; // rows of A that count

/** s = (D + DAMPING mean D)^-1/2 inside the image, 0 on the padding. Overwrites q. */
function scaleColumns(): void {
  markRows();
  clearImage(s);
  synthesiseSquares(q, s);
  violations.synthesiseSquares(s);
  clearPadding(s);
  const end = s + ((<usize>inputLength) << 2);
  let total: f64 = 0;
  for (let at = s; at < end; at += 4) total += <f64>load<f32>(at);
  damping = (DAMPING * total) / <f64>(channels * height * width);
  for (let at = s; at < end; at += 4) {
    const squared = <f64>load<f32>(at);
    store<f32>(at, squared > 0 ? <f32>(1.0 / sqrt<f64>(squared + damping)) : 0);
  }
}

/** g = B'A'r, or s A'r. */
function gradient(): void {
  clearImage(g);
  synthesise(r, g, 1);
  violations.synthesiseResidual(g);
  if (whitened) {
    clearPadding(g);
    restrict(g);
  } else {
    multiply(g, g, s, <i32>inputLength);
  }
}

/** The direction in x, t = B p or s p; where it stands. */
function direction(): usize {
  if (whitened) {
    expand(p, s);
    return s;
  }
  multiply(g, s, p, <i32>inputLength);
  return g;
}

function variables(): i32 {
  return <i32>(whitened ? uLength : inputLength);
}

/** Begins anew from x, in whitened or scaled variables, with the residual that stands in r and in violations. */
export function beginDirections(inWhitened: bool, relativeTolerance: f64): void {
  whitened = inWhitened;
  tolerance = relativeTolerance;
  operatorNorm = 0;
  rows = <f64>(countRows() + violations.count);
  if (!whitened) scaleColumns();
  gradient();
  const n = variables();
  memory.copy(p, g, (<usize>n) << 2);
  gamma = dot(g, g, n);
  spend(rows);
  if (status == RUNNING && gamma == 0) stopSolver(CONVERGED);
}

/** One iteration. Its residual is that of the equations, without the violations; its gradient is |B'A'r| / (|A B| |v|), with the estimate of |A B| that there is by then. */
export function stepAlongDirection(): void {
  const n = variables();
  const m = codeFloats();
  const t = direction();
  analyseAtSwitches(t, q, rowMask());
  violations.analyse(t);
  const curvature = dot(q, q, m) + violations.squaredProduct();
  const alpha = gamma / curvature;
  if (!isFinite<f64>(alpha)) {
    // the gradient has underflowed, at a solution, or a number has overflowed
    stopSolver(residual <= ROUNDING ? CONVERGED : DIVERGED);
    stepLength = 0;
    gradientRatio = 0;
    return;
  }
  axpy(x, <f32>alpha, t, <i32>inputLength);
  axpy(r, <f32>-alpha, q, m);
  violations.advance(<f32>-alpha);
  operatorNorm = max<f64>(operatorNorm, sqrt<f64>(curvature / dot(p, p, n)));
  const squared = dot(r, r, m);
  gradient();
  const next = dot(g, g, n);
  const steepness = sqrt<f64>(next) / operatorNorm;
  spend(2 * rows);
  const length = sqrt<f64>(squared + violations.squaredResidual());
  bookWhole(sqrt<f64>(squared), steepness / scale, length);
  if (status == RUNNING && (next == 0 || steepness <= tolerance * length)) stopSolver(CONVERGED);
  stepLength = alpha;
  gradientRatio = next / gamma;
  xpay(p, <f32>gradientRatio, g, n);
  gamma = next;
}

/** Numbers of the input that the rows of A see with at most this share of the mean D; in scaled variables. */
export function faintNumbers(share: f64): i32 {
  const faint = <f32>(1.0 / sqrt<f64>((share / DAMPING + 1) * damping));
  let count = 0;
  for (let y = 0; y < height; ++y) {
    let at = rowStart(s, y);
    for (const end = at + ((<usize>(width * channels)) << 2); at < end; at += 4) {
      if (load<f32>(at) == 0 || load<f32>(at) >= faint) ++count;
    }
  }
  return count;
}
