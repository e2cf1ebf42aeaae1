// Rows to tiles: a band of one tile's height slides down the image.

import { counted } from "./counted.js";
import type { TilePlan } from "./plan.js";

/**
 * Cuts an image into its tiles, row of tiles by row of tiles. What is kept is one band, tileHeight x channels x width
 * numbers, of which the rows that the next tiles share stay. Rows are read when tiles are asked for, and no sooner.
 * @param rows from the top; each channels x width, planar. A row is copied before the next one is asked for.
 * @returns tiles, planar, channels x tileHeight x tileWidth; each a fresh array.
 * @throws UnpoolError "invalid-input": rows of another size, too few or too many.
 */
export async function* cutTiles(
  plan: TilePlan,
  rows: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): AsyncGenerator<Float32Array, void, undefined> {
  const { channels, height, width, tileHeight, tops, lefts } = plan;
  const rowLength = channels * width;
  const band = new Float32Array(tileHeight * rowLength);
  let read = 0;
  let tileRow = 0;
  for await (const row of counted(rows, height, [channels, width], "row")) {
    const top = tops[tileRow]!;
    band.set(row, (read - top) * rowLength);
    ++read;
    if (read < top + tileHeight) continue;
    for (const left of lefts) yield tileAt(plan, band, left);
    ++tileRow;
    const next = tops[tileRow];
    if (next !== undefined) band.copyWithin(0, (next - top) * rowLength);
  }
}

function tileAt(plan: TilePlan, band: Float32Array, left: number): Float32Array {
  const { channels, width, tileHeight, tileWidth } = plan;
  const tile = new Float32Array(channels * tileHeight * tileWidth);
  for (let c = 0; c < channels; ++c) {
    for (let y = 0; y < tileHeight; ++y) {
      const start = (y * channels + c) * width + left;
      tile.set(band.subarray(start, start + tileWidth), (c * tileHeight + y) * tileWidth);
    }
  }
  return tile;
}
