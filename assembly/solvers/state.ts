// What every solver shares: how it ends and what it reports between steps.

import { filters, pooledHeight, pooledWidth, positions } from "../geometry";
import {
  CONVERGED,
  DISCREPANCY,
  DIVERGED,
  DIVERGENCE,
  ROUNDING,
  RUNNING,
  STAGNATED,
  STAGNATION_FALL,
  STAGNATION_WINDOW,
  VANISHED,
} from "./endings";

export { CONVERGED, DISCREPANCY, DIVERGED, ROUNDING, RUNNING, STAGNATED } from "./endings";

export let status: i32 = RUNNING;
/** |residual| / |right-hand side|, in f64. */
export let residual: f64 = 0;
/** How far from stationary the last iteration left the run; each solver says in its file what it measures. */
export let gradient: f64 = 0;
/** Rows of W, or of A, that were multiplied since the run began, in units of W x (all rows that pooling sees). */
export let products: f64 = 0;
/** |right-hand side|. */
export let scale: f64 = 0;

let noise: f64 = 0; // |residual| that is small enough
let most: f64 = DIVERGENCE; // residual that is too large
let tolerance: f64 = 0;
let iteration: i32 = 0;
let reference: f64 = 0; // the residual at the last multiple of STAGNATION_WINDOW

/** After beginSolver: a residual of this norm is noise. */
export function allowNoise(norm: f64): void {
  noise = norm;
}

/** After beginSolver: the run begins, or begins anew, with a residual of this norm. */
export function beginAt(norm: f64): void {
  residual = scale > 0 ? norm / scale : 0;
  most = DIVERGENCE * max<f64>(1, residual);
}

/** Starts the book-keeping; a right-hand side of zero is solved by zero. */
export function beginSolver(rightHandSide: f64, relativeTolerance: f64): void {
  scale = rightHandSide;
  tolerance = relativeTolerance;
  iteration = 0;
  residual = scale > 0 ? 1 : 0;
  reference = residual;
  gradient = 0;
  products = 0;
  noise = 0;
  most = DIVERGENCE;
  status = scale > 0 ? RUNNING : CONVERGED;
}

/** Books a product with `rows` rows of W, or with their transpose. */
export function spend(rows: f64): void {
  products += rows / (<f64>(filters * pooledHeight * pooledWidth) * <f64>positions);
}

/** Books W x, or its transpose of a dense code. */
export function spendAll(): void {
  products += 1;
}

/** What has ended was not the end: another stretch begins. */
export function resumeSolver(): void {
  status = RUNNING;
}

/** Ends the run with a status of its own. */
export function stopSolver(reason: i32): void {
  status = reason;
}

/** Books one iteration by the norm of its residual and its gradient, and decides whether the run has ended. */
export function bookIteration(norm: f64, stationarity: f64): void {
  bookWhole(norm, stationarity, norm);
}

/**
 * The same where more is to be solved than what the residual is of: `whole` is the norm of all that is left, which
 * alone can have converged or stalled; noise is known of the residual.
 */
export function bookWhole(norm: f64, stationarity: f64, whole: f64): void {
  ++iteration;
  gradient = stationarity;
  residual = scale > 0 ? norm / scale : 0;
  const rest = scale > 0 ? whole / scale : 0;
  if (rest <= max<f64>(tolerance, VANISHED)) status = CONVERGED;
  else if (norm <= noise) status = DISCREPANCY;
  else if (!(rest < most)) status = DIVERGED;
  else if (iteration % STAGNATION_WINDOW == 0) {
    const stalled = rest <= reference && rest > (1 - STAGNATION_FALL) * reference;
    if (stalled) status = rest <= ROUNDING ? CONVERGED : STAGNATED;
    reference = rest;
  }
}
