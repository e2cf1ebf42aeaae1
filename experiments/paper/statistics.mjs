// Samples in a few numbers, and where random numbers come from.

import { createLayerSync } from "../../build/index.js";

export { drawCode, uniform } from "../../build/analysis.js";
export { relativeError } from "../photographs.mjs";

/** @param {ArrayLike<number>} sample at least one number */
export function mean(sample) {
  let sum = 0;
  for (let i = 0; i < sample.length; ++i) sum += sample[i];
  return sum / sample.length;
}

/**
 * Standard deviation of a sample (divided by its size less 1; of one number 0).
 * @param {ArrayLike<number>} sample
 */
export function deviation(sample) {
  const centre = mean(sample);
  let sum = 0;
  for (let i = 0; i < sample.length; ++i) sum += (sample[i] - centre) ** 2;
  return Math.sqrt(sum / Math.max(1, sample.length - 1));
}

/**
 * Quantiles, between neighbours by linear interpolation.
 * @param {ArrayLike<number>} sample
 * @param {number[]} shares each 0 to 1
 */
export function quantiles(sample, shares) {
  const sorted = Float64Array.from(sample).sort();
  return shares.map((share) => {
    const at = share * (sorted.length - 1);
    const below = Math.floor(at);
    const next = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (at - below) * (next - sorted[below]);
  });
}

/** { mean, sd, low, high, least, greatest } of a sample, rounded; low and high are the 5 and 95 % points. */
export function summary(sample, digits = 4) {
  const [least, low, high, greatest] = quantiles(sample, [0, 0.05, 0.95, 1]);
  return rounded({ mean: mean(sample), sd: deviation(sample), low, high, least, greatest }, digits);
}

/**
 * Counts in bins of equal width; what lies outside counts in the outermost bin.
 * @param {ArrayLike<number>} sample
 * @returns {{ from: number, to: number, counts: number[] }}
 */
export function binned(sample, from, to, bins) {
  const counts = new Array(bins).fill(0);
  for (let i = 0; i < sample.length; ++i) {
    const bin = Math.floor(((sample[i] - from) / (to - from)) * bins);
    counts[Math.max(0, Math.min(bins - 1, bin))] += 1;
  }
  return { from, to, counts };
}

/** A number with so many decimals. */
export function round(value, digits) {
  return Number(value.toFixed(digits));
}

/** The same object with its numbers rounded, at any depth. */
export function rounded(value, digits) {
  if (typeof value === "number") return round(value, digits);
  if (Array.isArray(value)) return value.map((one) => rounded(one, digits));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rounded(one, digits)]));
}

/** |x|, in double precision. */
export function norm(x) {
  let sum = 0;
  for (let i = 0; i < x.length; ++i) sum += x[i] * x[i];
  return Math.sqrt(sum);
}

/** `count` numbers from N(0, 1): the filters of a layer, which NumPy can repeat (docs/filters.md). */
export function gaussian(count, seed) {
  return createLayerSync({ input: { channels: 1, length: 1 }, filters: count, kernel: 1, seed }).weights;
}
