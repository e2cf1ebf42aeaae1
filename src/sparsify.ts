// From an input to a sparse code: which solver, with which numbers.

import { badOption } from "./check.js";
import {
  type Current,
  checkDriveOptions,
  type DriveOptions,
  drive,
  endedEarly,
  type Run,
  toleranceOf,
  wholeOption,
} from "./drive.js";
import { UnpoolError } from "./errors.js";
import type { Code } from "./layer.js";
import type { Report } from "./report.js";

/** The methods, in the order of the kernel's numbers; "algorithm-2" is FISTA, then number 8. */
const METHODS = ["iht", "niht", "htp", "cgiht", "cosamp", "omp", "ista", "fista", "algorithm-2"] as const;
const FISTA = 7;
const ON_SUPPORT = 8;

/**
 * "htp" (hard thresholding pursuit) is the default; "niht" never raises the residual. "iht", "niht", "htp",
 * "cgiht", "cosamp" and "omp" look for the k entries with the least |x - W'z|, "ista" and "fista" for the least
 * |x - W'z|^2 + lambda |z|_1, and "algorithm-2", the paper's, solves that, keeps k entries and solves it again on them.
 */
export type SparsifyMethod = (typeof METHODS)[number];

export interface SparsifyOptions extends DriveOptions<Current<Code>> {
  /** Default "htp". */
  method?: SparsifyMethod;
  /** Non-zeros of the code, at most. Default: one in every region of every filter. */
  k?: number;
  /** A sparse code of this layer to begin from, of which the k largest entries count. Default: zero. */
  start?: Code;
  /**
   * Of "iht", the step size: 1 is the paper's, 1/(1.02 L) always descends (L is the largest eigenvalue of W'W).
   * "safe" is the latter. Default "auto": 1 until the residual exceeds |x|, then anew, from the start, "safe".
   */
  step?: number | "auto" | "safe";
  /**
   * Of "ista", "fista" and "algorithm-2": lambda as a share, above 0 and under 1, of the least lambda that gives zero,
   * 2 max |W x|. Default 0.01.
   */
  lambda?: number;
  /** Of "htp", "cosamp" and "omp": least-squares iterations within one, at most. Default 15, of "omp" 40. */
  inner?: number;
  /** Write here instead of into fresh arrays; its report is then the layer's, which the next call reuses. */
  out?: Code & { report?: Report };
}

const DEFAULT_ITERATIONS = 50;
/** Power iteration: steps at most, and the margin over its estimate, which is never above the truth. */
const POWER_STEPS = 200;
const STEP_MARGIN = 1.02;

/** A run with a longer step ends as diverged at once; up to here its numbers stay finite. */
const MAX_STEP = 1e6;
const MAX_INNER = 1e6;

const DEFAULT_LAMBDA = 0.01;
/** Of the gap, over |x|^2. */
const DEFAULT_GAP = 1e-4;
const DEFAULT_L1_ITERATIONS = 500;

function isL1(method: SparsifyMethod): boolean {
  return METHODS.indexOf(method) >= METHODS.indexOf("ista");
}

/**
 * Throws UnpoolError "invalid-option" or "invalid-code".
 * @internal
 */
export function checkSparsifyOptions(options: SparsifyOptions, entries: number): void {
  const { method = "htp", step, lambda, inner, start, k = entries } = options;
  if (!METHODS.includes(method)) {
    throw badOption("method", method, METHODS.map((name) => `"${name}"`).join(", "));
  }
  const number = typeof step === "number" && step > 0 && step <= MAX_STEP;
  if (step !== undefined && step !== "auto" && step !== "safe" && !number) {
    throw badOption("step", step, `"auto", "safe" or a number above 0 and at most ${MAX_STEP}`);
  }
  if (lambda !== undefined && !(typeof lambda === "number" && lambda > 0 && lambda < 1)) {
    throw badOption("lambda", lambda, "above 0 and under 1, where the code is zero");
  }
  if (inner !== undefined) wholeOption("inner", inner, 1, MAX_INNER);
  belongs("step", step, method, method === "iht");
  belongs("lambda", lambda, method, isL1(method));
  belongs("inner", inner, method, ["htp", "cosamp", "omp"].includes(method));
  if (start && start.kind !== "sparse") {
    throw new UnpoolError(
      "invalid-code",
      `start is of kind "${start.kind ?? "pooled"}"; a run begins from a sparse code, as sparsify makes`,
    );
  }
  wholeOption("k", k, 1, entries);
  checkDriveOptions(options);
}

