// The support of z: the exact step along the gradient on it, and the least squares over the values that it leaves free.
//
//   exact step       g_S = (W d)_S; mu = |g_S|^2 / |W'g_S|^2
//   least squares    min |x - W'z| over z with the support S, by CGLS from the z that stands there:
//                    d = x - W'z; r = q = (W d)_S; gamma = r.r
//                    repeat: g = W'q; alpha = gamma / g.g; z += alpha q; d -= alpha g
//                            r = (W d)_S; gamma' = r.r; q = r + (gamma'/gamma) q; gamma = gamma'
//
// Products are with the rows of the support alone: 2 an iteration. A rectified layer's codes are not negative:
// entries that the least squares makes so leave the support, and the others are solved for again.
//
// The gradient that most solvers for sparse codes report is |g_S|^2 / (|W'g_S| |x|): what the exact step takes off
// the residual, as sqrt(|d|^2 - |d'|^2) / |x|. It does not depend on the scale of the input or of the filters.
//
// Buffers: the values; d in p, W'q in g; r, q. q and r enter products over their norm, so that nothing overflows.

import { codeLength, g, inputLength, p, q, r, values } from "../arena";
import { analyseAtSwitches } from "../convolution/switched";
import { RECTIFIER_NONE, rectifier } from "../geometry";
import { codeSize, storeSwitch, valueAt } from "../pooling";
import { axpy, dot, scale, xpay } from "../vector";
import { countEntries, entries, imageOf, residualOfCode, size, threshold } from "./sparse";
import { spend } from "./state";

/** A gradient of this part of |W_S| |x| is the rounding of d. */
export const SETTLED: f64 = 1e-7;
/** Least squares of a rectified code: rounds of leaving entries out, at most. */
const ROUNDS: i32 = 3;

/** mu, and the gradient to report. The step outlives a gradient of zero, which has none. */
export let exactStep: f64 = 1;
export let stationarity: f64 = 0;

/** Forgets the step of the run before. */
export function resetStep(): void {
  exactStep = 1;
}

/** The exact step for the gradient in r; g = W'r / |r|. */
export function measureStep(): void {
  const gamma = dot(r, r, <i32>codeLength);
  stationarity = 0;
  if (gamma == 0) return;
  imageOf(r, g, 1.0 / sqrt<f64>(gamma));
  const curvature = dot(g, g, <i32>inputLength);
  if (curvature == 0) return;
  exactStep = 1.0 / curvature;
  stationarity = sqrt<f64>(gamma / curvature) / size;
}

/** r = W d on the support of z. */
export function gradientOnSupport(): void {
  analyseAtSwitches(p, r, values);
  spend(<f64>entries);
}

/** The gradient on the support of z, and the exact step along it. */
export function prepareStep(): void {
  gradientOnSupport();
  measureStep();
}

/**
 * z = M(z + mu W d, k), d in `image`; from zero, the exact step on the support that M(W d, k) has, which costs g.
 * False if W d is zero, and with it z.
 */
export function gradientStep(image: usize): bool {
  if (entries > 0) {
    threshold(image, exactStep);
    return true;
  }
  threshold(image, 1);
  if (entries == 0) return false;
  const m = <i32>codeLength;
  memory.copy(r, values, (<usize>m) << 2);
  measureStep();
  scale(values, <f32>exactStep, values, m);
  return true;
}

/** Takes negative entries out of a rectified code; whether there were any. */
function leaveNegative(): bool {
  if (rectifier == RECTIFIER_NONE) return false;
  const before = entries;
  for (let i = <usize>codeSize(); i-- > 0; ) {
    if (valueAt(i) >= 0) continue;
    store<f32>(values + (i << 2), 0);
    storeSwitch(i, 0);
  }
  countEntries();
  return entries < before;
}

/** `most` iterations of CGLS; r is the gradient that is left. Whether it is down to rounding. */
function conjugateGradients(most: i32): bool {
  const n = <i32>inputLength;
  const m = <i32>codeLength;
  residualOfCode();
  gradientOnSupport();
  memory.copy(q, r, (<usize>m) << 2);
  let gamma = dot(r, r, m);
  let largest: f64 = 0; // |W'q|^2 / |q|^2 so far, a lower bound of |W_S|^2
  for (let i = 0; gamma > 0; ++i) {
    const length = sqrt<f64>(dot(q, q, m));
    imageOf(q, g, 1.0 / length);
    const curvature = dot(g, g, n);
    largest = max<f64>(largest, curvature);
    if (gamma <= SETTLED * SETTLED * largest * size * size) return true;
    if (i == most) return false;
    const alpha = gamma / (curvature * length);
    axpy(values, <f32>(alpha / length), q, m);
    axpy(p, <f32>-alpha, g, n);
    gradientOnSupport();
    const next = dot(r, r, m);
    xpay(q, <f32>(next / gamma), r, m);
    gamma = next;
  }
  return true;
}

/** Least squares on the support of z, and the exact step from there. Whether it is down to rounding. */
export function fitSupport(most: i32): bool {
  let settled = conjugateGradients(most);
  for (let round = 1; leaveNegative(); ++round) {
    if (round == ROUNDS) {
      settled = false;
      residualOfCode();
      gradientOnSupport();
      break;
    }
    settled = conjugateGradients(most);
  }
  measureStep();
  return settled;
}
