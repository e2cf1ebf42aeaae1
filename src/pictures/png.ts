// A PNG as a whole: every colour type and depth, alpha over white. https://www.w3.org/TR/png-3/

import { decode, encode } from "fast-png";
import { concatenate } from "../code/bytes.js";
import { crc32 } from "../code/crc32.js";
import type { Picture } from "../image/planes.js";
import { type PictureLimits, type PlanarImage, setRow } from "./planar.js";
import { Colours } from "./png-colours.js";
import * as format from "./png-format.js";
import { checkPlausible, PixelBytes } from "./png-inflate.js";
import { PixelRows } from "./png-pixels.js";

export function decodePng(name: string, bytes: Uint8Array, limits: PictureLimits = {}): PlanarImage {
  const header = format.readStart(name, bytes.subarray(0, format.START_BYTES), limits);
  const { width, height, interlaced } = header;
  const chunks = walk(name, bytes);
  const first = chunks.findIndex(({ type }) => type === "IDAT");
  const before = first < 0 ? chunks : chunks.slice(0, first);
  const [palette, transparency] = format.COLOUR_CHUNKS.map(
    (wanted) => before.find(({ type }) => type === wanted)?.data,
  );
  const compressed = concatenate(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  checkPlausible(name, header, compressed.length);
  const channels = format.planesOf(header);
  const planes = new Float32Array(channels * width * height);
  const image = { planes, channels, width, height };
  if (interlaced) {
    const samples = deinterlace(name, bytes, header, compressed);
    const colours = new Colours(name, header, palette, transparency);
    const length = width * header.channels;
    for (let y = 0; y < height; ++y) {
      colours.convert(samples.subarray(y * length, (y + 1) * length), y, planes, y * width, width * height);
    }
    return image;
  }
  const pixels = new PixelRows(name, header, palette, transparency);
  let y = 0;
  for (const rows of [pixels.push(compressed), pixels.end()]) {
    for (const row of rows) setRow(image, y++, row);
  }
  return image;
}

/**
 * Samples of an interlaced picture, width x height x channels. The codec fills what a file lacks with zeros, and
 * inflates whatever it is given: the bytes are counted first.
 */
function deinterlace(
  name: string,
  bytes: Uint8Array,
  header: format.Header,
  compressed: Uint8Array,
): Uint8Array | Uint8ClampedArray | Uint16Array {
  const count = new PixelBytes(name, header);
  for (const inflated of [count.push(compressed), count.end()]) for (const _ of inflated);
  const start = bytes.subarray(0, format.START_BYTES);
  const rest = [format.chunkOf("IDAT", compressed), format.chunkOf("IEND", new Uint8Array())];
  try {
    return decode(concatenate([start, ...rest])).data;
  } catch (error) {
    throw format.damaged(name, (error as Error).message);
  }
}

/** An opaque picture as RGB, any other as RGBA; 8 bits. */
export function encodePng({ data, width, height }: Picture): Uint8Array {
  const channels = data.every((value, i) => i % 4 !== 3 || value === 255) ? 3 : 4;
  const samples = channels === 4 ? data : data.filter((_, i) => i % 4 !== 3);
  return encode({ width, height, data: samples, channels, depth: 8 }, { zlib: { level: 6 } });
}

interface Chunk {
  type: string;
  data: Uint8Array;
}

function walk(name: string, bytes: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = format.SIGNATURE.length; chunks.at(-1)?.type !== "IEND"; ) {
    const data = at + format.HEAD_BYTES;
    if (data > bytes.length) throw format.withoutEnd(name, bytes.length);
    const { type, length, end } = format.readChunkHead(name, bytes.subarray(at, data), at);
    if (end > bytes.length) throw format.truncatedChunk(name, type, end, bytes.length);
    const crc = crc32(bytes.subarray(at + 4, data + length));
    format.checkCrc(name, type, crc, bytes.subarray(data + length, end));
    chunks.push({ type, data: bytes.subarray(data, data + length) });
    at = end;
  }
  return chunks;
}
