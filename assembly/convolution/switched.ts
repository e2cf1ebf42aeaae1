// The operator A = S W, the rows of W at the switches: A x costs one dot product a code entry, not one a position.
//
// The walk is row, plane, column, so that a filter stays in the nearest cache while its patches slide along the row.
// Rows of A that do not count (a rectified region of value 0, an entry outside a support) are left at 0, and where four
// neighbours do not count they cost nothing: a third of the rows of a rectified photograph, nearly all of a sparse code.
// The same walk over every position of a convolution row (no switches) serves the power iteration.
//
// Order of summation: a dot product has four f32 lanes, lane l takes the filter row's elements l, l + 4,
// ..., row after row, and ends as (l0 + l1) + (l2 + l3).

import { rows } from "../arena";
import { filterRowPadded, filters, kernelHeight, planes, pooledHeight, pooledWidth } from "../geometry";
import { loadSwitch } from "../pooling";
import { filterBytes } from "./filters";
import { rowBytes } from "./image";
import { offsetOf, regionRow, regionStep } from "./regions";

/** Dot product of one patch with the filter at `w`. */
export function patchDot(patch: usize, w: usize): f32 {
  const pitch = rowBytes();
  const run = (<usize>filterRowPadded) << 2;
  if (ASC_FEATURE_SIMD) {
    let sum = f32x4.splat(0);
    for (let i = kernelHeight; i > 0; --i) {
      for (let t: usize = 0; t < run; t += 16) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(w + t), v128.load(patch + t)));
      }
      w += run;
      patch += pitch;
    }
    return (
      f32x4.extract_lane(sum, 0) +
      f32x4.extract_lane(sum, 1) +
      (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
    );
  } else {
    let l0: f32 = 0;
    let l1: f32 = 0;
    let l2: f32 = 0;
    let l3: f32 = 0;
    for (let i = kernelHeight; i > 0; --i) {
      for (let t: usize = 0; t < run; t += 16) {
        l0 += load<f32>(w + t) * load<f32>(patch + t);
        l1 += load<f32>(w + t, 4) * load<f32>(patch + t, 4);
        l2 += load<f32>(w + t, 8) * load<f32>(patch + t, 8);
        l3 += load<f32>(w + t, 12) * load<f32>(patch + t, 12);
      }
      w += run;
      patch += pitch;
    }
    return l0 + l1 + (l2 + l3);
  }
}

/**
 * Dot products of four patches with one filter, a lane each; each exactly as patchDot sums it. Two vectors at a time:
 * their ten loads and the four sums just fit the 15 registers that V8 has; four at a time spill.
 */
function fourPatchDots(p0: usize, p1: usize, p2: usize, p3: usize, w: usize): v128 {
  const pitch = rowBytes();
  const run = (<usize>filterRowPadded) << 2;
  const pairs = run & ~31;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let i = kernelHeight; i > 0; --i) {
    let t: usize = 0;
    for (; t < pairs; t += 32) {
      const weights = v128.load(w + t);
      s0 = f32x4.add(s0, f32x4.mul(weights, v128.load(p0 + t)));
      s1 = f32x4.add(s1, f32x4.mul(weights, v128.load(p1 + t)));
      s2 = f32x4.add(s2, f32x4.mul(weights, v128.load(p2 + t)));
      s3 = f32x4.add(s3, f32x4.mul(weights, v128.load(p3 + t)));
      const next = v128.load(w + t, 16);
      s0 = f32x4.add(s0, f32x4.mul(next, v128.load(p0 + t, 16)));
      s1 = f32x4.add(s1, f32x4.mul(next, v128.load(p1 + t, 16)));
      s2 = f32x4.add(s2, f32x4.mul(next, v128.load(p2 + t, 16)));
      s3 = f32x4.add(s3, f32x4.mul(next, v128.load(p3 + t, 16)));
    }
    if (t < run) {
      const weights = v128.load(w + t);
      s0 = f32x4.add(s0, f32x4.mul(weights, v128.load(p0 + t)));
      s1 = f32x4.add(s1, f32x4.mul(weights, v128.load(p1 + t)));
      s2 = f32x4.add(s2, f32x4.mul(weights, v128.load(p2 + t)));
      s3 = f32x4.add(s3, f32x4.mul(weights, v128.load(p3 + t)));
    }
    w += run;
    p0 += pitch;
    p1 += pitch;
    p2 += pitch;
    p3 += pitch;
  }
  // transpose, so that the lanes of a sum are added across vectors
  const even01 = i32x4.shuffle(s0, s1, 0, 4, 2, 6); // s0.0 s1.0 s0.2 s1.2
  const odd01 = i32x4.shuffle(s0, s1, 1, 5, 3, 7);
  const even23 = i32x4.shuffle(s2, s3, 0, 4, 2, 6);
  const odd23 = i32x4.shuffle(s2, s3, 1, 5, 3, 7);
  const pairs01 = f32x4.add(even01, odd01); // s0: l0 + l1, s1: l0 + l1, s0: l2 + l3, s1: l2 + l3
  const pairs23 = f32x4.add(even23, odd23);
  return f32x4.add(i64x2.shuffle(pairs01, pairs23, 0, 2), i64x2.shuffle(pairs01, pairs23, 1, 3));
}

