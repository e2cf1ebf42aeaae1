// PNGs and JPEGs: decoded to planes in [0, 1], or refused.

import { readFileSync } from "node:fs";
import { deflateSync, inflateSync } from "node:zlib";
import { encode } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { toImageData } from "../../../src/image/planes.js";
import { scene } from "../../../src/image/scene.js";
import { decodePicture } from "../../../src/pictures/decode.js";
import { chunk, handMade } from "../../pictures.js";
import { refusal, type Target } from "../target.js";

/** Well above the seeds, and so little that an announcement of more must not cost memory. */
const PIXELS = 100_000;
const [WIDTH, HEIGHT] = [19, 13];

export const pictures: Target = {
  async seeds() {
    const { data } = toImageData(scene(WIDTH, HEIGHT, 1), WIDTH, HEIGHT);
    const size = { width: WIDTH, height: HEIGHT };
    const samples = (channels: number) => data.filter((_, i) => i % 4 < channels);
    const wide = (channels: number) => Uint16Array.from(samples(channels), (value) => 257 * value);
    const pngs = [1, 2, 3, 4].flatMap((channels) =>
      // stored pixels are mutated as they are; compressed ones reach what inflates
      [0, 6].flatMap((level) => [
        encode({ ...size, channels, depth: 8, data: samples(channels) }, { zlib: { level: level as 0 } }),
        encode({ ...size, channels, depth: 16, data: wide(channels) }, { zlib: { level: level as 0 } }),
      ]),
    );
    const palette = [0, 1, 2, 3].map((i) => [60 * i, 255 - 60 * i, 128]);
    const indices = data.filter((_, i) => i % 4 === 0).map((value) => value >> 6);
    pngs.push(encode({ ...size, channels: 1, depth: 8, data: indices, palette }, { zlib: { level: 0 } }));
    const jpegs = [30, 90].map((quality) => Uint8Array.from(encodeJpeg({ data, ...size }, quality).data));
    const progressive = Uint8Array.from(readFileSync("test/fixtures/progressive.jpg"));
    return [...pngs, ...rare(), ...jpegs, progressive];
  },
  split,
  join,
  async run(bytes) {
    try {
      const { planes, channels, width, height } = await decodePicture("it", bytes, { pixels: PIXELS });
      if (planes.length !== channels * width * height || width * height > PIXELS) {
        throw new Error(`${planes.length} numbers for ${channels} x ${height} x ${width}`);
      }
      const outside = planes.findIndex((value) => !(value >= 0 && value <= 1));
      if (outside >= 0) throw new Error(`number ${outside} is ${planes[outside]}`);
      return "accepted";
    } catch (error) {
      return refusal(error);
    }
  },
};

/** Kinds of PNG that the encoder does not make: few bits, palettes with transparent colours, interlacing. */
function rare(): Uint8Array[] {
  const rows = (bytes: number) =>
    [0, 1, 2, 3].map((y) => Array.from({ length: bytes }, (_, i) => 50 * y + i));
  const PLTE = chunk(
    "PLTE",
    Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
  );
  const tRNS = chunk("tRNS", Uint8Array.of(255, 0, 128));
  const few = [1, 2, 4].flatMap((depth) => [
    handMade({ width: 9, height: 4, depth, type: 0, rows: rows(Math.ceil((9 * depth) / 8)) }),
    handMade({
      width: 8 / depth,
      height: 4,
      depth,
      type: 3,
      rows: [[1], [2], [0], [1]],
      extra: [PLTE, tRNS],
    }),
  ]);
  // one pixel of the first pass alone
  const interlaced = handMade({ width: 1, height: 1, depth: 8, type: 2, rows: [[9, 99, 199]], interlace: 1 });
  return [...few, interlaced].map((buffer) => Uint8Array.from(buffer));
}

/** The chunks of a PNG, the compressed one as its pixels; of a JPEG its segments. */
function split(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] === 0x89) return splitPng(bytes);
  return bytes[0] === 0xff ? splitJpeg(bytes) : [];
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const isPng = parts[0]![0] === 0x89 || parts[0]![1] === 0x50;
  return Uint8Array.from(Buffer.concat(isPng ? [parts[0]!, ...parts.slice(1).map(chunkOf)] : parts));
}

function splitPng(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [bytes.slice(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    parts.push(pixelsOf(bytes.slice(at + 4, end)));
    at = end + 4;
  }
  return parts;
}

/** A chunk's type and data, inflated if it is one of pixels that can be. */
function pixelsOf(typed: Uint8Array): Uint8Array {
  if (typeOf(typed) !== "IDAT") return typed;
  try {
    const pixels = inflateSync(typed.subarray(4), { maxOutputLength: 1 << 16 });
    return Uint8Array.from(Buffer.concat([Buffer.from("RAWS"), pixels]));
  } catch {
    return typed;
  }
}

function chunkOf(typed: Uint8Array): Uint8Array {
  return typeOf(typed) === "RAWS"
    ? chunk("IDAT", deflateSync(typed.subarray(4), { level: 1 }))
    : chunk(typeOf(typed), typed.subarray(4));
}

function typeOf(typed: Uint8Array): string {
  return String.fromCharCode(...typed.subarray(0, 4));
}

/** From each marker to the next, tables and headers apart from what is coded. */
function splitJpeg(bytes: Uint8Array): Uint8Array[] {
  const starts = [...bytes.keys()].filter(
    (i) => bytes[i] === 0xff && bytes[i + 1]! >= 0xc0 && bytes[i + 1] !== 0xff,
  );
  return starts.map((start, i) => bytes.slice(start, starts[i + 1]));
}
