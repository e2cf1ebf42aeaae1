// How much each tile counts where tiles overlap. Weights are separable: one factor down, one across.
//
// A tile counts nothing at its outermost pixels, where fewest patches reach and a reconstruction errs most. Only
// + - * /, so that the bits are the same everywhere.

/**
 * The share of an overlap at either end of it where one of two tiles counts nothing. In between weights are a straight
 * line. Tried, errors in the overlaps as multiples of those elsewhere, K = 64 with padding and without
 * (experiments/tiles.mjs ramps): a cut in the middle 1.00 and 1.9, a straight line all the way 0.83 and 14,
 * 3t^2 - 2t^3 0.88 and 4.6, flat for a quarter 0.93 and 2.4; this 0.89 and 4.4. A larger overlap mends the latter.
 */
const FLAT = 1 / 8;

/** What tile number i counts along one axis, coordinate by coordinate of the tile. */
export interface Weights {
  /** Its weight: with those of all tiles there it sums to 1. Exactly 1 where it is alone. */
  own: Float64Array;
  /** The sum over the tiles before it: exactly 0 from where there is none that counts. */
  before: Float64Array;
}

/**
 * @param starts of the tiles, ascending.
 * @param length of each tile.
 */
export function weightsOf(starts: readonly number[], length: number, i: number): Weights {
  const own = new Float64Array(length);
  const before = new Float64Array(length);
  const start = starts[i]!;
  for (let k = 0; k < length; ++k) {
    const at = start + k;
    const mine = rise(starts, length, i, at);
    let earlier = 0;
    let later = 0;
    for (let j = i - 1; j >= 0 && starts[j]! + length > at; --j) earlier += rise(starts, length, j, at);
    for (let j = i + 1; starts[j]! <= at; ++j) later += rise(starts, length, j, at);
    const all = earlier + mine + later;
    own[k] = mine / all;
    before[k] = earlier / all;
  }
  return { own, before };
}

/** Before they sum to 1: what tile i counts at a coordinate inside it. Some tile counts more than 0. */
function rise(starts: readonly number[], length: number, i: number, at: number): number {
  const [previous, start, next] = [starts[i - 1], starts[i]!, starts[i + 1]];
  const up = previous === undefined ? 1 : ramp(at - start, previous + length - start);
  const down = next === undefined ? 1 : ramp(start + length - 1 - at, start + length - next);
  return up * down;
}

/** From 0 at the border of a tile to 1 where the overlap ends; of two tiles both sum to 1. */
function ramp(pixel: number, overlap: number): number {
  if (pixel >= overlap) return 1;
  const rise = ((pixel + 0.5) / overlap - FLAT) / (1 - 2 * FLAT);
  return rise < 0 ? 0 : rise > 1 ? 1 : rise;
}
