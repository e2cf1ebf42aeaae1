// Max-pooling that keeps its switches, and the k largest: M(z, k), the structured sparse approximation.
//
// The rule, once: a region keeps the entry with the largest key; the key is |h| without a rectifier and
// max(h, 0) with one; the lowest position wins a tie. So a rectified region without a positive entry
// keeps value 0 and switch 0, as PyTorch's max_pool2d(relu(h)) does.

import { BINS, BLOCK, bins, RECORD_FLOATS, switches, values } from "./arena";
import {
  planes,
  pooledHeight,
  pooledWidth,
  positions,
  RECTIFIER_NONE,
  rectifier,
  switchBytes,
} from "./geometry";

const LANES: usize = (<usize>BLOCK) << 2; // bytes of one number a filter of a tile

// One running maximum under a block of filters, a record of arena.records: five rows of BLOCK.
const KEY: usize = 0; // f32: largest key so far
const VALUE: usize = LANES; // f32: the entry that has it
const POSITION: usize = 2 * LANES; // i32: its position in the region
const PREVIOUS_VALUE: usize = 3 * LANES; // f32: what is added at the previous switch
const PREVIOUS_SWITCH: usize = 4 * LANES; // i32
/** Bytes of one record. */
export const RECORD: usize = (<usize>RECORD_FLOATS) << 2;

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

export function valueAt(index: usize): f32 {
  return load<f32>(values + (index << 2));
}

/** No switch. */
export const NONE: u32 = 0xffffffff;

/** The switch of an entry of the code, NONE where its value is 0. */
export function supportAt(index: usize): u32 {
  return valueAt(index) == 0 ? NONE : loadSwitch(index);
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

/**
 * Reads the entries of `regions` regions in `count` planes, the first of them at code index `first`, into
 * their records, to be added at their switches.
 */
export function loadPrevious(records: usize, regions: i32, first: usize, count: i32, planeSize: usize): void {
  for (let f = 0; f < count; ++f) {
    let index = first + <usize>f * planeSize;
    let lane = records + ((<usize>f) << 2);
    for (let i = 0; i < regions; ++i, ++index, lane += RECORD) {
      store<f32>(lane, load<f32>(values + (index << 2)), PREVIOUS_VALUE);
      store<u32>(lane, loadSwitch(index), PREVIOUS_SWITCH);
    }
  }
}

/**
 * Writes the maxima of `regions` regions to the code: plane by plane, in rows. (Written region by region,
 * across all planes at once, they cost a quarter of the whole encoding in misses of the page tables.)
 */
export function storeMaxima(records: usize, regions: i32, first: usize, count: i32, planeSize: usize): void {
  for (let f = 0; f < count; ++f) {
    let index = first + <usize>f * planeSize;
    let lane = records + ((<usize>f) << 2);
    for (let i = 0; i < regions; ++i, ++index, lane += RECORD) {
      store<f32>(values + (index << 2), load<f32>(lane, VALUE));
      storeSwitch(index, load<u32>(lane, POSITION));
    }
  }
}

/**
 * Takes the activations of `count` positions, from `position` on, into the running maximum, which position
 * 0 starts anew. An entry is step x (activation + bias), plus the previous value where its switch is;
 * `bias` may be null.
 */
export function reduce(
  record: usize,
  activations: usize,
  wide: i32,
  position: i32,
  count: i32,
  step: f32,
  bias: usize,
  previous: bool,
): void {
  const bytes = (<usize>wide) << 2;
  const end = activations + <usize>count * LANES;
  // below every key without a rectifier; zero, kept at position 0, with one
  const leastKey: f32 = rectifier == RECTIFIER_NONE ? -1 : 0;
  if (ASC_FEATURE_SIMD) {
    const factor = f32x4.splat(step);
    for (let f: usize = 0; f < bytes; f += 16) {
      const lane = record + f;
      let key = f32x4.splat(leastKey);
      let value = f32x4.splat(0);
      let kept = value;
      if (position > 0) {
        key = v128.load(lane, KEY);
        value = v128.load(lane, VALUE);
        kept = v128.load(lane, POSITION);
      }
      let here = i32x4.splat(position);
      const shift = bias ? v128.load(bias + f) : f32x4.splat(0);
      for (let from = activations + f; from < end + f; from += LANES) {
        let h = f32x4.mul(factor, f32x4.add(v128.load(from), shift));
        if (previous) {
          const match = i32x4.eq(v128.load(lane, PREVIOUS_SWITCH), here);
          h = f32x4.add(h, v128.and(v128.load(lane, PREVIOUS_VALUE), match));
        }
        const candidate = rectifier == RECTIFIER_NONE ? f32x4.abs(h) : h;
        const larger = f32x4.gt(candidate, key);
        key = f32x4.pmax(key, candidate);
        value = v128.bitselect(h, value, larger);
        kept = v128.bitselect(here, kept, larger);
        here = i32x4.add(here, i32x4.splat(1));
      }
      v128.store(lane, key, KEY);
      v128.store(lane, value, VALUE);
      v128.store(lane, kept, POSITION);
    }
  } else {
    for (let f: usize = 0; f < bytes; f += 4) {
      const lane = record + f;
      if (position == 0) {
        store<f32>(lane, leastKey, KEY);
        store<f32>(lane, 0, VALUE);
        store<i32>(lane, 0, POSITION);
      }
      const shift: f32 = bias ? load<f32>(bias + f) : 0;
      let here = position;
      for (let from = activations + f; from < end + f; from += LANES) {
        let h = step * (load<f32>(from) + shift);
        if (previous) h += load<i32>(lane, PREVIOUS_SWITCH) == here ? load<f32>(lane, PREVIOUS_VALUE) : 0;
        const candidate = rectifier == RECTIFIER_NONE ? abs<f32>(h) : h;
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
