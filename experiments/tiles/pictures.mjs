// Pictures row by row, from ../shared/data or the folder in UNPOOL_DATA.

import { createReadStream } from "node:fs";
import { join } from "node:path";
import { readRows } from "../../build/picture-rows.js";

const folder = process.env.UNPOOL_DATA ?? "../shared/data";

export const ASTRONAUT = ["images", "astronaut.png"];
export const LARGE = ["large", "flower_foveon.png"];

/** @param {string[]} path of a picture, under the folder. */
export function openRows(path) {
  return readRows(path.join("/"), createReadStream(join(folder, ...path)));
}

/**
 * The rows of a part of a picture, all at once: channels x width each.
 * @param {string[]} path
 */
export async function part(path, { top = 0, left = 0, height, width }) {
  const { channels, width: whole, rows } = await openRows(path);
  const cut = [];
  let y = 0;
  for await (const row of rows) {
    if (y++ < top) continue;
    if (cut.length === height) break;
    const cutRow = new Float32Array(channels * width);
    for (let c = 0; c < channels; ++c) {
      cutRow.set(row.subarray(c * whole + left, c * whole + left + width), c * width);
    }
    cut.push(cutRow);
  }
  return cut;
}
