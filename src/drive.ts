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
  /**
   * Called after each iteration. It must not call the layer. A run that begins anew, as sparsify's "auto" may,
   * counts from 1 again.
   */
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
  until: number,
  report: Report,
): void {
  const { onStep } = options;
  let status = run.status();
  while (status === 0) {
    if (report.iterations === iterations) return;
    const early = endedEarly(options, until);
    if (early) {
      report.stopped = early;
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
 * When the budget of a call that begins now runs out, on the clock of performance.now().
 * @internal
 */
export function deadline({ budget }: DriveOptions): number {
  return budget === undefined ? Number.POSITIVE_INFINITY : performance.now() + budget;
}

/**
 * Why the caller wants the call to end now, if so.
 * @internal
 */
export function endedEarly({ signal }: DriveOptions, until: number): "aborted" | "budget" | undefined {
  if (signal?.aborted) return "aborted";
  return until !== Number.POSITIVE_INFINITY && performance.now() >= until ? "budget" : undefined;
}

/**
 * Checks the options that all solvers share. Throws UnpoolError "invalid-option".
 * @internal
 */
export function checkDriveOptions(options: DriveOptions): void {
  const { iterations, tolerance, budget, onStep } = options;
  if (iterations !== undefined) wholeOption("iterations", iterations, 1, 1e9);
  if (tolerance !== undefined && !(typeof tolerance === "number" && tolerance >= 0 && tolerance < 1)) {
    throw new UnpoolError(
      "invalid-option",
      `tolerance is ${show(tolerance)}; it must be at least 0 and under 1`,
    );
  }
  if (budget !== undefined && !(typeof budget === "number" && budget >= 0)) {
    throw new UnpoolError(
      "invalid-option",
      `budget is ${show(budget)}; it must be a number of milliseconds, at least 0`,
    );
  }
  if (onStep !== undefined && typeof onStep !== "function") {
    throw new UnpoolError("invalid-option", `onStep is ${show(onStep)}; it must be a function`);
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