function belongs(name: string, value: unknown, method: string, does: boolean): void {
  if (value !== undefined && !does) throw badOption("method", method, `another where ${name} is given`);
}

/**
 * Sparsifies the input that stands in the kernel, from the code that stands there if it is a start; the code
 * stands there afterwards.
 * @internal
 */
export function sparsify(run: Run, options: SparsifyOptions): void {
  const { method = "htp", k = run.kernel.values.length } = options;
  if (method === "iht") iht(run, options, k);
  else if (isL1(method)) l1(run, options, method, k);
  else {
    const omp = method === "omp";
    const { inner = omp ? 40 : 15, iterations = omp ? k : DEFAULT_ITERATIONS } = options;
    begin(run, options, METHODS.indexOf(method), k, { inner });
    run.report.begin(method, Number.NaN);
    drive(run, iterations);
  }
}

/** Begins a method of the kernel, by number, from the start, if there is one. */
function begin(
  { kernel }: Run,
  { start, tolerance }: SparsifyOptions,
  number: number,
  k: number,
  { step = 0, lambda = 0, inner = 0 },
): void {
  if (start) {
    kernel.values.set(start.values);
    kernel.switches.set(start.switches);
  }
  kernel.run.beginSparsify(number, k, toleranceOf({ tolerance }), step, lambda, inner, start ? 1 : 0);
}

function iht(run: Run, options: SparsifyOptions, k: number): void {
  const { step = "auto", iterations = DEFAULT_ITERATIONS } = options;
  const { report } = run;
  const attempt = (size: number, ceiling = Infinity) => {
    begin(run, options, 0, k, { step: size });
    report.begin("iht", size);
    drive(run, iterations, ceiling);
  };
  if (typeof step === "number") attempt(step);
  // the paper's step first: where the model is sparse enough it needs a tenth of the iterations
  if (step === "auto") attempt(1, 1);
  if (step === "safe" || (step === "auto" && report.stopped === "diverged")) attempt(safeStep(run));
}

/** The l1 methods: one convex problem, or two of which the second is on the support of the first's k largest. */
function l1(run: Run, options: SparsifyOptions, method: SparsifyMethod, k: number): void {
  const { kernel, report } = run;
  const { lambda = DEFAULT_LAMBDA, tolerance = DEFAULT_GAP, iterations = DEFAULT_L1_ITERATIONS } = options;
  const twice = method === "algorithm-2";
  const step = safeStep(run);
  const part = (number: number, most: number, from: Code | undefined) => {
    begin(run, { start: from, tolerance }, number, k, { step, lambda });
    drive(run, most);
  };
  report.begin(method, step);
  part(
    twice ? FISTA : METHODS.indexOf(method),
    twice ? Math.ceil(iterations / 2) : iterations,
    options.start,
  );
  if (twice && report.stopped !== "aborted" && report.stopped !== "budget") {
    report.stopped = "iterations";
    part(ON_SUPPORT, iterations, kernel);
  }
  report.amend(kernel.run.keepLargest(k));
}

/** 1/(1.02 L), a step that always descends. */
function safeStep(run: Run): number {
  return 1 / (STEP_MARGIN * largestEigenvalue(run));
}

/** L, found once a layer. Out of time or aborted, what there is of it: the run that needs it ends at once. */
function largestEigenvalue({ kernel, options, until }: Run): number {
  if (kernel.largestEigenvalue > 0) return kernel.largestEigenvalue;
  const { run } = kernel;
  run.beginPowerIteration();
  for (let i = 0; i < POWER_STEPS && run.stepPowerIteration(1) === 0; ++i) {
    if (endedEarly(options, until)) return run.largestEigenvalue() || 1;
  }
  // filters of zeros have no eigenvalue but 0, and any step serves them
  kernel.largestEigenvalue = run.largestEigenvalue() || 1;
  return kernel.largestEigenvalue;
}
