// Max-pooling of 2 x 2 regions straight from the activations to the code, by the rule of pooling.ts.
//
// Four regions under four filters at a time: their maxima wait in `square`, [region][filter], and are turned over
// into rows of the code. Nothing runs over a region's positions one by one, so no record is kept.

import { activations, square, switches, values } from "./arena";
import { RECTIFIER_NONE, rectifier } from "./geometry";

const VALUES: usize = 0; // f32 [4][4]
const SWITCHES: usize = 64; // i32 [4][4]
const PREVIOUS_VALUES: usize = 128; // f32 [4][4]
const PREVIOUS_SWITCHES: usize = 192; // i32 [4][4]

/** Bytes between the activations of two positions, and of two regions: [region][position][8 filters]. */
const POSITION: usize = 32;
const REGION: usize = 128;

/**
 * Pools the regions of one group, at most 4, under a block of `wide` filters, of which `count` exist. The first
 * region of the first filter has code index `first`. An entry is step x (activation + bias), plus the previous
 * value where its switch is; `bias` may be null.
 */
export function poolSquares(
  wide: i32,
  regions: i32,
  first: usize,
  count: i32,
  planeSize: usize,
  step: f32,
  bias: usize,
  previous: bool,
): void {
  for (let f = 0; f < wide; f += 4) {
    const index = first + <usize>f * planeSize;
    const lanes = min<i32>(4, count - f);
    const from = activations + ((<usize>f) << 2);
    if (previous) loadSquare(index, regions, lanes, planeSize);
    if (ASC_FEATURE_SIMD) {
      const shift = bias ? v128.load(bias + ((<usize>f) << 2)) : f32x4.splat(0);
      for (let r: usize = 0; r < 4; ++r) {
        poolRegion(from + r * REGION, square + (r << 4), f32x4.splat(step), shift, previous);
      }
    } else {
      for (let r: usize = 0; r < 4; ++r) {
        for (let lane: usize = 0; lane < 16; lane += 4) {
          const shift: f32 = bias ? load<f32>(bias + ((<usize>f) << 2) + lane) : 0;
          poolEntry(from + r * REGION + lane, square + (r << 4) + lane, step, shift, previous);
        }
      }
    }
    storeSquare(index, regions, lanes, planeSize);
  }
}

/** The entry at one position, of 4 filters. */
function entry(from: usize, to: usize, position: i32, step: v128, shift: v128, previous: bool): v128 {
  const h = f32x4.mul(step, f32x4.add(v128.load(from), shift));
  if (!previous) return h;
  const match = i32x4.eq(v128.load(to, PREVIOUS_SWITCHES), i32x4.splat(position));
  return f32x4.add(h, v128.and(v128.load(to, PREVIOUS_VALUES), match));
}

function key(h: v128): v128 {
  return rectifier == RECTIFIER_NONE ? f32x4.abs(h) : h;
}

/** One region under 4 filters, as a tournament: a later position wins only if it is larger. */
function poolRegion(from: usize, to: usize, step: v128, shift: v128, previous: bool): void {
  const h0 = entry(from, to, 0, step, shift, previous);
  const h1 = entry(from + POSITION, to, 1, step, shift, previous);
  const h2 = entry(from + 2 * POSITION, to, 2, step, shift, previous);
  const h3 = entry(from + 3 * POSITION, to, 3, step, shift, previous);
  const right = f32x4.gt(key(h1), key(h0));
  const lowerRight = f32x4.gt(key(h3), key(h2));
  const upper = v128.bitselect(h1, h0, right);
  const lower = v128.bitselect(h3, h2, lowerRight);
  const down = f32x4.gt(key(lower), key(upper));
  let value = v128.bitselect(lower, upper, down);
  // masks are -1 where they hold
  let kept = i32x4.neg(i32x4.add(i32x4.add(down, down), v128.bitselect(lowerRight, right, down)));
  if (rectifier != RECTIFIER_NONE) {
    const positive = f32x4.gt(value, f32x4.splat(0));
    value = v128.and(value, positive);
    kept = v128.and(kept, positive);
  }
  v128.store(to, value, VALUES);
  v128.store(to, kept, SWITCHES);
}

