// PNGs and JPEGs: decoded to planes in [0, 1], or refused.

import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { toImageData } from "../../../src/image/planes.js";
import { scene } from "../../../src/image/scene.js";
import { decodePicture } from "../../../src/pictures/decode.js";
import { crc32 } from "../../crc32.js";
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
  reseal,
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

/** The checksum of every chunk that is whole. */
function reseal(bytes: Uint8Array): Uint8Array {
  if (bytes[1] !== 0x50 /* P */) return bytes;
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  for (let at = 8; at + 12 <= copy.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > copy.length) break;
    view.setUint32(end, crc32(copy.subarray(at + 4, end)));
    at = end + 4;
  }
  return copy;
}
