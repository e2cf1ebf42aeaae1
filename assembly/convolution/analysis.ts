// Analysis W x fused with max-pooling: the K x n activations are never stored.
//
// For a row of regions, for a block of filters, for each region: tiles of 4 positions are computed and
// taken into a running maximum. Up to 4 positions a region, one tile holds as many whole regions as fit.
// The row goes outside the blocks, so that its band of the image stays near while the filters stream.

import { bias, scratch, TILE_FLOATS, tiles } from "../arena";
import {
  filterRow,
  filters,
  filtersPadded,
  kernelHeight,
  pooledHeight,
  pooledWidth,
  positions,
  RECTIFIER_CRELU,
  rectifier,
} from "../geometry";
import {
  beginPeak,
  beginRegion,
  finitePeak,
  loadPrevious,
  RUNNING_BYTES,
  reduce,
  storeRegion,
} from "../pooling";
import { blockWidth } from "./filters";
import { offsetOf, regionRow, regionStep } from "./regions";
import { Eight, Four, Twelve, tile } from "./tile";

function computeTile(wide: i32, p0: usize, p1: usize, p2: usize, p3: usize, w: usize): void {
  if (wide == 12) tile<Twelve>(p0, p1, p2, p3, w, scratch);
  else if (wide == 8) tile<Eight>(p0, p1, p2, p3, w, scratch);
  else tile<Four>(p0, p1, p2, p3, w, scratch);
}

/** The patch of a tile's slot; spare slots repeat the first. */
function slotPatch(corner: usize, slot: i32, slots: i32): usize {
  return slot < slots ? corner + offsetOf(<u32>slot) : corner;
}

/** One row of regions under one block of filters. */
function analyseRow(
  image: usize,
  row: i32,
  first: i32,
  wide: i32,
  w: usize,
  step: f32,
  previous: bool,
): void {
  const planeSize = <usize>(pooledHeight * pooledWidth);
  const count = min<i32>(wide, filters - first);
  const crelu = rectifier == RECTIFIER_CRELU;
  const positive = scratch + ((<usize>TILE_FLOATS) << 2);
  const negative = positive + RUNNING_BYTES;
  const addend: usize = previous ? 0 : bias + ((<usize>first) << 2);
  const across = positions < 4 ? 4 / positions : 1; // regions in one tile
  const hop = regionStep();
  const start = regionRow(image, row);
  for (let column = 0; column < pooledWidth; column += across) {
    const here = min<i32>(across, pooledWidth - column);
    const corner = start + <usize>column * hop;
    const slots = here * positions;
    for (let region = 0; region < here; ++region) {
      const index = <usize>first * planeSize + <usize>(row * pooledWidth + column + region);
      const mirrored = index + <usize>filters * planeSize;
      beginRegion(positive);
      if (previous) loadPrevious(positive, index, planeSize, count);
      if (crelu) {
        beginRegion(negative);
        if (previous) loadPrevious(negative, mirrored, planeSize, count);
      }
      for (let position = 0; position < positions; position += 4) {
        if (region == 0) {
          computeTile(
            wide,
            slotPatch(corner, position, slots),
            slotPatch(corner, position + 1, slots),
            slotPatch(corner, position + 2, slots),
            slotPatch(corner, position + 3, slots),
            w,
          );
        }
        const taken = min<i32>(4, positions - position);
        const from = scratch + <usize>((region * positions * wide) << 2);
        reduce(positive, from, wide, position, taken, step, addend, previous);
        if (crelu) reduce(negative, from, wide, position, taken, -step, addend, previous);
      }
      storeRegion(positive, index, planeSize, count);
      if (crelu) storeRegion(negative, mirrored, planeSize, count);
    }
  }
}

/**
 * The code of `image`: for each region the pooled entry of step x (W image + bias) and its switch. With
 * `previous`, of the code plus step x W image (no bias): the first half of an IHT iteration.
 * Returns false if an activation overflows.
 */
export function analyse(image: usize, step: f32, previous: bool): bool {
  const positive = scratch + ((<usize>TILE_FLOATS) << 2);
  const negative = positive + RUNNING_BYTES;
  beginPeak(positive);
  beginPeak(negative);
  for (let row = 0; row < pooledHeight; ++row) {
    let w = tiles;
    for (let first = 0; first < filtersPadded; ) {
      const wide = blockWidth(filtersPadded - first);
      analyseRow(image, row, first, wide, w, step, previous);
      w += (<usize>(wide * kernelHeight * filterRow)) << 2;
      first += wide;
    }
  }
  return finitePeak(positive) && finitePeak(negative);
}
