// Where a reconstruction is wrong, as a picture.

import type { Picture } from "../../index.js";
import type { PlanarImage } from "../../pictures/planar.js";

/** Differences are shown so many times as large: the brightest colour is 1/8 of the range, and more. */
export const AMPLIFICATION = 8;

/** Mean over the channels of |estimate - truth|, amplified, on the colours of RAMP. */
export function differenceMap(estimate: Float32Array, truth: PlanarImage): Picture {
  const { planes, channels, width, height } = truth;
  const area = width * height;
  const data = new Uint8ClampedArray(4 * area);
  for (let i = 0; i < area; ++i) {
    let sum = 0;
    for (let c = 0; c < channels; ++c) sum += Math.abs(estimate[i + c * area]! - planes[i + c * area]!);
    data.set(heat((AMPLIFICATION * sum) / channels), 4 * i);
  }
  return { data, width, height };
}

/** The colours of the maps from 0 on the left to 1/AMPLIFICATION on the right, on clear ground. */
export function scale(width: number, height: number): Picture {
  const data = new Uint8ClampedArray(4 * width * height);
  const band = Math.ceil(height / 20);
  for (let i = 0; i < width * band; ++i) data.set(heat((i % width) / width), 4 * i);
  return { data, width, height };
}

/** Stops of the ramp, evenly spaced; brightness grows all the way. */
export const RAMP = [
  [0, 0, 0],
  [87, 16, 110],
  [188, 55, 84],
  [249, 142, 9],
  [252, 255, 164],
] as const;

/** The colour of t: black at 0, the last stop at 1 and above. */
function heat(t: number): [red: number, green: number, blue: number, alpha: number] {
  const place = Math.min(1, t) * (RAMP.length - 1);
  const stop = Math.min(RAMP.length - 2, Math.floor(place));
  const mix = (c: 0 | 1 | 2) => RAMP[stop]![c] + (place - stop) * (RAMP[stop + 1]![c] - RAMP[stop]![c]);
  return [mix(0), mix(1), mix(2), 255];
}
