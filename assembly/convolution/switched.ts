// The operator A = S W, the rows of W at the switches, and its transpose.
//
// A x costs one dot product a code entry, not one a position; A' z touches one patch an entry. Both walk
// row, plane, column, so that a filter stays in the nearest cache while its patches slide along the row.
// The same walk over every position of a convolution row (no switches) serves the power iteration.
//
// Order of summation: a dot product has four f32 lanes, lane l takes the filter row's elements l, l + 4,
// ..., row after row, and ends as (l0 + l1) + (l2 + l3). A' adds patch after patch in the order of the walk.

import { rows } from "../arena";
import { filterRowPadded, filters, kernelHeight, planes, pooledHeight, pooledWidth } from "../geometry";
import { loadSwitch } from "../pooling";
import { filterBytes } from "./filters";
import { rowBytes } from "./image";
import { offsetOf, regionRow, regionStep } from "./regions";

/** Type arguments of the synthesis: the filters, or their squares (for column norms). */
export type Plain = u8;
export type Squared = u16;

/** Dot product of one patch with the filter at `w`. */
function patchDot(patch: usize, w: usize): f32 {
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
 * Dot products of four patches with one filter, a lane each; each exactly as patchDot sums it. Unrolling
 * by four vectors, as addPatch does, won nothing here.
 */
function fourPatchDots(p0: usize, p1: usize, p2: usize, p3: usize, w: usize): v128 {
  const pitch = rowBytes();
  const run = (<usize>filterRowPadded) << 2;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let i = kernelHeight; i > 0; --i) {
    for (const end = w + run; w < end; w += 16) {
      const weights = v128.load(w);
      s0 = f32x4.add(s0, f32x4.mul(weights, v128.load(p0)));
      s1 = f32x4.add(s1, f32x4.mul(weights, v128.load(p1)));
      s2 = f32x4.add(s2, f32x4.mul(weights, v128.load(p2)));
      s3 = f32x4.add(s3, f32x4.mul(weights, v128.load(p3)));
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
    }
    p0 += pitch - run;
    p1 += pitch - run;
    p2 += pitch - run;
    p3 += pitch - run;
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
 * entry, whose switches move the patches, or -1.
 */
export function analyseRow(
  corner: usize,
  hop: usize,
  columns: i32,
  planeCount: i32,
  index: i32,
  out: usize,
  stride: i32,
): void {
  for (let plane = 0; plane < planeCount; ++plane) {
    const mirrored = plane >= filters;
    const w = rows + <usize>(mirrored ? plane - filters : plane) * filterBytes();
    let column = 0;
    if (ASC_FEATURE_SIMD) {
      for (; column + 4 <= columns; column += 4) {
        const dots = fourPatchDots(
          patchAt(corner, hop, column, index),
          patchAt(corner, hop, column + 1, index),
          patchAt(corner, hop, column + 2, index),
          patchAt(corner, hop, column + 3, index),
          w,
        );
        v128.store(out + ((<usize>column) << 2), mirrored ? f32x4.neg(dots) : dots);
      }
    }
    for (; column < columns; ++column) {
      const sum = patchDot(patchAt(corner, hop, column, index), w);
      store<f32>(out + ((<usize>column) << 2), mirrored ? -sum : sum);
    }
    out += (<usize>stride) << 2;
    if (index >= 0) index += stride;
  }
}

function patchAt(corner: usize, hop: usize, column: i32, index: i32): usize {
  const patch = corner + <usize>column * hop;
  return index < 0 ? patch : patch + offsetOf(loadSwitch(<usize>(index + column)));
}

/**
 * Adds c times the filter at `w` (or its square) to a patch. Unrolled by four vectors: 10 % faster for rows
 * of 16, 30 % for rows of 384. Walking columns in interleaved phases, so that a patch does not load what its
 * neighbour just stored, changed nothing.
 */
function addPatch<Kind>(patch: usize, c: f32, w: usize): void {
  const pitch = rowBytes();
  const run = (<usize>filterRowPadded) << 2;
  for (let i = kernelHeight; i > 0; --i) {
    if (ASC_FEATURE_SIMD) {
      const factor = f32x4.splat(c);
      const end = w + run;
      for (const last = end - 64; w <= last; w += 64, patch += 64) {
        v128.store(patch, added<Kind>(v128.load(patch), factor, v128.load(w)));
        v128.store(patch, added<Kind>(v128.load(patch, 16), factor, v128.load(w, 16)), 16);
        v128.store(patch, added<Kind>(v128.load(patch, 32), factor, v128.load(w, 32)), 32);
        v128.store(patch, added<Kind>(v128.load(patch, 48), factor, v128.load(w, 48)), 48);
      }
      for (; w < end; w += 16, patch += 16) {
        v128.store(patch, added<Kind>(v128.load(patch), factor, v128.load(w)));
      }
      patch += pitch - run;
    } else {
      for (let t: usize = 0; t < run; t += 4) {
        let weight = load<f32>(w + t);
        if (sizeof<Kind>() == 2) weight *= weight;
        store<f32>(patch + t, load<f32>(patch + t) + c * weight);
      }
      w += run;
      patch += pitch;
    }
  }
}

function added<Kind>(patch: v128, factor: v128, weights: v128): v128 {
  if (sizeof<Kind>() == 2) weights = f32x4.mul(weights, weights);
  return f32x4.add(patch, f32x4.mul(factor, weights));
}

/** Synthesis of one row, the transpose of analyseRow: adds factor x code entry x filter to each patch. */
export function synthesiseRow<Kind>(
  corner: usize,
  hop: usize,
  columns: i32,
  planeCount: i32,
  index: i32,
  from: usize,
  stride: i32,
  factor: f32,
): void {
  for (let plane = 0; plane < planeCount; ++plane) {
    const mirrored = plane >= filters;
    const w = rows + <usize>(mirrored ? plane - filters : plane) * filterBytes();
    const signed = mirrored && sizeof<Kind>() == 1 ? -factor : factor;
    for (let column = 0; column < columns; ++column) {
      const entry = load<f32>(from + ((<usize>column) << 2));
      if (entry != 0) addPatch<Kind>(patchAt(corner, hop, column, index), signed * entry, w);
    }
    from += (<usize>stride) << 2;
    if (index >= 0) index += stride;
  }
}

/** z = A image, for the switches of the code. */
export function analyseAtSwitches(image: usize, z: usize): void {
  const regions = pooledHeight * pooledWidth;
  for (let row = 0; row < pooledHeight; ++row) {
    const first = row * pooledWidth;
    const corner = regionRow(image, row);
    analyseRow(corner, regionStep(), pooledWidth, planes, first, z + ((<usize>first) << 2), regions);
  }
}

/** image += factor x A' z, for the switches of the code (Squared: of the squares of A's entries). */
export function synthesise<Kind>(z: usize, image: usize, factor: f32): void {
  const regions = pooledHeight * pooledWidth;
  for (let row = 0; row < pooledHeight; ++row) {
    const first = row * pooledWidth;
    const corner = regionRow(image, row);
    const from = z + ((<usize>first) << 2);
    synthesiseRow<Kind>(corner, regionStep(), pooledWidth, planes, first, from, regions, factor);
  }
}
