// Extreme singular values of A, the operator of decoding, by the Lanczos process on A'A.
//
//   u1 = random, of norm 1; beta0 = 0
//   repeat: w = A'A u_i - beta_(i-1) u_(i-1); alpha_i = w.u_i; w -= alpha_i u_i; beta_i = |w|; u_(i+1) = w / beta_i
//
// The eigenvalues of the tridiagonal matrix of alphas and betas are Ritz values (Golub, Van Loan, Matrix Computations,
// 10.1): each lies between the least and the greatest eigenvalue of A'A. So what comes out is a lower bound of |A|, an
// upper bound of the least singular value and a lower bound of the condition number, tighter with every step. Orthogonality
// is lost with the steps, which repeats Ritz values but leaves the extreme ones right (Paige 1976).
//
// Scaled, A is A diag(s) with s_j = (D_j + 1e-3 mean D)^-1/2, as decode's least squares scales its columns.

import type { Code, Layer } from "../layer.js";
import { tridiagonalExtremes } from "../tridiagonal.js";
import { coverage } from "./coverage.js";
import { countOption, seedOption } from "./options.js";
import { analyseAt, dot, emptyCode, normalise, sizesOf, synthesise } from "./products.js";
import { uniform } from "./random.js";

export interface ConditioningOptions {
  /** Lanczos steps, 1 to 1000. Default 60. */
  steps?: number;
  /** Whether columns are scaled as by least squares. Default true. */
  scaled?: boolean;
  /** Whole number that the start comes from, 0 to 2^53 - 1. Default 0. */
  seed?: number;
}

export interface Conditioning {
  /** Largest Ritz singular value: |A| is at least so large. */
  readonly greatest: number;
  /** Smallest Ritz singular value: some direction of the input is seen no better than so. */
  readonly least: number;
  /**
   * greatest / least: the condition number is at least so large. At most 1000, where float32 no longer tells A from
   * a singular operator.
   */
  readonly conditionAtLeast: number;
  readonly steps: number;
}

/** Squared singular values below this share of the largest are rounding. */
const NOISE = 1e-6;
const DAMPING = 1e-3;

/**
 * Extreme singular values of the operator A of a pooled code, from inside: Ritz values. A rectified value of 0 is no
 * row of A. 0, 0 and 1000 if A has no rows or the filters are zero.
 *
 * Time: an encoding at switches and a synthesis a step.
 *
 * Throws UnpoolError "invalid-option", "invalid-code" for a code that is not this layer's or is sparse, "not-finite",
 * "disposed".
 */
export function conditioning(layer: Layer, code: Code, options: ConditioningOptions = {}): Conditioning {
  const { map, mean } = coverage(layer, code);
  const steps = countOption("steps", options.steps, 60, 1, 1000);
  const draw = uniform(seedOption(options.seed));
  const scaled = options.scaled ?? true;
  // what no row sees has no column: it is counted by coverage, and would hide how the rest is conditioned
  const scale = map.map((d) => (d === 0 ? 0 : scaled ? 1 / Math.sqrt(d + DAMPING * mean) : 1));
  const start = scale.map((s) => (s === 0 ? 0 : 2 * draw() - 1));
  const { diagonal, beside } = lanczos(normalOperator(layer, code, scale), start, steps);
  const [low, high] = tridiagonalExtremes(diagonal, beside);
  const greatest = Math.sqrt(Math.max(0, high));
  const least = Math.sqrt(Math.max(0, low));
  const conditionAtLeast =
    greatest > 0 ? greatest / Math.max(least, greatest * Math.sqrt(NOISE)) : 1 / Math.sqrt(NOISE);
  return { greatest, least, conditionAtLeast, steps: diagonal.length };
}

/** u -> s A'A s u. */
function normalOperator(layer: Layer, code: Code, scale: Float64Array): (u: Float64Array) => Float64Array {
  const { unknowns } = sizesOf(layer);
  const image = new Float32Array(unknowns);
  const product = emptyCode(layer);
  product.switches.set(code.switches);
  const masked = layer.geometry.rectifier !== "none";
  return (u) => {
    for (let i = 0; i < unknowns; ++i) image[i] = scale[i]! * u[i]!;
    analyseAt(layer, image, product);
    if (masked) maskByZeros(product.values, code.values);
    synthesise(layer, product, image);
    return Float64Array.from(image, (value, i) => scale[i]! * value);
  };
}

/** A rectified region of value 0 is no row. */
function maskByZeros(vector: Float32Array, values: Float32Array): void {
  for (let i = 0; i < vector.length; ++i) if (values[i] === 0) vector[i] = 0;
}

/** Ends before `steps` when the Krylov space is exhausted. */
function lanczos(
  apply: (u: Float64Array) => Float64Array,
  start: Float64Array,
  steps: number,
): { diagonal: number[]; beside: number[] } {
  const diagonal: number[] = [];
  const beside: number[] = [];
  let u = start;
  let previous: Float64Array = new Float64Array(start.length);
  normalise(u);
  for (;;) {
    const w = apply(u);
    const beta = beside.at(-1) ?? 0;
    const alpha = dot(w, u);
    for (let i = 0; i < w.length; ++i) w[i]! -= alpha * u[i]! + beta * previous[i]!;
    diagonal.push(alpha);
    const length = normalise(w);
    if (diagonal.length === steps || !(length > NOISE * diagonal[0]!)) return { diagonal, beside };
    beside.push(length);
    previous = u;
    u = w;
  }
}
