// Drives a solver in the kernel step by step: where it ends, and who may end it earlier.

import { UnpoolError } from "./errors.js";
import { show } from "./geometry.js";
import type { Exports } from "./kernel.js";
import type { Report, Stopped } from "./report.js";

export interface DriveOptions {
  /** At most this many iterations, at least 1. */
  iterations?: number;
  /** Ends when |residual| <= tolerance |right-hand side|. 0 leaves it to what float32 can do. */
  tolerance?: number;
  /** Ends before the next iteration once aborted: an AbortSignal, or what has its flag. */
  signal?: { readonly aborted: boolean };
  /** Ends before the next iteration once this many milliseconds have passed. */
  budget?: number;
  /** Called after each iteration. It must not call the layer. */
  onStep?: (iteration: number, residual: number) => void;
}

/** The kernel's solver statuses, by number; 0 is running. */
const ENDS: readonly Stopped[] = ["iterations", "converged", "stagnated", "diverged"];

/**
 * Runs `step` to its end and fills the report in. A residual above `ceiling` counts as divergence.
 * @internal
 */
export function drive(
  run: Exports,
  step: (count: number) => number,
  iterations: number,
  ceiling: number,
  options: DriveOptions,
  report: Report,
): void {
  const { signal, budget, onStep } = options;
  const start = budget === undefined ? 0 : performance.now();
  let status = run.status();
  while (status === 0) {
    if (report.iterations === iterations) return;
    if (signal?.aborted) {
      report.stopped = "aborted";
      return;
    }
    if (budget !== undefined && performance.now() - start >= budget) {
      report.stopped = "budget";
      return;
    }
    status = step(1);
    const residual = run.residual();
    report.push(residual);
    if (residual > ceiling) status = 3;
    onStep?.(report.iterations, residual);
  }
  report.stopped = ENDS[status]!;
}

/**
 * Checks the options that all solvers share. Throws UnpoolError "invalid-option".
 * @internal
 */
export function checkDriveOptions(options: DriveOptions): void {
  const { iterations, tolerance, budget } = options;
  if (iterations !== undefined) wholeOption("iterations", iterations, 1, 1e9);
  if (tolerance !== undefined && !(tolerance >= 0 && tolerance < 1)) {
    throw new UnpoolError(
      "invalid-option",
      `tolerance is ${show(tolerance)}; it must be at least 0 and under 1`,
    );
  }
  if (budget !== undefined && !(budget >= 0)) {
    throw new UnpoolError(
      "invalid-option",
      `budget is ${show(budget)}; it must be a number of milliseconds, at least 0`,
    );
  }
}

/**
 * Checks one whole-numbered option. Throws UnpoolError "invalid-option".
 * @internal
 */
export function wholeOption(name: string, value: unknown, least: number, most: number): void {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw new UnpoolError(
      "invalid-option",
      `${name} is ${show(value)}; it must be a whole number from ${least} to ${most}`,
    );
  }
}
