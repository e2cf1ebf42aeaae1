// A code and its filters as pictures.

import type { Code } from "unpool";
import { atlasOf } from "./atlas.js";
import type { Atlas } from "./messages.js";

type Colour = readonly [red: number, green: number, blue: number];
type Shape = readonly [planes: number, height: number, width: number];

/** Of zero: dark, so that what there is shines. */
const NOTHING: Colour = [30, 30, 36];
const POSITIVE: Colour = [255, 184, 77];
const NEGATIVE: Colour = [92, 184, 255];

/**
 * Of the four positions of a 2 x 2 region, row by row: blue, vermillion, sky blue and yellow of Okabe and Ito, which differ
 * in lightness too, for whoever does not see all hues. Those of other regions lie between these corners.
 */
const CORNERS: readonly [Colour, Colour, Colour, Colour] = [
  [0, 114, 178],
  [213, 94, 0],
  [86, 180, 233],
  [240, 228, 66],
];

/** Values by sign and magnitude, on one scale for all planes; by the root of the magnitude, as most are small. */
export function drawValues(values: Float32Array, [planes, height, width]: Shape): Atlas {
  const most = largest(values);
  return atlasOf(planes, height, width, (plane, pixel, data, at) => {
    const value = values[plane * height * width + pixel]!;
    mix(NOTHING, value < 0 ? NEGATIVE : POSITIVE, most > 0 ? Math.sqrt(Math.abs(value) / most) : 0, data, at);
  });
}

/**
 * Switches by position in their region, `pool` positions high and wide.
 * @param zeros whether a value of zero says that no entry was kept.
 */
export function drawSwitches(
  { values, switches }: Code,
  [planes, height, width]: Shape,
  pool: readonly [height: number, width: number],
  zeros: boolean,
): Atlas {
  const colours = positionColours(pool);
  return atlasOf(planes, height, width, (plane, pixel, data, at) => {
    const entry = plane * height * width + pixel;
    const position = switches[entry]!;
    // a network's switches have one position more, for nothing kept
    const kept = position < pool[0] * pool[1] && !(zeros && values[entry] === 0);
    for (let c = 0; c < 3; ++c) data[at + c] = kept ? colours[3 * position + c]! : NOTHING[c]!;
  });
}

/** Red, green and blue of each position of a region, row by row. */
export function positionColours([height, width]: readonly [number, number]): Uint8ClampedArray {
  const [topLeft, topRight, bottomLeft, bottomRight] = CORNERS;
  const colours = new Uint8ClampedArray(3 * height * width);
  for (let y = 0; y < height; ++y) {
    const down = height > 1 ? y / (height - 1) : 0;
    for (let x = 0; x < width; ++x) {
      const across = width > 1 ? x / (width - 1) : 0;
      for (let c = 0; c < 3; ++c) {
        const top = topLeft[c]! + across * (topRight[c]! - topLeft[c]!);
        const bottom = bottomLeft[c]! + across * (bottomRight[c]! - bottomLeft[c]!);
        colours[3 * (y * width + x) + c] = top + down * (bottom - top);
      }
    }
  }
  return colours;
}

/**
 * Filters of colour or grey pictures around mid-grey, on one scale; undefined where they have other channels.
 * @param weights filters x channels x height x width.
 */
export function drawFilters(
  weights: Float32Array,
  channels: number,
  [height, width]: readonly [number, number],
): Atlas | undefined {
  if (channels !== 1 && channels !== 3) return undefined;
  const most = largest(weights) || 1;
  const area = height * width;
  const filters = weights.length / (channels * area);
  return atlasOf(filters, height, width, (filter, pixel, data, at) => {
    for (let c = 0; c < 3; ++c) {
      const channel = channels === 3 ? c : 0;
      const weight = weights[(filter * channels + channel) * area + pixel]!;
      data[at + c] = 127.5 + (127.5 * weight) / most;
    }
  });
}

function mix(from: Colour, to: Colour, share: number, data: Uint8ClampedArray, at: number): void {
  for (let c = 0; c < 3; ++c) data[at + c] = from[c]! + share * (to[c]! - from[c]!);
}

function largest(numbers: Float32Array): number {
  let most = 0;
  for (let i = 0; i < numbers.length; ++i) most = Math.max(most, Math.abs(numbers[i]!));
  return most;
}
