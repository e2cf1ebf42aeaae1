// Pictures of one size in a grid, a pixel apart. What is between them stays clear.

import type { Atlas } from "./messages.js";

/** Pictures in an atlas, and pixels of all of them, at most. */
const MOST_PICTURES = 64;
const MOST_PIXELS = 2 ** 22;

/** Writes red, green and blue of a pixel of a picture, 0 to 255, to `data` from `at` on. */
export type Paint = (picture: number, pixel: number, data: Uint8ClampedArray, at: number) => void;

/** The first pictures of so many, as many as an atlas has, in about a square. */
export function atlasOf(pictures: number, height: number, width: number, paint: Paint): Atlas {
  const count = Math.min(pictures, MOST_PICTURES, Math.max(1, Math.floor(MOST_PIXELS / (height * width))));
  const square = Math.round(Math.sqrt((count * (height + 1)) / (width + 1)));
  const columns = Math.min(count, Math.max(1, square));
  const rows = Math.ceil(count / columns);
  const wide = columns * (width + 1) - 1;
  const high = rows * (height + 1) - 1;
  const data = new Uint8ClampedArray(4 * wide * high);
  for (let picture = 0; picture < count; ++picture) {
    const column = picture % columns;
    const top = ((picture - column) / columns) * (height + 1);
    const left = column * (width + 1);
    for (let y = 0; y < height; ++y) {
      for (let x = 0; x < width; ++x) {
        const at = 4 * ((top + y) * wide + left + x);
        paint(picture, y * width + x, data, at);
        data[at + 3] = 255;
      }
    }
  }
  return { pixels: { width: wide, height: high, data }, count, total: pictures, columns, height, width };
}
