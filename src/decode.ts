// From a code back to its input: which decoder, with which numbers.

import { badOption } from "./check.js";
import { checkDriveOptions, type DriveOptions, drive, type Run, toleranceOf } from "./drive.js";
import { UnpoolError } from "./errors.js";

export type DecodeMethod = "synthesis" | "least-squares";

export interface DecodeOptions extends DriveOptions {
  /** Default "least-squares" for a pooled code, "synthesis" for a sparse one. */
  method?: DecodeMethod;
  /**
   * Of "synthesis": the factor of W'z. Default "fit" for a pooled code, the factor with the least
   * |v - scale A A'v|; 1 for a sparse one.
   */
  scale?: number | "fit";
  /** Write here instead of into a fresh array. */
  out?: Float32Array;
}

/**
 * Throws UnpoolError "invalid-option".
 * @internal
 */
export function checkDecodeOptions(options: DecodeOptions, kind: "pooled" | "sparse"): void {
  const { method, scale = "fit" } = options;
  if (method !== undefined && method !== "synthesis" && method !== "least-squares") {
    throw badOption("method", method, `"synthesis" or "least-squares"`);
  }
  if (kind === "sparse" && method === "least-squares") {
    throw new UnpoolError(
      "invalid-option",
      `least squares decodes what encode made; this code is sparse, its values are coefficients: use method "synthesis"`,
    );
  }
  if (scale !== "fit" && !(Math.abs(Math.fround(scale)) < Infinity && typeof scale === "number")) {
    throw badOption("scale", scale, `"fit" or a number in the range of float32`);
  }
  checkDriveOptions(options);
}

/**
 * Decodes the code that stands in the kernel; the result stands there afterwards.
 * @internal
 */
export function decode(run: Run, options: DecodeOptions, kind: "pooled" | "sparse"): void {
  const { kernel, report } = run;
  const sparse = kind === "sparse";
  const { method = sparse ? "synthesis" : "least-squares", scale = sparse ? 1 : "fit" } = options;
  if (method === "least-squares") {
    kernel.run.beginLeastSquares(toleranceOf(options));
    report.begin(method, Number.NaN);
    drive(run);
  } else if (scale === "fit") {
    report.begin(method, kernel.run.synthesiseFitted());
    report.push(kernel.run.residual(), Number.NaN);
    report.products = kernel.run.products();
  } else {
    kernel.run.synthesise(scale);
    report.begin(method, scale);
  }
}
