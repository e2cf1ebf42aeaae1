// Sums over features as they are kept, from which they are standardised.

import { CLASSES } from "../cifar10.mjs";
import { halfTable } from "./float16.mjs";

/** A feature whose deviation is less than this share of its size is constant but for rounding. */
const CONSTANT = 1e-6;

/**
 * Sums of features for each group of images and each class, and of their squares.
 * @param {number} width features
 * @param {number} groups
 */
export function openMoments(width, groups) {
  const sums = Array.from({ length: groups }, () =>
    Array.from({ length: CLASSES }, () => new Float64Array(width)),
  );
  const counts = Array.from({ length: groups }, () => new Array(CLASSES).fill(0));
  const squares = new Float64Array(width);
  const table = halfTable();
  return {
    sums,
    counts,
    /** @param {Uint16Array} halves images x width @param {Uint8Array} labels of them */
    add(halves, labels, group) {
      labels.forEach((label, image) => {
        counts[group][label] += 1;
        const sum = sums[group][label];
        for (let column = 0, at = image * width; column < width; ++column, ++at) {
          const value = table[halves[at]];
          sum[column] += value;
          squares[column] += value * value;
        }
      });
    },
    /** Mean 0 and deviation 1 over all that was added; 0 for a feature that is constant. */
    standard() {
      const count = counts.flat().reduce((a, b) => a + b);
      const centre = new Float32Array(width);
      const scale = new Float32Array(width);
      for (let column = 0; column < width; ++column) {
        const mean = sums.flat().reduce((total, sum) => total + sum[column], 0) / count;
        const square = squares[column] / count;
        const variance = square - mean * mean;
        centre[column] = mean;
        scale[column] = variance > CONSTANT * square ? 1 / Math.sqrt(variance) : 0;
      }
      return { width, centre, scale };
    },
  };
}
