// Two codes of one work, by two programs, compared before either is timed.
//
// Both round: a float32 sum of n products lies within n 2^-24 sum |w||x| of the exact one, whatever its order
// (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1, to first order). Two programs can
// therefore rightly choose different switches only if the exact keys at both are closer than the two bounds
// together: the tie is then proven, and anything else is an error.

import { sizes } from "./works.mjs";

const TOLERANCE = 1e-4;

/** The key of filter k at an output position in float64, and the bound on its rounding in float32. */
function exactKey({ input, kernel, rectifier }, weights, image, k, row, column) {
  const { channels, height, width } = input;
  let sum = 0;
  let magnitudes = 0;
  for (let c = 0; c < channels; ++c) {
    for (let i = 0; i < kernel; ++i) {
      for (let j = 0; j < kernel; ++j) {
        const weight = weights[((k * channels + c) * kernel + i) * kernel + j];
        const product = weight * image[(c * height + row + i) * width + column + j];
        sum += product;
        magnitudes += Math.abs(product);
      }
    }
  }
  const key = rectifier === "none" ? Math.abs(sum) : Math.max(sum, 0);
  return { key, bound: channels * kernel * kernel * 2 ** -24 * magnitudes };
}

/**
 * Throws unless two codes { keys, switches } agree: keys (|h| or max(h, 0)) to 1e-4 relative or to rounding,
 * switches except at proven ties.
 * @returns { entries, ties, worst }, worst the largest difference over the largest key.
 */
export function compareCodes(work, weights, image, ours, theirs) {
  const { pooledRows, pooledColumns } = sizes(work);
  const entries = work.filters * pooledRows * pooledColumns;
  for (const array of [ours.keys, ours.switches, theirs.keys, theirs.switches]) {
    if (array.length !== entries) throw new Error(`a code has ${array.length} entries instead of ${entries}`);
  }
  let ties = 0;
  let worst = 0;
  let largest = 0;
  for (let at = 0; at < entries; ++at) {
    const k = Math.floor(at / (pooledRows * pooledColumns));
    const top = (Math.floor(at / pooledColumns) % pooledRows) * work.pool;
    const left = (at % pooledColumns) * work.pool;
    const exactAt = (position) => {
      const row = top + Math.floor(position / work.pool);
      return exactKey(work, weights, image, k, row, left + (position % work.pool));
    };
    const [mine, other] = [ours.switches[at], theirs.switches[at]];
    if (!(mine < work.pool ** 2 && other < work.pool ** 2)) {
      throw new Error(`switch ${at} is ${mine} here and ${other} there, outside its region`);
    }
    const difference = Math.abs(ours.keys[at] - theirs.keys[at]);
    // written so that a NaN fails
    if (!(difference <= TOLERANCE * theirs.keys[at] || difference <= 2 * exactAt(mine).bound)) {
      throw new Error(`entry ${at} is ${ours.keys[at]} here and ${theirs.keys[at]} there`);
    }
    if (mine !== other) {
      const [a, b] = [exactAt(mine), exactAt(other)];
      if (!(Math.abs(a.key - b.key) <= a.bound + b.bound)) {
        throw new Error(`switch ${at} is ${mine} (key ${a.key}) here and ${other} (key ${b.key}) there`);
      }
      ++ties;
    }
    worst = Math.max(worst, difference);
    largest = Math.max(largest, theirs.keys[at]);
  }
  return { entries, ties, worst: worst / largest };
}
