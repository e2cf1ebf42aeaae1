// Analysis W x fused with max-pooling: the K x n activations are never stored.
//
// For a row of regions, for a block of filters, for each region: tiles of 4 positions are computed and
// taken into a running maximum. Up to 4 positions a region, one tile holds as many whole regions as fit.
// The row goes outside the blocks, so that its band of the image stays near while the filters stream.

import { tile as activations, bias, CHUNK, records, tiles } from "../arena";
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
import { loadPrevious, RECORD, reduce, storeMaxima } from "../pooling";
import { blockWidth } from "./filters";
import { offsetOf, regionRow, regionStep } from "./regions";
import { Eight, Four, Twelve, tile } from "./tile";

function computeTile(wide: i32, p0: usize, p1: usize, p2: usize, p3: usize, w: usize): void {
  if (wide == 12) tile<Twelve>(p0, p1, p2, p3, w, activations);
  else if (wide == 8) tile<Eight>(p0, p1, p2, p3, w, activations);
  else tile<Four>(p0, p1, p2, p3, w, activations);
}

/** The patch of a tile's slot; spare slots repeat the first. */
function slotPatch(corner: usize, slot: i32, slots: i32): usize {
  return slot < slots ? corner + offsetOf(<u32>slot) : corner;
}

/** Takes `regions` regions, the first patch of the first at `corner`, into the records of one block. */
function reduceRegions(
  corner: usize,
  regions: i32,
  wide: i32,
  w: usize,
  step: f32,
  addend: usize,
  previous: bool,
): void {
  const crelu = rectifier == RECTIFIER_CRELU;
  const mirrored = records + <usize>CHUNK * RECORD;
  const across = positions < 4 ? 4 / positions : 1; // regions in one tile
  for (let column = 0; column < regions; column += across) {
    const here = min<i32>(across, regions - column);
    const slots = here * positions;
    for (let position = 0; position < positions; position += 4) {
      computeTile(
        wide,
        slotPatch(corner, position, slots),
        slotPatch(corner, position + 1, slots),
        slotPatch(corner, position + 2, slots),
        slotPatch(corner, position + 3, slots),
        w,
      );
      const taken = min<i32>(4, positions - position);
      for (let region = 0; region < here; ++region) {
        const from = activations + ((<usize>(region * positions * wide)) << 2);
        const record = <usize>(column + region) * RECORD;
        reduce(records + record, from, wide, position, taken, step, addend, previous);
        if (crelu) reduce(mirrored + record, from, wide, position, taken, -step, addend, previous);
      }
    }
    corner += <usize>across * regionStep();
  }
}

/** One row of regions under one block of filters, chunk by chunk. */
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
  const mirrored = records + <usize>CHUNK * RECORD;
  const addend: usize = previous ? 0 : bias + ((<usize>first) << 2);
  for (let column = 0; column < pooledWidth; column += CHUNK) {
    const regions = min<i32>(CHUNK, pooledWidth - column);
    const index = <usize>first * planeSize + <usize>(row * pooledWidth + column);
    const mirroredIndex = index + <usize>filters * planeSize;
    if (previous) loadPrevious(records, regions, index, count, planeSize);
    if (previous && crelu) loadPrevious(mirrored, regions, mirroredIndex, count, planeSize);
    const corner = regionRow(image, row) + <usize>column * regionStep();
    reduceRegions(corner, regions, wide, w, step, addend, previous);
    storeMaxima(records, regions, index, count, planeSize);
    if (crelu) storeMaxima(mirrored, regions, mirroredIndex, count, planeSize);
  }
}

/**
 * The code of `image`: for each region the pooled entry of step x (W image + bias) and its switch. With
 * `previous`, of the code plus step x W image (no bias): the first half of an IHT iteration.
 */
export function analyse(image: usize, step: f32, previous: bool): void {
  for (let row = 0; row < pooledHeight; ++row) {
    let w = tiles;
    for (let first = 0; first < filtersPadded; ) {
      const wide = blockWidth(filtersPadded - first);
      analyseRow(image, row, first, wide, w, step, previous);
      w += (<usize>(wide * kernelHeight * filterRow)) << 2;
      first += wide;
    }
  }
}
