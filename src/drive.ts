// Drives a solver in the kernel step by step: where it ends, and who may end it earlier.

import { badOption } from "./check.js";
import type { Exports, Kernel } from "./kernel.js";
import type { Report, Stopped } from "./report.js";

/** @typeParam Current what `onStep` is handed besides; nothing, unless it is said. */
export interface DriveOptions<Current = never> {
  /**
   * At most this many iterations, at least 1. Default 50; of least squares, whose plan divides them up, 100, with fixed
   * switches 20; of "omp" k; of the l1 methods 500.
   */
  iterations?: number;
  /**
   * Ends when |residual| <= tolerance |right-hand side|, default 1e-7; the l1 methods when their duality gap is so small
   * a share of |x|^2, default 1e-4. 0 leaves it to what float32 can do.
   */
  tolerance?: number;
  /** Ends before the next iteration once aborted: an AbortSignal, or what has its flag. */
  signal?: { readonly aborted: boolean };
  /** Ends before the next iteration once this many milliseconds have passed. */
  budget?: number;
  /**
   * Called after each iteration. It must not call the layer. A run that begins anew, as sparsify's "auto" may,
   * counts from 1 again. Of a layer it is handed `current`, too: called within onStep, it copies what the run has come to
   * into its `out`, or into fresh arrays: of decode the planes, of sparsify the code. To look changes no bit of the run.
   */
  onStep?: (iteration: number, residual: number, current: Current) => void;
}

/** The kernel's solver statuses, by number; 0 is running. */
const ENDS: readonly Stopped[] = ["iterations", "converged", "stagnated", "diverged", "discrepancy"];

/** Float32 vectors settle near 3e-7; a looser default would end the last digits early. */
const DEFAULT_TOLERANCE = 1e-7;

/** Copies what a run has come to into `out`, or into a fresh copy. */
export type Current<Result> = (out?: Result) => Result;

/**
 * One call of a solver: what it runs on, what it reports to, and by when it must have ended.
 * @internal
 */
export interface Run {
  readonly kernel: Kernel;
  readonly report: Report;
  readonly options: DriveOptions;
  /** What `onStep` is handed besides. */
  readonly current?: unknown;
  /** On the clock of performance.now(). */
  readonly until: number;
}

/** @internal */
export function toleranceOf({ tolerance = DEFAULT_TOLERANCE }: DriveOptions): number {
  return tolerance;
}

/**
 * What a solver shows while it is driven, as assembly/index.ts documents it: the kernel's, or one of a whole network.
 * @internal
 */
export type Solving = Pick<Exports, "status" | "step" | "residual" | "gradient" | "products">;

/**
 * Runs the solver that was begun to its end and fills the report in. A residual above `ceiling` counts as divergence.
 * @internal
 */
export function drive(
  { kernel: { run }, report, options, until, current }: Omit<Run, "kernel"> & { kernel: { run: Solving } },
  iterations: number,
  ceiling = Infinity,
): void {
  const { onStep } = options;
  let status = run.status();
  while (status === 0 && report.iterations < iterations) {
    const early = endedEarly(options, until);
    if (early) {
      report.stopped = early;
      break;
    }
    status = run.step(1);
    const residual = run.residual();
    report.push(residual, run.gradient());
    if (residual > ceiling) status = 3;
    onStep?.(report.iterations, residual, current as never);
  }
  report.products += run.products();
  if (status !== 0) report.stopped = ENDS[status]!;
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
    throw badOption("tolerance", tolerance, "at least 0 and under 1");
  }
  if (budget !== undefined && !(typeof budget === "number" && budget >= 0)) {
    throw badOption("budget", budget, "a number of milliseconds, at least 0");
  }
  if (onStep !== undefined && typeof onStep !== "function") throw badOption("onStep", onStep, "a function");
}

/**
 * Checks one whole-numbered option. Throws UnpoolError "invalid-option".
 * @internal
 */
export function wholeOption(name: string, value: unknown, least: number, most: number): void {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw badOption(name, value, `a whole number from ${least} to ${most}`);
  }
}
