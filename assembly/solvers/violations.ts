// The inequalities of max-pooling: no entry of a region exceeds the one that was kept.
//
//   |h_j| <= |v|  without a rectifier;   h_j <= max(v, 0)  with one: all a zero region tells
//
// An active-set method for min 1/2 |A x - v|^2 + 1/2 |(|W x| - |v|)_+|^2: every entry that x makes too large becomes a
// row of A with the value it may have at most (a semismooth Newton step), conjugate gradients begin anew from x, and
// after some iterations the violations are looked for again. Where a code has too few numbers this takes 15 to 30 % off
// the error; where it has enough, nothing is violated.
//
// A survey costs W x without the fast convolution. There is room for half as many violations as the input has
// numbers: if there are more, a second survey takes the largest.

import { BINS, band, bins, capacity, rows, squares, values, violations, x } from "../arena";
import { filterOf } from "../convolution/filters";
import { columnPatch, surveyPlane } from "../convolution/survey";
import { patchDot } from "../convolution/switched";
import { addFilter } from "../convolution/synthesis";
import {
  filters,
  planes,
  pooledHeight,
  pooledWidth,
  positions,
  RECTIFIER_NONE,
  rectifier,
} from "../geometry";
import { codeSize, loadSwitch } from "../pooling";
import { axpy, dot, norm } from "../vector";
import { biasOf, codeFloats } from "./target";

/** An excess below this share of the values' root mean square is rounding. */
const ROUNDING: f64 = 2e-6;
/** From the bits of a positive number to its bin of 2048. */
const BIN_SHIFT: u32 = 20;

/** Rows beyond the switches that count now. */
export let count: i32 = 0;

// the parts of arena.violations, each u32 or f32 [capacity]
function patches(): usize {
  return violations;
}

function filterPointers(): usize {
  return violations + 4 * <usize>capacity;
}

function residuals(): usize {
  return violations + 8 * <usize>capacity;
}

function products(): usize {
  return violations + 12 * <usize>capacity;
}

/** Length of residuals and products in vectors: the rest is zero. */
function length(): i32 {
  return (count + 7) & ~7;
}

export function forgetViolations(): void {
  count = 0;
}

/** Finds the violations of x; their residuals are what they are too large by. Returns their number. */
export function findViolations(): i32 {
  memory.fill(bins, 0, (<usize>BINS) << 2);
  survey(<f32>((ROUNDING * norm(values, codeFloats())) / sqrt<f64>(<f64>codeSize())));
  if (count > <i32>capacity) survey(barOfLargest());
  count = min<i32>(count, <i32>capacity);
  const tail = (<usize>count) << 2;
  memory.fill(residuals() + tail, 0, ((<usize>length()) << 2) - tail);
  memory.fill(products() + tail, 0, ((<usize>length()) << 2) - tail);
  return count;
}

/**
 * The bar above which there is room for all, by the histogram that the first survey left; where the largest alone are
 * too many, the one just below them: of those the first are taken.
 */
function barOfLargest(): f32 {
  let above: u32 = 0;
  let bin = BINS - 1;
  for (; bin > 0; --bin) {
    const here = load<u32>(bins + ((<usize>bin) << 2));
    if (above > 0 && above + here > <u32>capacity) break;
    above += here;
    if (above > <u32>capacity) return reinterpret<f32>(((<u32>bin) << BIN_SHIFT) - 1);
  }
  return reinterpret<f32>(((<u32>bin + 1) << BIN_SHIFT) - 1);
}

/** Lists the violations of more than `bar` as far as there is room, and counts all, in `count` and by their size. */
function survey(bar: f32): void {
  count = 0;
  for (let row = 0; row < pooledHeight; ++row) {
    for (let plane = 0; plane < planes; ++plane) {
      surveyPlane(x, row, plane);
      const first = (plane * pooledHeight + row) * pooledWidth;
      for (let column = 0; column < pooledWidth; ++column) {
        surveyRegion(row, plane, column, first + column, bar);
      }
    }
  }
}

function surveyRegion(row: i32, plane: i32, column: i32, index: i32, bar: f32): void {
  const value = load<f32>(values + ((<usize>index) << 2));
  const counts = rectifier == RECTIFIER_NONE || value > 0;
  const kept = loadSwitch(<usize>index);
  const shift = biasOf(plane);
  for (let position = 0; position < positions; ++position) {
    if (counts && <u32>position == kept) continue;
    const h = load<f32>(band + ((<usize>(position * pooledWidth + column)) << 2)) + shift;
    const size = rectifier == RECTIFIER_NONE ? abs<f32>(h) : h;
    const excess = size - abs<f32>(value);
    if (!(excess > bar)) continue;
    const bin = bins + ((<usize>(reinterpret<u32>(excess) >> BIN_SHIFT)) << 2);
    store<u32>(bin, load<u32>(bin) + 1);
    if (count < <i32>capacity) {
      const at = (<usize>count) << 2;
      const mirrored = plane >= filters;
      store<u32>(patches() + at, <u32>columnPatch(row, column, position));
      store<u32>(filterPointers() + at, <u32>filterOf(mirrored ? plane - filters : plane));
      store<f32>(residuals() + at, h > 0 == mirrored ? excess : -excess);
    }
    ++count;
  }
}

/** Their products with the image at `image`. */
export function analyse(image: usize): void {
  for (let at: usize = 0; at < (<usize>count) << 2; at += 4) {
    store<f32>(
      products() + at,
      patchDot(image + <usize>load<u32>(patches() + at), <usize>load<u32>(filterPointers() + at)),
    );
  }
}

/** image += A'r, their part of it. */
export function synthesiseResidual(image: usize): void {
  for (let at: usize = 0; at < (<usize>count) << 2; at += 4) {
    addFilter(
      image + <usize>load<u32>(patches() + at),
      <usize>load<u32>(filterPointers() + at),
      load<f32>(residuals() + at),
    );
  }
}

/** image += the squares of their rows. */
export function synthesiseSquares(image: usize): void {
  for (let at: usize = 0; at < (<usize>count) << 2; at += 4) {
    const squared = <usize>load<u32>(filterPointers() + at) + squares - rows;
    addFilter(image + <usize>load<u32>(patches() + at), squared, 1);
  }
}

/** residuals += factor x products. */
export function advance(factor: f32): void {
  axpy(residuals(), factor, products(), length());
}

export function squaredResidual(): f64 {
  return dot(residuals(), residuals(), length());
}

export function squaredProduct(): f64 {
  return dot(products(), products(), length());
}
