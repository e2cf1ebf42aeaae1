// Synthesis: A'z, and W'z of a sparse code, added to an image.
//
// A code entry adds its coefficient times its filter to one patch. Entries of one region that share a switch share
// the patch: they are gathered in a list, the list is summed in registers, and the patch is read and written once.
// Entry by entry, which is how this began, cost more than twice as much: a patch was loaded while its neighbour, two
// columns to the left, still was on its way to memory.
//
// Order of summation: row of regions, region, switch; of a list, its filters one after the other, and their sum is
// added to the image. Regions of more than SHARED positions seldom share a switch: there every entry is a list.

import { LISTS, lists, rows, squares, switches } from "../arena";
import {
  filterRowPadded,
  filters,
  kernelHeight,
  planes,
  pooledHeight,
  pooledWidth,
  positions,
} from "../geometry";
import { loadSwitch } from "../pooling";
import { filterOf } from "./filters";
import { rowBytes } from "./image";
import { offsetOf, regionRow, regionStep } from "./regions";

/** Positions of a region up to which entries are gathered by switch. */
const SHARED: i32 = 16;
/** Regions whose lists are filled at once, at most: 16 values of a row are one line of the cache. */
const COLUMNS: i32 = 16;
/** Bytes from the filters to those that are synthesised: 0, or to their squares. */
let bank: usize = 0;
/** Bytes of an entry of a list: address of its filter, and its coefficient. */
const ENTRY: usize = 8;

/** Bytes of a list: the bytes of its entries, and room for every plane. */
function listBytes(): usize {
  return ENTRY * <usize>(planes + 1);
}

export function append(list: usize, filter: usize, coefficient: f32): void {
  const length = load<u32>(list) + <u32>ENTRY;
  store<u32>(list, length);
  store<u32>(list + <usize>length, <u32>filter);
  store<f32>(list + <usize>length, coefficient, 4);
}

/** Adds the sum of a list to a patch, and empties the list. */
export function addList(patch: usize, list: usize): void {
  const pitch = rowBytes();
  const run = (<usize>filterRowPadded) << 2;
  const first = list + ENTRY;
  const end = first + <usize>load<u32>(list);
  store<u32>(list, 0);
  let offset: usize = 0;
  for (let i = kernelHeight; i > 0; --i) {
    if (ASC_FEATURE_SIMD) {
      let t: usize = 0;
      for (; t + 64 <= run; t += 64) addFour(patch + t, first, end, offset + t);
      for (; t < run; t += 16) addOne(patch + t, first, end, offset + t);
    } else {
      for (let t: usize = 0; t < run; t += 4) {
        let sum: f32 = 0;
        for (let entry = first; entry < end; entry += ENTRY) {
          sum += load<f32>(entry, 4) * load<f32>(<usize>load<u32>(entry) + offset + t);
        }
        store<f32>(patch + t, load<f32>(patch + t) + sum);
      }
    }
    offset += run;
    patch += pitch;
  }
}

/** Adds coefficient x filter to one patch. */
export function addFilter(patch: usize, filter: usize, coefficient: f32): void {
  append(lists, filter, coefficient);
  addList(patch, lists);
}

/** Four vectors of a patch's row, whose place in the filters is `offset`. */
function addFour(patch: usize, first: usize, end: usize, offset: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let entry = first; entry < end; entry += ENTRY) {
    const w = <usize>load<u32>(entry) + offset;
    const c = v128.load32_splat(entry, 4);
    s0 = f32x4.add(s0, f32x4.mul(c, v128.load(w)));
    s1 = f32x4.add(s1, f32x4.mul(c, v128.load(w, 16)));
    s2 = f32x4.add(s2, f32x4.mul(c, v128.load(w, 32)));
    s3 = f32x4.add(s3, f32x4.mul(c, v128.load(w, 48)));
  }
  v128.store(patch, f32x4.add(v128.load(patch), s0));
  v128.store(patch, f32x4.add(v128.load(patch, 16), s1), 16);
  v128.store(patch, f32x4.add(v128.load(patch, 32), s2), 32);
  v128.store(patch, f32x4.add(v128.load(patch, 48), s3), 48);
}

