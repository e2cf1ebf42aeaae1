// The one solver that runs: whichever was begun last.

import { thresholdingStep } from "./iterative-hard-thresholding";
import { leastSquaresStep } from "./least-squares";
import { RUNNING, status } from "./state";

export const LEAST_SQUARES: i32 = 0;
export const ITERATIVE_HARD_THRESHOLDING: i32 = 1;

let active: i32 = LEAST_SQUARES;

export function activate(solver: i32): void {
  active = solver;
}

/** Up to `count` iterations; returns the status. */
export function step(count: i32): i32 {
  for (; count > 0 && status == RUNNING; --count) {
    if (active == LEAST_SQUARES) leastSquaresStep();
    else if (active == ITERATIVE_HARD_THRESHOLDING) thresholdingStep();
  }
  return status;
}