/** The scalar twin: one region under one filter. */
function poolEntry(from: usize, to: usize, step: f32, shift: f32, previous: bool): void {
  let largest: f32 = rectifier == RECTIFIER_NONE ? -1 : 0;
  let value: f32 = 0;
  let kept = 0;
  for (let position = 0; position < 4; ++position, from += POSITION) {
    let h = step * (load<f32>(from) + shift);
    if (previous) h += load<i32>(to, PREVIOUS_SWITCHES) == position ? load<f32>(to, PREVIOUS_VALUES) : 0;
    const candidate = rectifier == RECTIFIER_NONE ? abs<f32>(h) : h;
    if (candidate > largest) {
      largest = candidate;
      value = h;
      kept = position;
    }
  }
  store<f32>(to, value, VALUES);
  store<i32>(to, kept, SWITCHES);
}

/** 4 x 4 numbers from rows at `from`, `pitch` bytes apart, to columns at `to`, `hop` bytes apart. */
function turnOver(from: usize, pitch: usize, to: usize, hop: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + pitch);
  const c = v128.load(from + 2 * pitch);
  const d = v128.load(from + 3 * pitch);
  const ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(ab01, cd01, 0, 2));
  v128.store(to + hop, i64x2.shuffle(ab01, cd01, 1, 3));
  v128.store(to + 2 * hop, i64x2.shuffle(ab23, cd23, 0, 2));
  v128.store(to + 3 * hop, i64x2.shuffle(ab23, cd23, 1, 3));
}

/** The square to the code, as far as regions and filters go. */
function storeSquare(index: usize, regions: i32, lanes: i32, planeSize: usize): void {
  if (ASC_FEATURE_SIMD) {
    if (regions == 4 && lanes == 4) {
      turnOver(square, 16, values + (index << 2), planeSize << 2);
      turnOver(square + SWITCHES, 16, square + SWITCHES, 16);
      for (let lane: usize = 0; lane < 4; ++lane) {
        const wide = v128.load(square + (lane << 4), SWITCHES);
        const half = i16x8.narrow_i32x4_s(wide, wide);
        v128.store32_lane(switches + index + lane * planeSize, i8x16.narrow_i16x8_s(half, half), 0);
      }
      return;
    }
  }
  for (let lane: usize = 0; lane < <usize>lanes; ++lane, index += planeSize) {
    for (let r: usize = 0; r < <usize>regions; ++r) {
      const from = square + (r << 4) + (lane << 2);
      store<f32>(values + ((index + r) << 2), load<f32>(from, VALUES));
      store<u8>(switches + index + r, <u8>load<i32>(from, SWITCHES));
    }
  }
}

/** The code at the regions of the square, to be added at its switches. */
function loadSquare(index: usize, regions: i32, lanes: i32, planeSize: usize): void {
  if (ASC_FEATURE_SIMD) {
    if (regions == 4 && lanes == 4) {
      turnOver(values + (index << 2), planeSize << 2, square + PREVIOUS_VALUES, 16);
      for (let lane: usize = 0; lane < 4; ++lane) {
        const four = v128.load32_zero(switches + index + lane * planeSize);
        const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(four));
        v128.store(square + (lane << 4), wide, PREVIOUS_SWITCHES);
      }
      turnOver(square + PREVIOUS_SWITCHES, 16, square + PREVIOUS_SWITCHES, 16);
      return;
    }
  }
  for (let lane: usize = 0; lane < <usize>lanes; ++lane, index += planeSize) {
    for (let r: usize = 0; r < <usize>regions; ++r) {
      const to = square + (r << 4) + (lane << 2);
      store<f32>(to, load<f32>(values + ((index + r) << 2)), PREVIOUS_VALUES);
      store<i32>(to, load<u8>(switches + index + r), PREVIOUS_SWITCHES);
    }
  }
}
