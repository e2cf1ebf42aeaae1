// Crops of photographs, as planes, by a fixed rule. The pictures are read from ../shared/data, or from the folder in
// UNPOOL_DATA; none is part of this repository.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";

const folder = join(process.env.UNPOOL_DATA ?? "../shared/data", "images");

/** On these the plans of src/plan.ts and the numbers of the prior were chosen. */
export const CHOSEN_ON = [
  "astronaut",
  "coffee",
  "500px_cvo9xd_keong_macan_srgb8",
  "64px_a2d1un_nkitzmiller_srgb8",
  "64px_l1qnb5_nkitzmiller_srgb8",
];
/** On these figures are reported. */
export const REPORTED_ON = [
  "chelsea",
  "flower_small.rgb",
  "500px_tmshre_riaphotographs_srgb8",
  "500px_u76c0g_bliznaca_srgb8",
];
/** Nothing but noise, of which no prior knows anything: reported apart. */
export const NOISE = ["64px_vgqcws_vin_srgb8"];

/** Where crops lie, as shares of the free height and width: the centre, and four places around it. */
const PLACES = [
  [0.5, 0.5],
  [0.3, 0.2],
  [0.7, 0.8],
  [0.85, 0.35],
  [0.15, 0.65],
];

/**
 * `count` crops, at most 5, of each photograph: { name, x }, x planar, 3 x size x size, in [0, 1].
 * @param {string[]} names
 * @param {string} [from] the folder with the photographs
 */
export function crops(names, size, count, from = folder) {
  return names.flatMap((name) => {
    const photograph = decode(readFileSync(join(from, `${name}.png`)));
    return PLACES.slice(0, count).map((place) => ({ name, x: cropped(photograph, place, size) }));
  });
}

function cropped({ data, width, height, channels }, [down, across], size) {
  const top = Math.floor((height - size) * down);
  const left = Math.floor((width - size) * across);
  const x = new Float32Array(3 * size * size);
  for (let i = 0; i < x.length; ++i) {
    const [plane, row, column] = [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
    x[i] = data[channels * ((top + row) * width + left + column) + plane] / 255;
  }
  return x;
}

export function relativeError(estimate, truth) {
  let error = 0;
  let size = 0;
  truth.forEach((value, i) => {
    error += (estimate[i] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(error / size);
}
