// Tiles to rows: blended into a band of one tile's height, which slides down the image.

import { type Weights, weightsOf } from "./blend.js";
import { counted } from "./counted.js";
import type { TilePlan } from "./plan.js";

/**
 * Joins tiles to the rows of their image. Where tiles overlap, a pixel is their mean with weights that sum to 1, taken
 * one tile after the other in the order of the tiles; everywhere else it is the tile's, bit for bit, and so it is
 * where all tiles agree. What is kept is one band, tileHeight x channels x width numbers. Tiles are asked for when
 * rows are, and no sooner.
 * @param tiles row by row, planar, channels x tileHeight x tileWidth. Each is used up before the next is asked for.
 * @returns rows from the top, channels x width, planar; each a fresh array.
 * @throws UnpoolError "invalid-input": tiles of another size, too few or too many.
 */
export async function* joinTiles(
  plan: TilePlan,
  tiles: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): AsyncGenerator<Float32Array, void, undefined> {
  const { channels, height, width, tileHeight, tileWidth, tops, lefts, count } = plan;
  const rowLength = channels * width;
  const band = new Float32Array(tileHeight * rowLength);
  let done = 0;
  for await (const tile of counted(tiles, count, [channels, tileHeight, tileWidth], "tile")) {
    const column = done % lefts.length;
    const row = (done - column) / lefts.length;
    blend(plan, band, tile, row, column);
    ++done;
    if (column < lefts.length - 1) continue;
    const finished = (tops[row + 1] ?? height) - tops[row]!;
    for (let y = 0; y < finished; ++y) yield band.slice(y * rowLength, (y + 1) * rowLength);
    band.copyWithin(0, finished * rowLength);
  }
}

/** Takes a tile into the running means of the band, tileHeight x channels x width. */
function blend(plan: TilePlan, band: Float32Array, tile: Float32Array, row: number, column: number): void {
  const { channels, width, tileHeight, tileWidth, tops, lefts } = plan;
  const down = weightsOf(tops, tileHeight, row);
  const across = weightsOf(lefts, tileWidth, column);
  const alone = across.before.indexOf(0);
  const shared = alone < 0 ? tileWidth : alone;
  const shares = new Float64Array(tileWidth);
  for (let y = 0; y < tileHeight; ++y) {
    const blended = down.before[y]! > 0 ? tileWidth : shared;
    sharesOf(down, y, across, shares);
    for (let c = 0; c < channels; ++c) {
      const from = (c * tileHeight + y) * tileWidth;
      const to = (y * channels + c) * width + lefts[column]!;
      for (let x = 0; x < blended; ++x) {
        const mean = band[to + x]!;
        band[to + x] = mean + shares[x]! * (tile[from + x]! - mean);
      }
      band.set(tile.subarray(from + blended, from + tileWidth), to + blended);
    }
  }
}

/** The tile's weight at each pixel of its row y, over the sum of those that are in the mean with it. */
function sharesOf(down: Weights, y: number, across: Weights, out: Float64Array): void {
  const [own, above] = [down.own[y]!, down.before[y]!];
  for (let x = 0; x < out.length; ++x) {
    const all = above + own * (across.before[x]! + across.own[x]!);
    // where nothing has counted yet, a tile below or beside will take the place of this one
    out[x] = all > 0 ? (own * across.own[x]!) / all : 1;
  }
}
