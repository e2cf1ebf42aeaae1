// Pictures of one size in a grid, with clear gaps between them.

import type { Picture } from "../../index.js";

/** Rows of pictures on transparent ground. */
export function grid(rows: readonly (readonly Picture[])[]): Picture {
  const { width, height } = rows[0]![0]!;
  const gap = Math.max(2, Math.round(Math.max(width, height) / 40));
  const columns = rows[0]!.length;
  const total = {
    width: columns * (width + gap) - gap,
    height: rows.length * (height + gap) - gap,
  };
  const data = new Uint8ClampedArray(4 * total.width * total.height);
  rows.forEach((row, r) => {
    row.forEach((picture, c) => {
      for (let y = 0; y < height; ++y) {
        const start = (r * (height + gap) + y) * total.width + c * (width + gap);
        data.set(picture.data.subarray(4 * y * width, 4 * (y + 1) * width), 4 * start);
      }
    });
  });
  return { data, ...total };
}
