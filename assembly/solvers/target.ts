// The right-hand side of decoding: what the rows of A must give for a code that encode made.

import { bias, codeLength, q, r, values } from "../arena";
import { filters, planes, pooledHeight, pooledWidth, RECTIFIER_NONE, rectifier } from "../geometry";
import { codeSize } from "../pooling";
import { maskByZeros } from "../vector";

/**
 * r = values - bias, with the sign of the plane. A rectified region of value 0 says only that its
 * entries are not positive: its row is left out (r = 0 here, and q = 0 by rowMask).
 */
export function formTarget(): void {
  const regions = pooledHeight * pooledWidth;
  let at: usize = 0;
  for (let plane = 0; plane < planes; ++plane) {
    const shift = biasOf(plane);
    for (let i = 0; i < regions; ++i, at += 4) {
      store<f32>(r + at, load<f32>(values + at) - shift);
    }
  }
  maskRows(r);
}

/** What was added to the products of a plane, with the plane's sign. */
export function biasOf(plane: i32): f32 {
  const mirrored = plane >= filters;
  const b = load<f32>(bias + ((<usize>(mirrored ? plane - filters : plane)) << 2));
  return mirrored ? -b : b;
}

/** Code-shaped, 0 where a row is left out; null where all count. */
export function rowMask(): usize {
  return rectifier != RECTIFIER_NONE ? values : 0;
}

/** Zeroes the entries of a code-shaped vector whose rows are left out. */
function maskRows(vector: usize): void {
  if (rowMask()) maskByZeros(vector, values, codeFloats());
}

/** Rows of A that count. */
export function countRows(): i32 {
  const n = codeSize();
  if (!rowMask()) return n;
  let count = 0;
  for (let i = 0; i < n; ++i) if (load<f32>(values + ((<usize>i) << 2)) != 0) ++count;
  return count;
}

/** q = 1 on the rows that count. */
export function markRows(): void {
  const n = codeSize();
  for (let i = 0; i < n; ++i) store<f32>(q + ((<usize>i) << 2), 1);
  maskRows(q);
}

/** Length of a code-shaped vector in memory, a multiple of 8. */
export function codeFloats(): i32 {
  return <i32>codeLength;
}
