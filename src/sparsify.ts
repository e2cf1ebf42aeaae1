// From an input to a sparse code: which solver, with which numbers.

import { badOption } from "./check.js";
import {
  checkDriveOptions,
  type DriveOptions,
  drive,
  endedEarly,
  type Run,
  toleranceOf,
  wholeOption,
} from "./drive.js";
import type { Code } from "./layer.js";
import type { Report } from "./report.js";

export type SparsifyMethod = "iht";

export interface SparsifyOptions extends DriveOptions {
  method?: SparsifyMethod;
  /** Non-zeros of the code. Default: one in every region of every filter. */
  k?: number;
  /**
   * Step size: 1 is the paper's, 1/(1.02 L) always descends (L is the largest eigenvalue of W'W).
   * "safe" is the latter. Default "auto": 1 until the residual exceeds |x|, then anew, from zero, "safe".
   */
  step?: number | "auto" | "safe";
  /** Write here instead of into fresh arrays; its report is then the layer's, which the next call reuses. */
  out?: Code & { report?: Report };
}

const DEFAULT_ITERATIONS = 50;
/** Power iteration: steps at most, and the margin over its estimate, which is never above the truth. */
const POWER_STEPS = 200;
const STEP_MARGIN = 1.02;

/** A run with a longer step ends as diverged at once; up to here its numbers stay finite. */
const MAX_STEP = 1e6;

/**
 * Throws UnpoolError "invalid-option".
 * @internal
 */
export function checkSparsifyOptions(options: SparsifyOptions, entries: number): void {
  const { method = "iht", step = "auto", k = entries } = options;
  if (method !== "iht") throw badOption("method", method, `"iht"`);
  const number = typeof step === "number" && step > 0 && step <= MAX_STEP;
  if (step !== "auto" && step !== "safe" && !number) {
    throw badOption("step", step, `"auto", "safe" or a number above 0 and at most ${MAX_STEP}`);
  }
  wholeOption("k", k, 1, entries);
  checkDriveOptions(options);
}

/**
 * Sparsifies the input that stands in the kernel; the code stands there afterwards.
 * @internal
 */
export function sparsify(run: Run, { step = "auto", k = run.kernel.values.length }: SparsifyOptions): void {
  if (typeof step === "number") threshold(run, step, k, Infinity);
  else {
    // the paper's step first: where the model is sparse enough it needs a tenth of the iterations
    if (step === "auto") threshold(run, 1, k, 1);
    if (step === "safe" || run.report.stopped === "diverged") {
      threshold(run, 1 / (STEP_MARGIN * largestEigenvalue(run)), k, Infinity);
    }
  }
}

function threshold(run: Run, step: number, k: number, ceiling: number): void {
  run.kernel.run.beginThresholding(step, k, toleranceOf(run.options), 0);
  run.report.begin("iht", step);
  drive(run, run.options.iterations ?? DEFAULT_ITERATIONS, ceiling);
}

/** L, found once a layer. Out of time or aborted, what there is of it: the run that needs it ends at once. */
function largestEigenvalue({ kernel, options, until }: Run): number {
  if (kernel.largestEigenvalue > 0) return kernel.largestEigenvalue;
  const { run } = kernel;
  run.beginPowerIteration();
  for (let i = 0; i < POWER_STEPS && run.stepPowerIteration(1) === 0; ++i) {
    if (endedEarly(options, until)) return run.largestEigenvalue();
  }
  // filters of zeros have no eigenvalue but 0, and any step serves them
  kernel.largestEigenvalue = run.largestEigenvalue() || 1;
  return kernel.largestEigenvalue;
}
