// Max-pooling that keeps its switches, and the k largest: M(z, k), the structured sparse approximation.
//
// The rule, once: a region keeps the entry with the largest key; the key is |h| without a rectifier and
// max(h, 0) with one; the lowest position wins a tie. So a rectified region without a positive entry
// keeps value 0 and switch 0, as PyTorch's max_pool2d(relu(h)) does.

import { BINS, bins, switches, TILE_FILTERS, values } from "./arena";
import {
  planes,
  pooledHeight,
  pooledWidth,
  positions,
  RECTIFIER_NONE,
  rectifier,
  switchBytes,
} from "./geometry";

const LANES: usize = (<usize>TILE_FILTERS) << 2; // bytes of one number a filter of a tile

// One running maximum, inside arena.scratch: five rows of TILE_FILTERS.
const KEY: usize = 0; // f32: largest key so far
const VALUE: usize = LANES; // f32: the entry that has it
const POSITION: usize = 2 * LANES; // i32: its position in the region
const PREVIOUS_VALUE: usize = 3 * LANES; // f32: what is added at the previous switch
const PREVIOUS_SWITCH: usize = 4 * LANES; // i32
const PEAK: usize = 5 * LANES; // f32[4]: largest |entry| seen
/** Bytes of one running maximum. */
export const RUNNING_BYTES: usize = 5 * LANES + 16;

export function loadSwitch(index: usize): u32 {
  if (switchBytes == 1) return load<u8>(switches + index);
  if (switchBytes == 2) return load<u16>(switches + (index << 1));
  return load<u32>(switches + (index << 2));
}

export function storeSwitch(index: usize, position: u32): void {
  if (switchBytes == 1) store<u8>(switches + index, <u8>position);
  else if (switchBytes == 2) store<u16>(switches + (index << 1), <u16>position);
  else store<u32>(switches + (index << 2), position);
}

/** Entries of the code. */
export function codeSize(): i32 {
  return planes * pooledHeight * pooledWidth;
}

/** False if a switch of the code lies outside its region. */
export function switchesFit(): bool {
  const n = <usize>codeSize();
  for (let i: usize = 0; i < n; ++i) {
    if (loadSwitch(i) >= <u32>positions) return false;
  }
  return true;
}

/** Forgets the maximum: below every key without a rectifier, zero at position 0 with one. */
export function beginRegion(running: usize): void {
  const key: f32 = rectifier == RECTIFIER_NONE ? -1 : 0;
  for (let f: usize = 0; f < LANES; f += 4) {
    store<f32>(running + f, key, KEY);
    store<f32>(running + f, 0, VALUE);
    store<i32>(running + f, 0, POSITION);
  }
}

/** Reads the region's entry of the code into the running maximum, to be added at its switch. */
export function loadPrevious(running: usize, first: usize, planeSize: usize, count: i32): void {
  for (let f = 0; f < count; ++f) {
    const index = first + <usize>f * planeSize;
    const lane = running + ((<usize>f) << 2);
    store<f32>(lane, load<f32>(values + (index << 2)), PREVIOUS_VALUE);
    store<i32>(lane, <i32>loadSwitch(index), PREVIOUS_SWITCH);
  }
}

/**
 * Takes the activations of `count` positions, from `position` on, into the running maximum. An entry is
 * step x (activation + bias), plus the previous value where its switch is; `bias` may be null.
 */
