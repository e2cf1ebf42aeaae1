// Bounds on |W|^2 that cannot be exceeded, whatever the size of the input.
//
// W is part of the convolution T over an unbounded input: positions and numbers of the input were left out, and
// padding is zeros. So |W| <= |T|. A stride (s, t) is taken into the channels: T is a convolution of stride 1 with
// C s t channels and taps U_a, matrices of K x C s t. With R_b = sum over a of U_a' U_(a+b) (or U_a U_(a+b)', if that is smaller)
//
//   frobenius  |W|^2 <= number of positions x sum of squared weights
//   schur      |T|^2 <= largest row sum x largest column sum of |U|, summed over taps (Schur's test)
//   gram       |T|^2 <= largest row sum of |R|, summed over shifts (Gershgorin)
//   symbol     |T|^2 =  max over frequencies w of the largest eigenvalue of G(w) = sum over b of R_b e^(ibw)
//
// The symbol is sampled on a grid of N frequencies an axis. For a unit vector v, v*G(w)v is a trigonometric polynomial
// of degree d (taps - 1) between 0 and M, its greatest value. By Riesz's lemma (Polya, Szego, Problems and Theorems in
// Analysis, VI) a polynomial of degree d and norm 1 is at least cos(d t) at a distance t <= pi/d from where it is 1; so
// the nearest frequency of the grid, at most pi/N away, gives at least M (1 + cos(pi d/N)) / 2: M exceeds
// the greatest of the grid by at most the factor 2 / (1 + cos(pi d/N)) an axis.
//
// The largest eigenvalue of a Hermitian matrix that is not negative is at most the 2^j-th root of the trace of its 2^j-th
// power. The grid is passed over with ever larger j only where it could still raise the maximum.

import { cosineOfTurns } from "./elementary.js";
import type { Filters } from "./rows.js";

export interface NormBound {
  readonly bound: "symbol" | "gram" | "schur" | "frobenius";
  readonly squared: number;
}

/** Above all rounding of the sums, whose terms are exact in double precision or nearly so. */
const ROUNDING = 1 + 2 ** -20;
/** Multiplications that a bound may cost; a dearer one is left out. */
const BUDGET = 5e8;
/** Squarings of a symbol: n^(2^-14) is below 1.0004 for n up to 512. */
const SQUARINGS = 14;
const GRIDS = [256, 128, 64, 32, 16, 8];

/** The convolution with its stride in the channels: taps[(row x columns + column)] is K x channels, row-major. */
interface Taps {
  readonly filters: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly matrices: Float64Array[];
}

/** All bounds that the budget allows; never empty. */
export function normBounds(filters: Filters): NormBound[] {
  const { codeShape, pool } = filters.geometry;
  const taps = tapsOf(filters);
  const positions = codeShape[1] * pool[0] * codeShape[2] * pool[1];
  let weight = 0;
  for (const matrix of taps.matrices) for (const value of matrix) weight += value * value;
  const bounds: NormBound[] = [
    { bound: "frobenius", squared: positions * weight * ROUNDING },
    { bound: "schur", squared: schur(taps) * ROUNDING },
  ];
  const n = Math.min(taps.filters, taps.channels);
  if (n * taps.filters * taps.channels * taps.matrices.length ** 2 > BUDGET) return bounds;
  const gram = gramOf(taps, n);
  bounds.push({ bound: "gram", squared: gershgorin(gram, n) * ROUNDING });
  const symbol = symbolBound(gram, n, taps);
  if (symbol !== undefined) bounds.push({ bound: "symbol", squared: symbol * ROUNDING });
  return bounds;
}

function tapsOf({ geometry, taps }: Filters): Taps {
  const { filters, channels, kernel, stride } = geometry;
  const rows = Math.ceil(kernel[0] / stride[0]);
  const columns = Math.ceil(kernel[1] / stride[1]);
  const phases = [Math.min(stride[0], kernel[0]), Math.min(stride[1], kernel[1])] as const;
  const wide = channels * phases[0] * phases[1];
  const matrices = Array.from({ length: rows * columns }, () => new Float64Array(filters * wide));
  let at = 0;
  for (let k = 0; k < filters; ++k) {
    for (let i = 0; i < kernel[0]; ++i) {
      for (let j = 0; j < kernel[1]; ++j) {
        const matrix = matrices[Math.floor(i / stride[0]) * columns + Math.floor(j / stride[1])]!;
        const phase = (i % stride[0]) * phases[1] + (j % stride[1]);
        for (let c = 0; c < channels; ++c) matrix[k * wide + phase * channels + c] = taps[at++]!;
      }
    }
  }
  return { filters, channels: wide, rows, columns, matrices };
}

/** Largest row sum times largest column sum of magnitudes. */
function schur({ filters, channels, matrices }: Taps): number {
  const row = new Float64Array(filters);
  const column = new Float64Array(channels);
  for (const matrix of matrices) {
    matrix.forEach((value, i) => {
      row[Math.floor(i / channels)]! += Math.abs(value);
      column[i % channels]! += Math.abs(value);
    });
  }
  return row.reduce((a, b) => Math.max(a, b)) * column.reduce((a, b) => Math.max(a, b));
}

/** R_b for the shifts b of one half plane, 0 first: the others are their transposes. */
interface Shift {
  readonly down: number;
  readonly right: number;
  readonly matrix: Float64Array;
}

