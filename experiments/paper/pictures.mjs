// Pictures in other sizes and formats: what an experiment compares with.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode } from "fast-png";
import jpeg from "jpeg-js";

/**
 * Pixels row by row, `channels` bytes each, of which the first three are red, green and blue.
 * @typedef {{ data: ArrayLike<number>, width: number, height: number, channels: number }} Pixels
 */

/**
 * A whole photograph.
 * @param {string} folder
 * @param {string} name without ".png"
 * @returns {Pixels}
 */
export function photograph(folder, name) {
  return decode(readFileSync(join(folder, `${name}.png`)));
}

/**
 * Shrunk by a whole factor to the means of squares, rounded; rows and columns that fill no square are dropped.
 * @param {Pixels} pixels
 * @returns {Pixels}
 */
export function shrunk({ data, width, height, channels }, factor) {
  const [columns, rows] = [Math.floor(width / factor), Math.floor(height / factor)];
  const result = new Uint8Array(3 * columns * rows);
  for (let i = 0; i < result.length; ++i) {
    const [left, top] = [Math.floor(i / 3) % columns, Math.floor(i / 3 / columns)].map((at) => at * factor);
    let sum = 0;
    for (let y = top; y < top + factor; ++y) {
      for (let x = left; x < left + factor; ++x) sum += data[channels * (y * width + x) + (i % 3)];
    }
    result[i] = Math.round(sum / factor ** 2);
  }
  return { data: result, width: columns, height: rows, channels: 3 };
}

/**
 * As planes, 3 x height x width, in [0, 1].
 * @param {Pixels} pixels
 */
export function planesOf({ data, width, height, channels }) {
  const area = width * height;
  return Float32Array.from(
    { length: 3 * area },
    (_, i) => data[channels * (i % area) + Math.floor(i / area)] / 255,
  );
}

/**
 * From planes in [0, 1], with a fourth channel that is full.
 * @returns {{ data: Uint8Array, width: number, height: number, channels: 4 }}
 */
export function pixelsOf(planes, width, height) {
  const area = width * height;
  const data = new Uint8Array(4 * area).fill(255);
  planes.forEach((value, i) => {
    data[4 * (i % area) + Math.floor(i / area)] = Math.round(255 * value);
  });
  return { data, width, height, channels: 4 };
}

/**
 * A picture as a baseline JPEG of this quality, 1 to 100 (colours are not subsampled), and what is read back.
 * @param {Float32Array} planes 3 x height x width, in [0, 1]
 * @returns {{ planes: Float32Array, bits: number }} bits of the whole file
 */
export function throughJpeg(planes, width, height, quality) {
  const file = jpeg.encode(pixelsOf(planes, width, height), quality).data;
  return {
    planes: planesOf({ ...jpeg.decode(file, { useTArray: true }), channels: 4 }),
    bits: 8 * file.length,
  };
}

/** Bits of the picture as a PNG, which loses nothing. */
export function pngBits(planes, width, height) {
  const { data } = pixelsOf(planes, width, height);
  const rgb = data.filter((_, i) => i % 4 < 3);
  return 8 * encode({ data: rgb, width, height, channels: 3, depth: 8 }).length;
}
