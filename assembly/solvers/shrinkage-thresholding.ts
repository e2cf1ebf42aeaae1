// ISTA and FISTA over the structured model, and the third step of the paper's Algorithm 2.
//
//   min |x - W'z|^2 + lambda |z|_1, one entry a region;  lambda = share x 2 max |W x|, of which share = 1 gives zero
//
//   y = z + beta (z - z before) where the switch stayed, z elsewhere; beta = 0 for ISTA
//   b = y + W (x - W'y) / L;  z = the largest |b| of each region, shrunk by lambda / (2 L)
//
// Daubechies, Defrise, De Mol (2004); Beck and Teboulle (2009), with the restart of O'Donoghue and Candes (2015) by
// function value: the momentum begins anew after an iteration that raised the objective. (Theirs by the gradient needs y
// and z before at once, which have one place here.) The shrunk largest |b| is the exact proximal step of the l1 norm
// over the model. With one position a region the problem is convex.
//
// The end: a lower bound of the convex problem over all positions, |x|^2 - |x - theta|^2 with theta = s d,
// 0 <= s <= lambda / (2 max |W d|), s = <x, d> / |d|^2 if it can. Its distance from the objective, over |x|^2, is the
// gradient that is reported, and the tolerance is met by it. The bound costs an analysis and the momentum: it is
// taken at a restart, or when half of all iterations have gone without one. (Every 20 iterations, the momentum never
// got going: 20 filters of 5 x 5 without pooling, lambda = 0.05, stood at a gap of 1.6e-3 after 750 iterations, now at
// 1.6e-4 after 420.) Where regions have more positions the gap need not close. The run stagnates when neither
// the objective nor the gap gains: the gap goes with the square root of what the objective has left to fall.
//
// On a fixed support (Algorithm 2) the same with the support's rows alone: convex, and the bound is free. The support is
// that of q, which holds the gradient on it: an entry that was shrunk to zero may return.
//
// Buffers: x; x - W'y, then d, in p; y, then z, in values; z before in r, its switches in q.

import { codeLength, inputLength, p, q, r, values, x } from "../arena";
import { analyse } from "../convolution/analysis";
import { analyseAtSwitches } from "../convolution/switched";
import { RECTIFIER_NONE, rectifier } from "../geometry";
import { codeSize, loadSwitch, valueAt } from "../pooling";
import { axpy, dot } from "../vector";
import {
  clearCode,
  correlate,
  countEntries,
  entries,
  residualOfCode,
  restoreCode,
  saveCode,
  size,
} from "./sparse";
import { bookIteration, CONVERGED, RUNNING, STAGNATED, spend, spendAll, status, stopSolver } from "./state";

/** Iterations from a bound to the next, at least. */
const BOUND_AFTER: i32 = 10;
/** Stagnation: in so many iterations at least, the objective falls by less than this, and the gap by less than that. */
const STALL: i32 = 50;
const STALL_FALL: f64 = 1e-7;
const STALL_GAP: f64 = 0.1;
/** Of the objective; less is the rounding of d. */
const RISE: f64 = 1e-8;

let accelerated: bool = false;
let fixed: bool = false;
let step: f64 = 0; // 1 / L
let weight: f64 = 0; // lambda / 2: objectives and bounds here are half of those above
let target: f64 = 0; // relative gap
let momentum: f64 = 1; // t of FISTA
let objective: f64 = 0;
let lowest: f64 = 0;
let reference: f64 = 0; // the lowest, and the gap, when last looked at
let referenceGap: f64 = 0;
let checked: i32 = 0;
let bound: f64 = 0;
let rows: f64 = 0; // of the fixed support
let iteration: i32 = 0;
let sinceBound: i32 = 0; // iterations since the last bound

/** The largest entry of a code-shaped vector, of those that count in a rectified layer. */
function largest(vector: usize): f64 {
  let most: f32 = 0;
  for (const end = vector + ((<usize>codeSize()) << 2); vector < end; vector += 4) {
    const value = load<f32>(vector);
    most = max<f32>(most, rectifier == RECTIFIER_NONE ? abs<f32>(value) : value);
  }
  return <f64>most;
}

/** The largest |W image| over all positions. Costs r and q. */
function largestCorrelation(image: usize): f64 {
  saveCode();
  correlate(image);
  const most = largest(values);
  restoreCode();
  return most;
}

