// The least and the greatest of |W'z|^2/|z|^2 that were found.

export interface Extremes {
  readonly least: number;
  readonly greatest: number;
  /** max(1 - least, greatest - 1): what they prove of delta_k, a lower bound. */
  readonly delta: number;
}

/** Larger supports have Gram matrices too large to decompose. */
export const GRAM_LIMIT = 1024;

/** Rounding may leave an eigenvalue of a Gram matrix a little below zero. */
export function extremes(least: number, greatest: number): Extremes {
  const floor = Math.max(0, least);
  return { least: floor, greatest, delta: Math.max(1 - floor, greatest - 1) };
}
