// Analysis of patches as they are: four positions make a panel. A region of fewer positions shares its panel with its
// neighbours, a region of more takes several, and one that takes more than a batch holds is reduced batch by batch.

import { batch, batchTiles, bias, blocks, panels, products, records, split } from "../arena";
import {
  filterRow,
  filters,
  filtersPadded,
  kernelHeight,
  planes,
  pooledHeight,
  pooledWidth,
  positions,
} from "../geometry";
import { loadPrevious, RECORD, reduce, storeMaxima } from "../pooling";
import { blockWidth } from "./filters";
import { interleave } from "./panel";
import { offsetOf, regionPatch } from "./regions";
import { Again, Eight, Four, multiply, PATCH_PRODUCTS, PRODUCTS } from "./tile";

/** Steps of the micro-kernel: numbers in a filter. */
function steps(): usize {
  return <usize>(kernelHeight * filterRow);
}

/** Regions that share a tile, if they have fewer than 4 positions. */
function regionsAcross(): i32 {
  return positions < 4 ? 4 / positions : 1;
}

/** The region of a tile, or the first of those that share it, counted from the first of the batch. */
function tileRegion(t: i32): i32 {
  return positions < 4 ? t * regionsAcross() : t / ((positions + 3) >> 2);
}

/** The position, within its region and counted from the first of the batch, with which a tile begins. */
function tilePosition(t: i32): i32 {
  return positions < 4 ? 0 : (t % ((positions + 3) >> 2)) << 2;
}

/** The patch of a region's position, which may lie in one of the next regions of its tile; spare slots repeat the first. */
function slotPatch(image: usize, start: i32, count: i32, region: i32, position: i32): usize {
  if (positions < 4) {
    region += position / positions;
    position %= positions;
    if (region >= count) region = 0;
  } else if (position >= positions) position = 0;
  return regionPatch(image, start + region) + offsetOf(position);
}

/** Packs the patches of `tiles` tiles, the first of them at region `start` and position `position`. */
function packPatches(image: usize, start: i32, count: i32, position: i32, tiles: i32): void {
  const run = (<usize>filterRow) << 2;
  let to = panels;
  for (let t = 0; t < tiles; ++t) {
    const region = tileRegion(t);
    const first = position + tilePosition(t);
    interleave(
      slotPatch(image, start, count, region, first),
      slotPatch(image, start, count, region, first + 1),
      slotPatch(image, start, count, region, first + 2),
      slotPatch(image, start, count, region, first + 3),
      kernelHeight,
      run,
      to,
    );
    to += steps() * 16;
  }
}

/** Takes the products of the batch into the records of its regions. */
function reduceTiles(
  count: i32,
  position: i32,
  tiles: i32,
  wide: i32,
  step: f32,
  addend: usize,
  previous: bool,
  to: usize,
): void {
  for (let t = 0; t < tiles; ++t) {
    let from = products + <usize>t * PRODUCTS;
    let region = tileRegion(t);
    if (positions < 4) {
      for (const end = min<i32>(count, region + regionsAcross()); region < end; ++region) {
        reduce(to + <usize>region * RECORD, from, wide, 0, positions, step, addend, previous);
        from += <usize>positions * PATCH_PRODUCTS;
      }
    } else {
      const first = position + tilePosition(t);
      const taken = min<i32>(4, positions - first);
      reduce(to + <usize>region * RECORD, from, wide, first, taken, step, addend, previous);
    }
  }
}

/** `count` regions from `start` on: all their positions or, if regions are split, as many as a batch holds. */
function analyseBatch(image: usize, start: i32, count: i32, position: i32, step: f32, previous: bool): void {
  const planeSize = <usize>(pooledHeight * pooledWidth);
  const crelu = planes > filters;
  const left = (positions - position + 3) >> 2;
  const across = regionsAcross();
  const all = positions < 4 ? (count + across - 1) / across : count * left;
  const tiles = min<i32>(all, batchTiles);
  packPatches(image, start, count, position, tiles);
  let w = blocks;
  let record = records;
  for (let first = 0; first < filtersPadded; ) {
    const wide = blockWidth(filtersPadded - first);
    const lanes = min<i32>(wide, filters - first);
    const addend: usize = previous ? 0 : bias + ((<usize>first) << 2);
    const index = <usize>first * planeSize + <usize>start;
    const mirroredIndex = index + <usize>filters * planeSize;
    const mirrored = record + <usize>count * RECORD;
    if (previous && position == 0) {
      loadPrevious(record, count, index, lanes, planeSize);
      if (crelu) loadPrevious(mirrored, count, mirroredIndex, lanes, planeSize);
    }
    if (wide == 8) multiply<Eight, Again>(panels, w, products, steps(), tiles, steps() * 16, PRODUCTS);
    else multiply<Four, Again>(panels, w, products, steps(), tiles, steps() * 16, PRODUCTS);
    reduceTiles(count, position, tiles, wide, step, addend, previous, record);
    if (crelu) reduceTiles(count, position, tiles, wide, -step, addend, previous, mirrored);
    if (tiles == all) {
      storeMaxima(record, count, index, lanes, planeSize);
      if (crelu) storeMaxima(mirrored, count, mirroredIndex, lanes, planeSize);
    }
    if (split) record += 2 * RECORD;
    w += <usize>(wide * 4) * steps();
    first += wide;
  }
}

export function analysePatches(image: usize, step: f32, previous: bool): void {
  const regions = pooledHeight * pooledWidth;
  const stride = split ? 4 * batchTiles : positions;
  for (let start = 0; start < regions; start += batch) {
    const count = min<i32>(batch, regions - start);
    for (let position = 0; position < positions; position += stride) {
      analyseBatch(image, start, count, position, step, previous);
    }
  }
}
