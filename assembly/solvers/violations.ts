// The inequalities of max-pooling: no entry of a region exceeds the one that was kept.
//
//   |h_j| <= |v|  without a rectifier;   h_j <= max(v, 0)  with one: all a zero region tells
//
// An active-set method for min 1/2 |A x - v|^2 + 1/2 |(|W x| - |v|)_+|^2: every entry that x makes too large becomes a
// row of A with the value it may have at most (a semismooth Newton step), conjugate gradients begin anew from x, and
// after some iterations the violations are looked for again. Where a code has too few numbers this takes 15 to 30 % off
// the error; where it has enough, nothing is violated.
//
// A survey costs W x without the fast convolution. There is room for a number of violations: if there are more, the bar
// is raised to half the largest, until they fit; of those that do not fit even then the first are taken.

import { band, capacity, rows, squares, values, violations, x } from "../arena";
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
/** Where the bar begins, as a share of the largest excess, if there is no room for all. */
const FIRST_BAR: f32 = 0.03125;

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
  let bar = <f32>((ROUNDING * norm(values, codeFloats())) / sqrt<f64>(<f64>codeSize()));
  const largest = survey(bar);
  while (count > <i32>capacity && bar + bar < largest) {
    bar = max<f32>(2 * bar, FIRST_BAR * largest);
    survey(bar);
  }
  count = min<i32>(count, <i32>capacity);
  const tail = (<usize>count) << 2;
  memory.fill(residuals() + tail, 0, ((<usize>length()) << 2) - tail);
  memory.fill(products() + tail, 0, ((<usize>length()) << 2) - tail);
  return count;
}

/** Lists the violations of more than `bar`, as far as there is room, and counts all; returns the largest. */
function survey(bar: f32): f32 {
  let largest: f32 = 0;
  count = 0;
  for (let row = 0; row < pooledHeight; ++row) {
    for (let plane = 0; plane < planes; ++plane) {
      surveyPlane(x, row, plane);
      const first = (plane * pooledHeight + row) * pooledWidth;
      for (let column = 0; column < pooledWidth; ++column) {
        largest = max<f32>(largest, surveyRegion(row, plane, column, first + column, bar));
      }
    }
  }
  return largest;
}

function surveyRegion(row: i32, plane: i32, column: i32, index: i32, bar: f32): f32 {
  const value = load<f32>(values + ((<usize>index) << 2));
  const counts = rectifier == RECTIFIER_NONE || value > 0;
  const kept = loadSwitch(<usize>index);
  const shift = biasOf(plane);
  let largest: f32 = 0;
  for (let position = 0; position < positions; ++position) {
    if (counts && <u32>position == kept) continue;
    const h = load<f32>(band + ((<usize>(position * pooledWidth + column)) << 2)) + shift;
    const size = rectifier == RECTIFIER_NONE ? abs<f32>(h) : h;
    const excess = size - abs<f32>(value);
    if (!(excess > bar)) continue;
    largest = max<f32>(largest, excess);
    if (count < <i32>capacity) {
      const at = (<usize>count) << 2;
      const mirrored = plane >= filters;
      store<u32>(patches() + at, <u32>columnPatch(row, column, position));
      store<u32>(filterPointers() + at, <u32>filterOf(mirrored ? plane - filters : plane));
      store<f32>(residuals() + at, h > 0 == mirrored ? excess : -excess);
    }
    ++count;
  }
  return largest;
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