function gramOf({ filters, channels, rows, columns, matrices }: Taps, n: number): Shift[] {
  const shifts: Shift[] = [];
  const wide = channels <= filters;
  for (let down = 0; down < rows; ++down) {
    for (let right = down === 0 ? 0 : 1 - columns; right < columns; ++right) {
      const matrix = new Float64Array(n * n);
      for (let i = 0; i + down < rows; ++i) {
        for (let j = Math.max(0, -right); j < Math.min(columns, columns - right); ++j) {
          const a = matrices[i * columns + j]!;
          const b = matrices[(i + down) * columns + j + right]!;
          if (wide) addTransposedProduct(a, b, filters, n, matrix);
          else addProductTransposed(a, b, channels, n, matrix);
        }
      }
      shifts.push({ down, right, matrix });
    }
  }
  return shifts;
}

/** out += a'b, a and b m x n. */
function addTransposedProduct(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  out: Float64Array,
): void {
  for (let k = 0; k < m; ++k) {
    for (let i = 0; i < n; ++i) {
      const factor = a[k * n + i]!;
      for (let j = 0; j < n; ++j) out[i * n + j]! += factor * b[k * n + j]!;
    }
  }
}

/** out += a b', a and b n x m. */
function addProductTransposed(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j < n; ++j) {
      let sum = 0;
      for (let k = 0; k < m; ++k) sum += a[i * m + k]! * b[j * m + k]!;
      out[i * n + j]! += sum;
    }
  }
}

/** Largest sum over a row of every R_b, b over both half planes. */
function gershgorin(shifts: readonly Shift[], n: number): number {
  const sums = new Float64Array(n);
  shifts.forEach(({ matrix }, which) => {
    matrix.forEach((value, i) => {
      sums[Math.floor(i / n)]! += Math.abs(value);
      if (which > 0) sums[i % n]! += Math.abs(value);
    });
  });
  return sums.reduce((a, b) => Math.max(a, b));
}

/** undefined if no grid fits the budget. */
function symbolBound(shifts: readonly Shift[], n: number, { rows, columns }: Taps): number | undefined {
  const size = GRIDS.find((grid) => {
    const frequencies = (rows > 1 ? grid : 1) * (columns > 1 ? grid / 2 + 1 : 1);
    return grid > 2 * Math.max(rows, columns) && frequencies * n * n * (2 * shifts.length + 8 * n) < BUDGET;
  });
  if (size === undefined) return undefined;
  const rowCount = rows > 1 ? size : 1;
  // G(-w) is the conjugate of G(w): half the frequencies of one axis, or of the other, are enough
  const half = Math.floor(size / 2) + 1;
  const columnCount = columns > 1 ? half : 1;
  let greatest = 0;
  for (let y = 0; y < (columns > 1 ? rowCount : Math.min(half, rowCount)); ++y) {
    for (let x = 0; x < columnCount; ++x) {
      greatest = Math.max(greatest, largestBelow(symbolAt(shifts, n, y / size, x / size), n, greatest));
    }
  }
  const gap = (degree: number) => 2 / (1 + cosineOfTurns(degree / (2 * size)));
  return greatest * gap(rows - 1) * gap(columns - 1);
}

/** Real and imaginary parts, each n x n. */
interface Hermitian {
  re: Float64Array;
  im: Float64Array;
}

/** G at (down, right) turns a tap. */
function symbolAt(shifts: readonly Shift[], n: number, down: number, right: number): Hermitian {
  const re = new Float64Array(n * n);
  const im = new Float64Array(n * n);
  shifts.forEach((shift, which) => {
    const turns = shift.down * down + shift.right * right;
    const cosine = which > 0 ? cosineOfTurns(turns) : 1;
    const sine = which > 0 ? cosineOfTurns(turns - 0.25) : 0;
    for (let i = 0; i < n; ++i) {
      for (let j = 0; j < n; ++j) {
        const value = shift.matrix[i * n + j]!;
        re[i * n + j]! += cosine * value;
        im[i * n + j]! += sine * value;
        if (which === 0) continue;
        re[j * n + i]! += cosine * value;
        im[j * n + i]! -= sine * value;
      }
    }
  });
  return { re, im };
}

/** An upper bound on the largest eigenvalue, tight unless it is below `enough`, where any will do. */
function largestBelow(matrix: Hermitian, n: number, enough: number): number {
  let power = matrix;
  let bound = 1; // the eigenvalues of `matrix` are those of `power`, to the power 2^-j, times the bound before
  for (let j = 0; ; ++j) {
    let trace = 0;
    for (let i = 0; i < n; ++i) trace += power.re[i * n + i]!;
    if (!(trace > 0)) return 0;
    let root = trace;
    for (let i = 0; i < j; ++i) root = Math.sqrt(root);
    bound *= root;
    if (j === SQUARINGS || bound <= enough || n === 1) return bound;
    // of trace 1, so that no power over- or underflows
    power = square(power, n, 1 / trace);
  }
}

/** (factor x matrix)^2 */
function square({ re, im }: Hermitian, n: number, factor: number): Hermitian {
  const squared = { re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; ++i) {
    for (let k = 0; k < n; ++k) {
      const a = re[i * n + k]! * factor * factor;
      const b = im[i * n + k]! * factor * factor;
      for (let j = 0; j < n; ++j) {
        squared.re[i * n + j]! += a * re[k * n + j]! - b * im[k * n + j]!;
        squared.im[i * n + j]! += a * im[k * n + j]! + b * re[k * n + j]!;
      }
    }
  }
  return squared;
}
