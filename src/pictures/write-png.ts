// Samples to a PNG, with the same bytes on every host: filters by a rule of whole numbers, DEFLATE by fflate.
//
// Each row takes the filter whose differences, read as signed bytes, have the least sum of magnitudes (the PNG
// specification's own suggestion, https://www.w3.org/TR/png-3/#12Filter-selection); the first of equals.

import { zlibSync } from "fflate";
import { crc32 } from "../code/crc32.js";
import type { Picture } from "../image/planes.js";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Samples a pixel -> colour type. */
const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 };
/** None, Sub, Up, Average, Paeth. */
const FILTERS = 5;

/** @param picture samples of 8 bits, a pixel's side by side: 1 is grey, 3 are RGB, 4 RGBA. */
export function encodeSamples(picture: Picture & { channels: 1 | 3 | 4 }): Uint8Array<ArrayBuffer> {
  const { width, height, channels } = picture;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, COLOUR_TYPES[channels], 0, 0, 0], 8);
  const pixels = zlibSync(filtered(picture), { level: 6 });
  const chunks = [chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", new Uint8Array(0))];
  const file = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, SIGNATURE.length));
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const part of chunks) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The rows, each behind the number of its filter. */
function filtered({ data, width, height, channels }: Picture & { channels: number }): Uint8Array {
  const length = width * channels;
  const out = new Uint8Array(height * (1 + length));
  const tried = Array.from({ length: FILTERS }, () => new Uint8Array(length));
  for (let y = 0; y < height; ++y) {
    const sums = differences(data, y * length, length, channels, y > 0, tried);
    const best = sums.indexOf(Math.min(...sums));
    const to = y * (1 + length);
    out[to] = best;
    out.set(tried[best]!, to + 1);
  }
  return out;
}

/** Fills each filter's row; returns their sums of magnitudes. */
function differences(
  data: Picture["data"],
  from: number,
  length: number,
  channels: number,
  above: boolean,
  out: readonly Uint8Array[],
): number[] {
  const [none, sub, up, average, paeth] = out as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  let [sumNone, sumSub, sumUp, sumAverage, sumPaeth] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length; ++i) {
    const at = from + i;
    const sample = data[at]!;
    const left = i >= channels ? data[at - channels]! : 0;
    const top = above ? data[at - length]! : 0;
    const corner = above && i >= channels ? data[at - length - channels]! : 0;
    none[i] = sample;
    sub[i] = sample - left;
    up[i] = sample - top;
    average[i] = sample - ((left + top) >> 1);
    paeth[i] = sample - nearest(left, top, corner);
    sumNone += magnitude(none[i]!);
    sumSub += magnitude(sub[i]!);
    sumUp += magnitude(up[i]!);
    sumAverage += magnitude(average[i]!);
    sumPaeth += magnitude(paeth[i]!);
  }
  return [sumNone, sumSub, sumUp, sumAverage, sumPaeth];
}

/** Paeth's predictor: of the three the one nearest to left + top - corner, in this order. */
function nearest(left: number, top: number, corner: number): number {
  const [toLeft, toTop] = [Math.abs(top - corner), Math.abs(left - corner)];
  const toCorner = Math.abs(left + top - 2 * corner);
  if (toLeft <= toTop && toLeft <= toCorner) return left;
  return toTop <= toCorner ? top : corner;
}

/** Of a byte that is read as signed. */
function magnitude(byte: number): number {
  return byte < 128 ? byte : 256 - byte;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(12 + data.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; ++i) whole[4 + i] = type.charCodeAt(i);
  whole.set(data, 8);
  view.setUint32(8 + data.length, crc32(whole.subarray(4, 8 + data.length)));
  return whole;
}
