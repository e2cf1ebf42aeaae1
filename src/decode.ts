// From a code back to its input: which decoder, with which numbers.

import { badOption } from "./check.js";
import { type Current, checkDriveOptions, type DriveOptions, drive, type Run, toleranceOf } from "./drive.js";
import { UnpoolError } from "./errors.js";
import type { Geometry } from "./geometry.js";
import type { Kernel } from "./kernel.js";
import {
  alternation,
  chooseSolver,
  type Measurements,
  planOf,
  SOLVERS,
  type Solver,
  writePlan,
} from "./plan.js";
import { checkPriorOptions, isPicture, type PriorOptions, writePrior } from "./prior.js";

export type DecodeMethod = "synthesis" | "least-squares" | Solver;

export interface DecodeOptions extends DriveOptions<Current<Float32Array>>, PriorOptions {
  /**
   * "synthesis": one step, W'z. "least-squares": min |A x - v| by the solver that suits the code; or by that solver:
   * "scaled" (conjugate gradients with column scaling), "whitened" (in the variables of the prior), "hybrid" (the
   * latter, then the former). Default "least-squares" for a pooled code, "synthesis" for a sparse one.
   */
  method?: DecodeMethod;
  /**
   * What is known of the switches: they are the code's ("known", the default); they are not, and the middle of each
   * region stands for them ("fixed"); or they are estimated together with the input ("unknown"). The code's own, if it
   * has any, are then not looked at.
   */
  switches?: "known" | "fixed" | "unknown";
  /** Whether least squares heeds that no entry of a region exceeds its maximum, too. Default true. */
  inequalities?: boolean;
  /** Standard deviation of the errors in the values, as of quantised ones: what fits so well is not fitted further. */
  noise?: number;
  /** An input to begin from, channels x height x width, instead of from zero. */
  start?: Float32Array;
  /**
   * Of "synthesis": the factor of W'z. Default "fit" for a pooled code, the factor with the least
   * |v - scale A A'v|; 1 for a sparse one.
   */
  scale?: number | "fit";
  /** Write here instead of into a fresh array. */
  out?: Float32Array;
}

const METHODS: readonly DecodeMethod[] = ["synthesis", "least-squares", ...SOLVERS];
const ITERATIONS = 100;
/** Values in the wrong places are so noisy that more iterations do harm. */
const FIXED_ITERATIONS = 20;

/**
 * Throws UnpoolError "invalid-option".
 * @internal
 */
export function checkDecodeOptions(
  options: DecodeOptions,
  kind: "pooled" | "sparse",
  geometry: Geometry,
): void {
  const { method, scale = "fit", switches = "known", inequalities = true, noise = 0 } = options;
  if (method !== undefined && !METHODS.includes(method)) {
    throw badOption("method", method, METHODS.map((name) => `"${name}"`).join(", "));
  }
  if (kind === "sparse" && (method ?? "synthesis") !== "synthesis") {
    throw new UnpoolError(
      "invalid-option",
      `${method} decodes what encode made; this code is sparse, its values are coefficients: use method "synthesis"`,
    );
  }
  if (!["known", "fixed", "unknown"].includes(switches)) {
    throw badOption("switches", switches, `"known", "fixed" or "unknown"`);
  }
  if (switches === "unknown" && (kind === "sparse" || (method ?? "least-squares") !== "least-squares")) {
    throw badOption("method", method ?? "synthesis", `"least-squares" where switches are unknown`);
  }
  if (typeof inequalities !== "boolean") throw badOption("inequalities", inequalities, "true or false");
  if (!(typeof noise === "number" && noise >= 0 && noise < Infinity)) {
    throw badOption("noise", noise, "a standard deviation, at least 0");
  }
  if (scale !== "fit" && !(Math.abs(Math.fround(scale)) < Infinity && typeof scale === "number")) {
    throw badOption("scale", scale, `"fit" or a number in the range of float32`);
  }
  checkPriorOptions(options, geometry);
  checkDriveOptions(options);
}

/**
 * Decodes the code that stands in the kernel; the result stands there afterwards.
 * @internal
 */
export function decode(
  run: Run,
  geometry: Geometry,
  options: DecodeOptions,
  kind: "pooled" | "sparse",
): void {
  const { kernel, report } = run;
  const sparse = kind === "sparse";
  const { method = sparse ? "synthesis" : "least-squares", scale = sparse ? 1 : "fit" } = options;
  const { switches = "known" } = options;
  if (switches !== "known") kernel.run.fixSwitches(middle(geometry));
  if (method !== "synthesis") solve(run, geometry, { ...options, method });
  else if (scale === "fit") {
    report.begin(method, kernel.run.synthesiseFitted());
    report.push(kernel.run.residual(), Number.NaN);
    report.products = kernel.run.products();
  } else {
    kernel.run.synthesise(scale);
    report.begin(method, scale);
  }
}

function solve(
  run: Run,
  geometry: Geometry,
  options: DecodeOptions & { method: "least-squares" | Solver },
): void {
  const { kernel, report } = run;
  const { method, switches = "known", inequalities = true, noise = 0, start } = options;
  const [rows, unknowns] = [countRows(kernel, geometry), kernel.staging.length];
  const measured = { rows, unknowns, picture: isPicture(geometry) };
  let [solver, reason] = method === "least-squares" ? chooseSolver(measured) : [method, "as asked"];
  if (switches === "fixed" && method === "least-squares") {
    [solver, reason] = [
      "whitened",
      "switches fixed: a few iterations with the prior, more would fit the errors",
    ];
  }
  let plan = planOf(solver, inequalities && switches === "known");
  const usual = switches === "fixed" ? FIXED_ITERATIONS : ITERATIONS;
  if (switches === "unknown") {
    [solver, reason] = ["whitened", "switches unknown: estimated and solved for in turn"];
    plan = alternation(rows / unknowns, !!start);
  }
  const { iterations = usual } = options;
  writePrior(kernel, geometry, options);
  const stretches = writePlan(plan, iterations, kernel.plan);
  kernel.run.beginLeastSquares(stretches, toleranceOf(options), noiseNorm(noise, measured), start ? 1 : 0);
  report.begin(method, Number.NaN);
  report.solver = solver;
  report.reason = reason;
  drive(run, iterations);
  if (switches === "unknown") {
    kernel.run.finishLeastSquares();
    report.poolResidual = kernel.run.poolResidual();
  }
}

/**
 * Rows of A that count, of the code that stands in the kernel.
 * @internal
 */
export function countRows({ values }: Kernel, { rectifier }: Geometry): number {
  let rows = values.length;
  if (rectifier !== "none") for (const value of values) if (value === 0) --rows;
  return rows;
}

/**
 * |r| of a solution that fits values with such errors as well as it should. Of m rows N unknowns take their share:
 * with m much larger than N this is sigma sqrt(m - N); with m smaller the prior leaves the rows less than all.
 * @internal
 */
export function noiseNorm(
  sigma: number,
  { rows, unknowns }: Pick<Measurements, "rows" | "unknowns">,
): number {
  return (sigma * rows) / Math.sqrt(rows + unknowns);
}

/** The middle of a region; of the four middles, the last. */
function middle({ pool: [height, width] }: Geometry): number {
  return (height >> 1) * width + (width >> 1);
}
