// PNGs, JPEGs and PNMs: decoded to planes in [0, 1], the same as a whole and by rows, or refused.

import { readFileSync } from "node:fs";
import { deflateSync, inflateSync } from "node:zlib";
import { encode } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { toImageData } from "../../../src/image/planes.js";
import { scene } from "../../../src/image/scene.js";
import { decodePicture } from "../../../src/pictures/decode.js";
import type { PlanarImage } from "../../../src/pictures/planar.js";
import { readRows } from "../../../src/pictures/rows.js";
import { chunk, handMade } from "../../pictures.js";
import type { Random } from "../random.js";
import { attempt, inChunks, nameOf, type Target } from "../target.js";

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
    const pnms = [
      Buffer.concat([Buffer.from(`P6 ${WIDTH} ${HEIGHT} 255\n`), Buffer.from(samples(3))]),
      Buffer.concat([Buffer.from(`P5\n# grey\n${WIDTH} ${HEIGHT}\n1000\n`), Buffer.from(wide(1).buffer)]),
    ].map((file) => Uint8Array.from(file));
    return [...pngs, ...rare(), ...jpegs, progressive, ...pnms];
  },
  split,
  join,
  async run(bytes, random) {
    const whole = await attempt(() => decodePicture("it", bytes, { pixels: PIXELS }));
    // one in four by rows, too, from chunks: the same picture, or a refusal as well
    if (random.once(4)) {
      const byRows = await attempt(() => decodeByRows(bytes, random));
      if (nameOf(byRows) !== nameOf(whole))
        throw new Error(`whole: ${nameOf(whole)}; by rows: ${nameOf(byRows)}`);
      if (
        typeof whole !== "string" &&
        typeof byRows !== "string" &&
        !sameNumbers(whole.planes, byRows.planes)
      ) {
        throw new Error("the picture is another by rows");
      }
    }
    if (typeof whole !== "string") check(whole);
    return nameOf(whole);
  },
};

async function decodeByRows(bytes: Uint8Array, random: Random): Promise<PlanarImage> {
  const { channels, width, height, rows } = await readRows("it", inChunks(bytes, random), { pixels: PIXELS });
  const planes = new Float32Array(channels * width * height);
  let y = 0;
  for await (const row of rows) {
    for (let c = 0; c < channels; ++c) {
      planes.set(row.subarray(c * width, (c + 1) * width), (c * height + y) * width);
    }
    ++y;
  }
  return { planes, channels, width, height };
}

function check({ planes, channels, width, height }: PlanarImage): void {
  if (planes.length !== channels * width * height || width * height > PIXELS) {
    throw new Error(`${planes.length} numbers for ${channels} x ${height} x ${width}`);
  }
  const outside = planes.findIndex((value) => !(value >= 0 && value <= 1));
  if (outside >= 0) throw new Error(`number ${outside} is ${planes[outside]}`);
}

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

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
