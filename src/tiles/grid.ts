// Where the tiles of an image lie. Whole numbers only, so that every reader of a file finds the same grid.

import { UnpoolError } from "../errors.js";
import { MAX_DIMENSION, show } from "../geometry.js";

/** The places of equal tiles, evenly spread over an image. */
export interface TileGrid {
  /** First row of each row of tiles, ascending; [0] is 0. */
  readonly tops: readonly number[];
  /** First column of each column of tiles, ascending; [0] is 0. */
  readonly lefts: readonly number[];
  /** Number of tiles: tops.length x lefts.length. They are numbered row by row. */
  readonly count: number;
}

/** No grid has more rows, or more columns. */
export const MAX_TILES_AN_AXIS = 65536;

/**
 * The grid of tiles of one size over an image: a function of these numbers alone. Along an axis of length L, tiles of
 * length t that overlap by at least o are n = ceil((L - o) / (t - o)), or one if t is L; tile i begins at
 * i (L - t) / (n - 1), rounded to the nearest whole number, halves up. The last one ends where the image does.
 * @param image in pixels.
 * @param tileHeight at most the image's.
 * @param tileWidth at most the image's.
 * @param overlap the least number of rows, or columns, that neighbours share; less than a tile's wherever there are
 * neighbours. Rounding, and evenness, may make it more.
 * @throws UnpoolError "invalid-option": numbers that are no such sizes. "too-large": more than MAX_TILES_AN_AXIS.
 */
export function gridOf(
  image: { height: number; width: number },
  tileHeight: number,
  tileWidth: number,
  overlap: number,
): TileGrid {
  whole("the image's height", image?.height, 1);
  whole("the image's width", image.width, 1);
  whole("the overlap", overlap, 0);
  const tops = origins("high", image.height, whole("the tiles' height", tileHeight, 1), overlap);
  const lefts = origins("wide", image.width, whole("the tiles' width", tileWidth, 1), overlap);
  return { tops, lefts, count: tops.length * lefts.length };
}

/** Number of tiles along an axis: both lengths and the overlap in pixels, tile <= length, overlap < tile if tile < length. */
export function tilesAlong(length: number, tile: number, overlap: number): number {
  return tile >= length ? 1 : Math.ceil((length - overlap) / (tile - overlap));
}

function origins(extent: "high" | "wide", length: number, tile: number, overlap: number): number[] {
  if (tile > length) {
    throw invalid(
      `the tiles are ${tile} pixels ${extent}, more than the image, which is ${length} ${extent}`,
    );
  }
  if (tile < length && overlap >= tile) {
    throw invalid(`an overlap of ${overlap} pixels leaves nothing of tiles that are ${tile} ${extent}`);
  }
  const count = tilesAlong(length, tile, overlap);
  if (count > MAX_TILES_AN_AXIS) {
    throw new UnpoolError(
      "too-large",
      `an image ${length} pixels ${extent} has ${count} tiles of ${tile} that overlap by ${overlap}; ${MAX_TILES_AN_AXIS} are the most along an axis`,
    );
  }
  const [span, steps] = [length - tile, Math.max(1, count - 1)];
  // i span / steps, to the nearest: a quotient of whole numbers, rounded down
  return Array.from({ length: count }, (_, i) => Math.floor((2 * i * span + steps) / (2 * steps)));
}

export function whole(name: string, value: unknown, least: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > MAX_DIMENSION) {
    throw invalid(
      `${name} is ${show(value)}; it must be a whole number of pixels from ${least} to ${MAX_DIMENSION}`,
    );
  }
  return value as number;
}

export function invalid(message: string): UnpoolError {
  return new UnpoolError("invalid-option", message);
}
