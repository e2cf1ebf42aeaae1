// Extreme eigenvalues of symmetric tridiagonal matrices, as conjugate gradients and Lanczos leave them.

/**
 * The least and the greatest eigenvalue, by bisection on Sturm's count (Golub, Van Loan, Matrix Computations, 8.4.1),
 * to rounding times the greatest.
 * @param diagonal [n], n at least 1
 * @param beside [n - 1], or longer
 */
export function tridiagonalExtremes(
  diagonal: ArrayLike<number>,
  beside: ArrayLike<number>,
): [least: number, greatest: number] {
  const n = diagonal.length;
  let bound = 0; // Gershgorin's
  for (let i = 0; i < n; ++i) {
    const radius = (i > 0 ? beside[i - 1]! : 0) + (i + 1 < n ? beside[i]! : 0);
    bound = Math.max(bound, Math.abs(diagonal[i]!) + radius);
  }
  /** Eigenvalues below x: the negative pivots of T - x. */
  const below = (x: number): number => {
    let count = 0;
    let pivot = 1;
    for (let i = 0; i < n; ++i) {
      pivot = diagonal[i]! - x - (i > 0 ? (beside[i - 1]! * beside[i - 1]!) / pivot : 0) || Number.MIN_VALUE;
      if (pivot < 0) ++count;
    }
    return count;
  };
  /** Where the count reaches `wanted`. */
  const bisect = (wanted: number): number => {
    let [low, high] = [-bound, bound];
    for (let i = 0; i < 60; ++i) {
      const middle = (low + high) / 2;
      if (below(middle) < wanted) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return [bisect(1), bisect(n)];
}
