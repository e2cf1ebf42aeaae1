// CGIHT, conjugate gradient iterative hard thresholding, restarted when the support changes.
//
//   g = W d; beta = |g_S|^2 / |g_S before|^2, or 0 after a change of the support or a rise of |d|
//   p = g + beta p; alpha = <g_S, p_S> / |W'p_S|^2; z = M(z + alpha p, k)
//
// Blanchard, Tanner, Wei (2015). The direction is W e with e = d + beta e: an image, where p has an entry for every
// position. No step is tested, and it is no descent: on photographs |d| may rise for a while. (The restart after
// a rise is ours.)
//
// Buffers: x; d in p, e in s, W'p_S in g; g_S in r, p_S and then the support before in q. The gradient:
// |g_S|^2 / (|W'p_S| |x|), as in support.ts, but at the z that the iteration begins with; that of the z it leaves
// would cost products more.

import { codeLength, g, inputLength, p, q, r, s, values } from "../arena";
import { analyseAtSwitches } from "../convolution/switched";
import { dot, xpay } from "../vector";
import {
  entries,
  imageOf,
  isSettled,
  residualOfCode,
  saveSupport,
  size,
  supportChanged,
  threshold,
} from "./sparse";
import { bookIteration, CONVERGED, residual, spend, stopSolver } from "./state";
import { gradientOnSupport, gradientStep } from "./support";

let before: f64 = 0; // |g_S|^2 that belongs to the direction in s; 0 restarts

export function beginConjugateThresholding(): void {
  before = 0;
}

export function conjugateThresholdingStep(): void {
  const n = <i32>inputLength;
  const m = <i32>codeLength;
  let gamma: f64 = 0;
  let gradient: f64 = 0;
  let moves = true;
  if (entries == 0) {
    moves = gradientStep(p);
    before = 0;
  } else {
    gradientOnSupport();
    gamma = dot(r, r, m);
    if (before > 0) {
      xpay(s, <f32>(gamma / before), p, n);
      analyseAtSwitches(s, q, values);
      spend(<f64>entries);
    } else {
      memory.copy(s, p, (<usize>n) << 2);
      memory.copy(q, r, (<usize>m) << 2);
    }
    const along = dot(r, q, m);
    const length = sqrt<f64>(dot(q, q, m));
    moves = length > 0;
    if (moves) {
      imageOf(q, g, 1.0 / length);
      const curvature = dot(g, g, n);
      gradient = gamma / (length * sqrt<f64>(curvature) * size);
      saveSupport();
      threshold(s, along / (curvature * length * length));
      before = supportChanged() ? 0 : gamma;
    }
  }
  const now = residualOfCode();
  const settled = isSettled(now);
  if (now > residual * size) before = 0;
  bookIteration(now, gradient);
  if (settled || !moves) stopSolver(CONVERGED);
}