/**
 * Analysis of one row: out[plane][column] = +-<filter, patch>, planes `stride` floats apart.
 * `corner` is the first patch, `hop` the bytes to the next; `index` is the code index of the first
 * entry, whose switches move the patches, or -1. `mask`, laid out as `out`, or null: entries are 0 where it is.
 */
export function analyseRow(
  corner: usize,
  hop: usize,
  columns: i32,
  planeCount: i32,
  index: i32,
  out: usize,
  stride: i32,
  mask: usize,
): void {
  for (let plane = 0; plane < planeCount; ++plane) {
    const mirrored = plane >= filters;
    const w = rows + <usize>(mirrored ? plane - filters : plane) * filterBytes();
    let column = 0;
    if (ASC_FEATURE_SIMD) {
      for (; column + 4 <= columns; column += 4) {
        const at = (<usize>column) << 2;
        const counts = mask ? f32x4.ne(v128.load(mask + at), f32x4.splat(0)) : i32x4.splat(-1);
        if (!v128.any_true(counts)) {
          v128.store(out + at, f32x4.splat(0));
          continue;
        }
        const dots = fourPatchDots(
          patchAt(corner, hop, column, index),
          patchAt(corner, hop, column + 1, index),
          patchAt(corner, hop, column + 2, index),
          patchAt(corner, hop, column + 3, index),
          w,
        );
        v128.store(out + at, v128.and(mirrored ? f32x4.neg(dots) : dots, counts));
      }
    }
    for (; column < columns; ++column) {
      const at = (<usize>column) << 2;
      if (mask && load<f32>(mask + at) == 0) {
        store<f32>(out + at, 0);
        continue;
      }
      const sum = patchDot(patchAt(corner, hop, column, index), w);
      store<f32>(out + at, mirrored ? -sum : sum);
    }
    out += (<usize>stride) << 2;
    if (mask) mask += (<usize>stride) << 2;
    if (index >= 0) index += stride;
  }
}

function patchAt(corner: usize, hop: usize, column: i32, index: i32): usize {
  const patch = corner + <usize>column * hop;
  return index < 0 ? patch : patch + offsetOf(loadSwitch(<usize>(index + column)));
}

/** z = A image, for the switches of the code; 0 where the code-shaped `mask` is 0, which may be null. */
export function analyseAtSwitches(image: usize, z: usize, mask: usize): void {
  const regions = pooledHeight * pooledWidth;
  for (let row = 0; row < pooledHeight; ++row) {
    const first = row * pooledWidth;
    const corner = regionRow(image, row);
    const at = (<usize>first) << 2;
    analyseRow(corner, regionStep(), pooledWidth, planes, first, z + at, regions, mask ? mask + at : 0);
  }
}
