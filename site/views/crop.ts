// One picture of an atlas.

import type { Atlas, Pixels } from "../engine/messages.js";

/** @param index from 0, in the order of the atlas. */
export function crop({ pixels, columns, height, width }: Atlas, index: number): Pixels {
  const column = index % columns;
  const top = ((index - column) / columns) * (height + 1);
  const left = column * (width + 1);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; ++y) {
    const from = 4 * ((top + y) * pixels.width + left);
    data.set(pixels.data.subarray(from, from + 4 * width), 4 * y * width);
  }
  return { width, height, data };
}