function addOne(patch: usize, first: usize, end: usize, offset: usize): void {
  let sum = f32x4.splat(0);
  for (let entry = first; entry < end; entry += ENTRY) {
    const w = v128.load(<usize>load<u32>(entry) + offset);
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(entry, 4), w));
  }
  v128.store(patch, f32x4.add(v128.load(patch), sum));
}

/** Appends the entries of `count` regions under one filter to their lists; `places` may be null: all are 0. */
function fillLists(from: usize, places: usize, count: i32, positions: i32, filter: usize, factor: f32): void {
  const bytes = listBytes();
  const regionBytes = <usize>positions * bytes;
  let list = lists;
  for (const end = from + ((<usize>count) << 2); from < end; from += 4, list += regionBytes) {
    const entry = load<f32>(from);
    const place: usize = places ? <usize>load<u8>(places) : 0;
    if (places) ++places;
    if (entry != 0) append(list + place * bytes, filter, factor * entry);
  }
}

/**
 * Synthesis of one row, the transpose of analyseRow in switched.ts: adds factor x code entry x filter to each patch.
 * `corner` is the first patch, `hop` the bytes to the next; `index` is the code index of the first entry, whose
 * switches move the patches, or -1. The planes of `from` are `stride` floats apart.
 */
export function synthesiseRow(
  corner: usize,
  hop: usize,
  columns: i32,
  planeCount: i32,
  index: i32,
  from: usize,
  stride: i32,
  factor: f32,
): void {
  const places = index < 0 ? 1 : positions;
  const shared = places <= SHARED;
  const most = shared ? min<i32>(COLUMNS, LISTS / places) : COLUMNS;
  const bytes = listBytes();
  for (let column = 0; column < columns; column += most) {
    const count = min<i32>(most, columns - column);
    for (let plane = 0; plane < planeCount; ++plane) {
      const mirrored = plane >= filters;
      const filter = filterOf(mirrored ? plane - filters : plane) + bank;
      const signed = mirrored && bank == 0 ? -factor : factor;
      const at = <usize>(plane * stride + column);
      if (shared)
        fillLists(
          from + (at << 2),
          index < 0 ? 0 : switches + <usize>index + at,
          count,
          places,
          filter,
          signed,
        );
      else {
        for (let j: usize = 0; j < <usize>count; ++j) {
          const entry = load<f32>(from + ((at + j) << 2));
          if (entry == 0) continue;
          append(lists, filter, signed * entry);
          addList(corner + (<usize>column + j) * hop + offsetOf(loadSwitch(<usize>index + at + j)), lists);
        }
      }
    }
    if (!shared) continue;
    let list = lists;
    for (let j = 0; j < count; ++j) {
      const patch = corner + <usize>(column + j) * hop;
      for (let place = 0; place < places; ++place, list += bytes) {
        if (load<u32>(list) > 0) addList(patch + offsetOf(place), list);
      }
    }
  }
}

/** image += A' z, with the squares of A's entries: the squared norms of its columns, for a z of ones. */
export function synthesiseSquares(z: usize, image: usize): void {
  bank = squares - rows;
  synthesise(z, image, 1);
  bank = 0;
}

/** image += factor x A' z, for the switches of the code. */
export function synthesise(z: usize, image: usize, factor: f32): void {
  const regions = pooledHeight * pooledWidth;
  for (let row = 0; row < pooledHeight; ++row) {
    const first = row * pooledWidth;
    const corner = regionRow(image, row);
    const from = z + ((<usize>first) << 2);
    synthesiseRow(corner, regionStep(), pooledWidth, planes, first, from, regions, factor);
  }
}
