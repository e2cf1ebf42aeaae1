// Eigenvalues of small symmetric matrices.

/** A rotation changes nothing once the off-diagonal entries are this small beside the matrix. */
const NEGLIGIBLE = 1e-15;
const SWEEPS = 60;

/**
 * All eigenvalues of a symmetric n x n matrix, ascending, by cyclic Jacobi rotations (Golub, Van Loan, Matrix
 * Computations, 8.5): accurate to rounding times the largest, O(n^3) with some ten sweeps.
 * @param matrix n x n, row-major; overwritten.
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  let total = 0;
  for (const entry of matrix) total += entry * entry;
  const negligible = NEGLIGIBLE * Math.sqrt(total);
  for (let sweep = 0; sweep < SWEEPS; ++sweep) {
    let rotated = false;
    for (let p = 0; p < n; ++p) {
      for (let q = p + 1; q < n; ++q) {
        if (Math.abs(matrix[p * n + q]!) <= negligible) continue;
        rotate(matrix, n, p, q);
        rotated = true;
      }
    }
    if (!rotated) break;
  }
  return Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]!).sort();
}

/** Makes entries (p, q) and (q, p) zero. */
function rotate(matrix: Float64Array, n: number, p: number, q: number): void {
  const theta = (matrix[q * n + q]! - matrix[p * n + p]!) / (2 * matrix[p * n + q]!);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < n; ++i) {
    const a = matrix[i * n + p]!;
    const b = matrix[i * n + q]!;
    matrix[i * n + p] = c * a - s * b;
    matrix[i * n + q] = s * a + c * b;
  }
  for (let i = 0; i < n; ++i) {
    const a = matrix[p * n + i]!;
    const b = matrix[q * n + i]!;
    matrix[p * n + i] = c * a - s * b;
    matrix[q * n + i] = s * a + c * b;
  }
}