/** Prepares a run from z with the step 1 / L; on its support alone, if `onSupport`. */
export function beginShrinkage(stepSize: f64, share: f64, tolerance: f64, fast: bool, onSupport: bool): void {
  step = stepSize;
  target = tolerance;
  accelerated = fast;
  fixed = onSupport;
  weight = share * largestCorrelation(x);
  rows = <f64>entries;
  momentum = 1;
  objective = Infinity;
  lowest = Infinity;
  reference = Infinity;
  referenceGap = Infinity;
  checked = 0;
  bound = 0;
  iteration = 0;
  sinceBound = 0;
  if (fixed) memory.copy(q, values, (<usize>codeSize()) << 2);
  if (weight == 0) {
    // x is orthogonal to every filter: zero is the solution
    clearCode();
    stopSolver(CONVERGED);
  }
}

/** y, and x - W'y where it is not d. */
function extrapolate(): void {
  const next = (1 + sqrt<f64>(1 + 4 * momentum * momentum)) / 2;
  const beta = <f32>((momentum - 1) / next);
  momentum = next;
  const m = <usize>codeSize();
  for (let i: usize = 0; i < m; ++i) {
    const at = i << 2;
    const value = valueAt(i);
    const place = loadSwitch(i);
    // at the first iteration, and after a restart, beta = 0 and r, q may hold anything
    if (beta > 0 && (fixed || load<u32>(q + at) == place)) {
      store<f32>(values + at, value + beta * (value - load<f32>(r + at)));
    }
    store<f32>(r + at, value);
    if (!fixed) store<u32>(q + at, place);
  }
  if (beta > 0) {
    countEntries();
    residualOfCode();
  }
}

/** Shrinks the code towards zero; returns its l1 norm. */
function shrink(by: f32): f64 {
  let sum: f64 = 0;
  for (let at = values, end = values + ((<usize>codeSize()) << 2); at < end; at += 4) {
    const value = load<f32>(at);
    const rest = max<f32>((rectifier == RECTIFIER_NONE ? abs<f32>(value) : value) - by, 0);
    store<f32>(at, value < 0 ? -rest : rest);
    sum += <f64>rest;
  }
  countEntries();
  return sum;
}

function gradientOnFixed(): void {
  analyseAtSwitches(p, q, q);
  spend(rows);
}

/** Raises the lower bound by what d gives. */
function raiseBound(): void {
  const n = <i32>inputLength;
  const squared = dot(p, p, n);
  const inner = dot(x, p, n);
  if (fixed) gradientOnFixed();
  const most = fixed ? largest(q) : largestCorrelation(p);
  const scale = max<f64>(0, most > 0 ? min<f64>(inner / squared, weight / most) : inner / squared);
  const value = scale * inner - (scale * scale * squared) / 2;
  if (value > bound) bound = value;
  sinceBound = 0;
}

export function shrinkageStep(): void {
  if (accelerated) extrapolate();
  if (fixed) {
    gradientOnFixed();
    axpy(values, <f32>step, q, <i32>codeLength);
  } else {
    analyse(p, <f32>step, true);
    spendAll();
  }
  const sum = shrink(<f32>(step * weight));
  const length = residualOfCode();
  const value = (length * length) / 2 + weight * sum;
  ++iteration;
  ++sinceBound;
  const risen = value > (1 + RISE) * objective;
  objective = value;
  lowest = min<f64>(lowest, value);
  if (risen) momentum = 1;
  const due = sinceBound >= BOUND_AFTER && (risen || !accelerated || 2 * sinceBound >= iteration);
  if (fixed || due) {
    raiseBound();
    if (!fixed) momentum = 1;
  }
  const gap = max<f64>(0, (2 * (value - bound)) / (size * size));
  bookIteration(length, gap);
  if (status == STAGNATED) stopSolver(RUNNING);
  if (status == RUNNING && gap <= target) stopSolver(CONVERGED);
  if (sinceBound == 0 && iteration - checked >= STALL) {
    const stalled = lowest > (1 - STALL_FALL) * reference && gap > (1 - STALL_GAP) * referenceGap;
    if (status == RUNNING && stalled) stopSolver(STAGNATED);
    reference = lowest;
    referenceGap = gap;
    checked = iteration;
  }
}
