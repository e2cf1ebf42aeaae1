// Other ways to blend an overlap than the library's, on the same tiles: a plain weighted mean in float64.

import { seamErrors } from "./seams.mjs";

/** What a tile counts at t, from 0 at its border to 1 where the overlap ends. */
export const RAMPS = {
  "cut in the middle": (t) => (t < 0.5 ? 0 : t > 0.5 ? 1 : 0.5),
  "straight line": (t) => t,
  "smooth, 3t² − 2t³": (t) => t * t * (3 - 2 * t),
  "line, flat for a quarter": (t) => Math.max(0, Math.min(1, 2 * t - 1 / 2)),
  "line, flat for an eighth": (t) => Math.max(0, Math.min(1, (8 * t - 1) / 6)),
};

/** Weights of tile i along an axis; overlaps of two tiles only. */
function weights(starts, tile, i, ramp) {
  const shared = (j) => starts[j] + tile - starts[j + 1];
  return Float64Array.from({ length: tile }, (_, k) => {
    const up = i > 0 && k < shared(i - 1) ? ramp((k + 0.5) / shared(i - 1)) : 1;
    const down = i < starts.length - 1 && tile - k <= shared(i) ? ramp((tile - k - 0.5) / shared(i)) : 1;
    return up * down;
  });
}

/**
 * Errors at the seams of tiles that are joined by a ramp.
 * @param {import("../../src/tiles/plan.js").TilePlan} plan
 * @param {Float32Array[]} tiles
 * @param {Float32Array[]} truth rows
 */
export function errorsBy(ramp, plan, tiles, truth) {
  const { channels, height, width, tileHeight, tileWidth, tops, lefts } = plan;
  const rows = Array.from({ length: height }, () => new Float64Array(channels * width));
  for (const [number, tile] of tiles.entries()) {
    const [row, column] = [Math.floor(number / lefts.length), number % lefts.length];
    const down = weights(tops, tileHeight, row, ramp);
    const across = weights(lefts, tileWidth, column, ramp);
    for (let c = 0; c < channels; ++c) {
      for (let y = 0; y < tileHeight; ++y) {
        for (let x = 0; x < tileWidth; ++x) {
          rows[tops[row] + y][c * width + lefts[column] + x] +=
            down[y] * across[x] * tile[(c * tileHeight + y) * tileWidth + x];
        }
      }
    }
  }
  const errors = seamErrors(plan);
  for (const [y, row] of rows.entries()) errors.row(y, row, truth[y]);
  return errors.result();
}