export function reduce(
  running: usize,
  activations: usize,
  wide: i32,
  position: i32,
  count: i32,
  step: f32,
  bias: usize,
  previous: bool,
): void {
  const pitch = (<usize>wide) << 2;
  const end = activations + <usize>count * pitch;
  if (ASC_FEATURE_SIMD) {
    const factor = f32x4.splat(step);
    let peak = v128.load(running, PEAK);
    for (let f: usize = 0; f < pitch; f += 16) {
      const lane = running + f;
      let key = v128.load(lane, KEY);
      let value = v128.load(lane, VALUE);
      let kept = v128.load(lane, POSITION);
      let here = i32x4.splat(position);
      for (let from = activations + f; from < end + f; from += pitch) {
        let h = v128.load(from);
        if (bias) h = f32x4.add(h, v128.load(bias + f));
        h = f32x4.mul(factor, h);
        if (previous) {
          const match = i32x4.eq(v128.load(lane, PREVIOUS_SWITCH), here);
          h = f32x4.add(h, v128.and(v128.load(lane, PREVIOUS_VALUE), match));
        }
        const magnitude = f32x4.abs(h);
        peak = f32x4.max(peak, magnitude);
        const candidate = rectifier == RECTIFIER_NONE ? magnitude : h;
        const larger = f32x4.gt(candidate, key);
        key = v128.bitselect(candidate, key, larger);
        value = v128.bitselect(h, value, larger);
        kept = v128.bitselect(here, kept, larger);
        here = i32x4.add(here, i32x4.splat(1));
      }
      v128.store(lane, key, KEY);
      v128.store(lane, value, VALUE);
      v128.store(lane, kept, POSITION);
    }
    v128.store(running, peak, PEAK);
  } else {
    for (let f: usize = 0; f < pitch; f += 4) {
      const lane = running + f;
      let here = position;
      for (let from = activations + f; from < end + f; from += pitch) {
        let h = load<f32>(from);
        if (bias) h += load<f32>(bias + f);
        h *= step;
        if (previous) h += load<i32>(lane, PREVIOUS_SWITCH) == here ? load<f32>(lane, PREVIOUS_VALUE) : 0;
        const magnitude = abs<f32>(h);
        store<f32>(running, max<f32>(load<f32>(running, PEAK), magnitude), PEAK);
        const candidate = rectifier == RECTIFIER_NONE ? magnitude : h;
        if (candidate > load<f32>(lane, KEY)) {
          store<f32>(lane, candidate, KEY);
          store<f32>(lane, h, VALUE);
          store<i32>(lane, here, POSITION);
        }
        ++here;
      }
    }
  }
}

/** Forgets the largest magnitude seen. */
export function beginPeak(running: usize): void {
  memory.fill(running + PEAK, 0, 16);
}

/** True if no entry since beginPeak was infinite or not a number. */
export function finitePeak(running: usize): bool {
  for (let at = running + PEAK; at < running + PEAK + 16; at += 4) {
    if (!isFinite<f32>(load<f32>(at))) return false;
  }
  return true;
}

/** Writes the maxima of `count` planes, the first of them at `first`, to the code. */
export function storeRegion(running: usize, first: usize, planeSize: usize, count: i32): void {
  for (let f = 0; f < count; ++f) {
    const index = first + <usize>f * planeSize;
    const lane = running + ((<usize>f) << 2);
    store<f32>(values + (index << 2), load<f32>(lane, VALUE));
    storeSwitch(index, load<u32>(lane, POSITION));
  }
}

/** Counts `digit` of |values| that agree with `prefix` above it into the histogram. */
function countDigits(n: i32, shift: u32, digitBits: u32, prefix: u32): void {
  memory.fill(bins, 0, (<usize>BINS) << 2);
  const above = shift + digitBits;
  const mask = ((<u32>1) << digitBits) - 1;
  for (let i = 0; i < n; ++i) {
    const magnitude = load<u32>(values + ((<usize>i) << 2)) & 0x7fffffff;
    if (magnitude >> above != prefix >> above) continue;
    const bin = bins + ((<usize>((magnitude >> shift) & mask)) << 2);
    store<u32>(bin, load<u32>(bin) + 1);
  }
}

/**
 * Block-sparsify: keeps the k entries of the code of largest magnitude, the lowest index first among
 * equals, and clears the others (value 0, switch 0). The k-th magnitude is found exactly by a radix
 * selection over the bits of |value|, which order as unsigned integers do: 11 + 11 + 9 bits.
 */
export function keepLargest(k: i32): void {
  const n = codeSize();
  let threshold: u32 = 0; // the k-th largest magnitude, as bits
  let equals = <u32>k; // how many entries of exactly that magnitude are kept
  if (k < n) {
    for (let pass = 0; pass < 3; ++pass) {
      const shift: u32 = pass == 0 ? 20 : pass == 1 ? 9 : 0;
      const digitBits: u32 = pass == 2 ? 9 : 11;
      countDigits(n, shift, digitBits, threshold);
      let digit = ((<u32>1) << digitBits) - 1;
      for (;;) {
        const here = load<u32>(bins + ((<usize>digit) << 2));
        if (here >= equals) break;
        equals -= here;
        --digit;
      }
      threshold |= digit << shift;
    }
  }
  for (let i = 0; i < n; ++i) {
    const at = values + ((<usize>i) << 2);
    const magnitude = load<u32>(at) & 0x7fffffff;
    if (magnitude > threshold) continue;
    if (magnitude == threshold && magnitude != 0 && equals > 0) {
      --equals;
      continue;
    }
    store<f32>(at, 0);
    storeSwitch(<usize>i, 0);
  }
}
