// The one solver that runs: whichever was begun last.

import { samplingPursuitStep } from "./compressive-sampling-pursuit";
import { beginConjugateThresholding, conjugateThresholdingStep } from "./conjugate-gradient-thresholding";
import { pursuitStep } from "./hard-thresholding-pursuit";
import { beginThresholding, thresholdingStep } from "./iterative-hard-thresholding";
import { leastSquaresStep } from "./least-squares";
import { normalisedStep } from "./normalised-iterative-hard-thresholding";
import { matchingStep } from "./orthogonal-matching-pursuit";
import { beginShrinkage, shrinkageStep } from "./shrinkage-thresholding";
import { beginSparse, entries } from "./sparse";
import { RUNNING, status } from "./state";
import { prepareStep, resetStep } from "./support";

export const LEAST_SQUARES: i32 = 0;

/** Solvers for sparse codes; their numbers, less SPARSE, are the methods of beginSparsify. */
export const SPARSE: i32 = 16;
const IHT: i32 = SPARSE;
const NIHT: i32 = SPARSE + 1;
const HTP: i32 = SPARSE + 2;
const CGIHT: i32 = SPARSE + 3;
const COSAMP: i32 = SPARSE + 4;
const OMP: i32 = SPARSE + 5;
const ISTA: i32 = SPARSE + 6;
// SPARSE + 7 is FISTA
const FIXED: i32 = SPARSE + 8;

let active: i32 = LEAST_SQUARES;
let inner: i32 = 0;

export function activate(solver: i32): void {
  active = solver;
}

/** Begins a solver for sparse codes; index.ts says what its numbers mean. */
export function beginSparsify(
  method: i32,
  k: i32,
  tolerance: f64,
  stepSize: f64,
  share: f64,
  innerIterations: i32,
  warm: bool,
): void {
  activate(SPARSE + method);
  inner = innerIterations;
  resetStep();
  const shrinks = active >= ISTA;
  // the tolerance of the l1 methods is that of their gap
  beginSparse(k, shrinks ? 0 : tolerance, warm);
  if (shrinks) beginShrinkage(stepSize, share, tolerance, active != ISTA, active == FIXED);
  else if (active == IHT) beginThresholding(stepSize);
  else if (active == CGIHT) beginConjugateThresholding();
  // the step of a start is its own, as if the run had never stopped
  else if (entries > 0 && active != OMP) prepareStep();
}

/** Up to `count` iterations; returns the status. */
export function step(count: i32): i32 {
  for (; count > 0 && status == RUNNING; --count) {
    if (active == LEAST_SQUARES) leastSquaresStep();
    else if (active == IHT) thresholdingStep();
    else if (active == NIHT) normalisedStep();
    else if (active == HTP) pursuitStep(inner);
    else if (active == CGIHT) conjugateThresholdingStep();
    else if (active == COSAMP) samplingPursuitStep(inner);
    else if (active == OMP) matchingStep(inner);
    else shrinkageStep();
  }
  return status;
}
