// How an image is cut: from what the user asks for to equal tiles and their places.

import { UnpoolError } from "../errors.js";
import { MAX_MEMORY_BYTES, type Pair } from "../geometry.js";
import { gridOf, invalid, type TileGrid, tilesAlong, whole } from "./grid.js";

/** Size of an image, or of a tile, in pixels. */
export interface ImageSize {
  channels: number;
  height: number;
  width: number;
}

export interface TileOptions {
  /** No tile is larger, in pixels: a number or [height, width]. Default 224. */
  tile?: Pair;
  /** Rows and columns that neighbours share at least. Default 16; usualOverlap knows what a layer asks for. */
  overlap?: number;
  /**
   * Sizes of tiles are multiples of this where an image is cut: a number or [height, width]. With the layer's stride
   * times its pooling region, and padding of half the kernel, no row falls outside every region. Default 1.
   */
  multiple?: Pair;
}

/** An image and its tiles. */
export interface TilePlan extends TileGrid {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** The least that neighbours share, in pixels. */
  readonly overlap: number;
  readonly tileHeight: number;
  readonly tileWidth: number;
}

/**
 * As few equal tiles as cover an image, none larger than asked for, and no larger than that many need to be. An image
 * that fits into one tile is one tile, of its own size.
 * @throws UnpoolError "invalid-option": sizes that are no whole numbers of pixels, tiles that hold no multiple, an
 * overlap that leaves nothing of a tile. "too-large": too many tiles, or a band of one tile's height over 2 GiB.
 */
export function planTiles(
  image: ImageSize,
  { tile = 224, overlap = 16, multiple = 1 }: TileOptions = {},
): TilePlan {
  const most = pair("the tile", tile, 1);
  const unit = pair("the multiple", multiple, 1);
  whole("the overlap", overlap, 0);
  const [tileHeight, tileWidth] = [
    tileAlong("high", whole("the image's height", image?.height, 1), most[0], unit[0], overlap),
    tileAlong("wide", whole("the image's width", image.width, 1), most[1], unit[1], overlap),
  ];
  return planOf(image, tileHeight, tileWidth, overlap);
}

/**
 * The plan that a file's tiles were made by, from its header. A file without tiles has one, the whole image.
 * @param header as unpool/code reads it: the specification is of one tile, `image` the size of the whole.
 * @throws UnpoolError as planTiles does.
 */
export function planOfFile(header: {
  spec: { input: ImageSize | { channels: number; length: number } };
  image?: { height: number; width: number; overlap: number };
}): TilePlan {
  const { input } = header.spec;
  const tile = "length" in input ? { channels: input.channels, height: 1, width: input.length } : input;
  const image = header.image ?? { height: tile.height, width: tile.width, overlap: 0 };
  return planOf({ ...image, channels: tile.channels }, tile.height, tile.width, image.overlap);
}

function planOf(
  { channels, height, width }: ImageSize,
  tileHeight: number,
  tileWidth: number,
  overlap: number,
): TilePlan {
  whole("the number of channels", channels, 1);
  const grid = gridOf({ height, width }, tileHeight, tileWidth, overlap);
  const band = 4 * channels * tileHeight * width;
  if (band > MAX_MEMORY_BYTES) {
    throw new UnpoolError(
      "too-large",
      `a band of ${tileHeight} rows of ${channels} x ${width} numbers takes ${band} bytes; ${MAX_MEMORY_BYTES} are the most`,
    );
  }
  return { channels, height, width, overlap, tileHeight, tileWidth, ...grid };
}

/** Length of the tiles along one axis. */
function tileAlong(
  extent: "high" | "wide",
  length: number,
  most: number,
  unit: number,
  overlap: number,
): number {
  if (length <= most) return length;
  const limit = most - (most % unit);
  if (limit === 0) {
    throw invalid(`tiles at most ${most} pixels ${extent} hold no multiple of ${unit}`);
  }
  if (overlap >= limit) {
    throw invalid(`an overlap of ${overlap} pixels leaves nothing of tiles that are ${limit} ${extent}`);
  }
  const count = tilesAlong(length, limit, overlap);
  return Math.ceil((length + (count - 1) * overlap) / count / unit) * unit;
}

export function pair(name: string, value: Pair, least: number): readonly [number, number] {
  const [height, width, ...more] = Array.isArray(value) ? value : [value, value];
  if (more.length > 0) {
    throw invalid(`${name} has ${2 + more.length} numbers; it must have one, or [height, width]`);
  }
  return [whole(`${name}'s height`, height, least), whole(`${name}'s width`, width, least)];
}
