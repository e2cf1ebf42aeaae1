// PNG: every colour type and depth, alpha over white. https://www.w3.org/TR/png-3/
//
// The codec fills what a file lacks with zeros and reads text and profiles that may be anything: here the
// chunks are walked and the pixel bytes counted first, and only what makes the picture is handed over.

import { type DecodedPng, decode, encode } from "fast-png";
import { type FlateError, FlateErrorCode, Unzlib } from "fflate";
import type { UnpoolError } from "../errors.js";
import type { Picture } from "../image/planes.js";
import {
  checkDimensions,
  invalid,
  type PictureLimits,
  type PictureSize,
  type PlanarImage,
} from "./planar.js";

const SIGNATURE_BYTES = 8;
const PICTURE_CHUNKS = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

/** Colour type -> samples a pixel and the depths it may have. */
const COLOUR_TYPES: Record<number, { channels: number; depths: readonly number[] }> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

interface Header {
  width: number;
  height: number;
  depth: number;
  channels: number;
  interlaced: boolean;
}

/** The header's word. */
export function measurePng(name: string, bytes: Uint8Array, limits: PictureLimits = {}): PictureSize {
  const { data } = walk(name, bytes)[0]!;
  const { width, height } = readHeader(name, data, limits);
  const colours = [2, 3, 6].includes(data[9]!);
  return { channels: colours ? 3 : 1, width, height };
}

export function decodePng(name: string, bytes: Uint8Array, limits: PictureLimits = {}): PlanarImage {
  const chunks = walk(name, bytes);
  const header = readHeader(name, chunks[0]!.data, limits);
  checkPixelBytes(name, header, chunks);
  let png: DecodedPng;
  try {
    const kept = chunks.filter(({ type }) => PICTURE_CHUNKS.includes(type)).map(({ whole }) => whole);
    png = decode(concat([bytes.subarray(0, SIGNATURE_BYTES), ...kept]), { checkCrc: true });
  } catch (error) {
    throw damaged(name, (error as Error).message);
  }
  return toPlanes(name, png);
}

/** An opaque picture as RGB, any other as RGBA; 8 bits. */
export function encodePng({ data, width, height }: Picture): Uint8Array {
  const channels = data.every((value, i) => i % 4 !== 3 || value === 255) ? 3 : 4;
  const samples = channels === 4 ? data : data.filter((_, i) => i % 4 !== 3);
  return encodeSamples({ data: samples, width, height, channels });
}

/** Samples of 8 bits, the channels of a pixel side by side: 1 is grey, 3 are RGB, 4 RGBA. The same bytes on every host. */
export function encodeSamples({
  data,
  width,
  height,
  channels,
}: Picture & { channels: 1 | 3 | 4 }): Uint8Array<ArrayBuffer> {
  // fflate makes arrays of their own
  return encode(
    { width, height, data, channels, depth: 8 },
    { zlib: { level: 6 } },
  ) as Uint8Array<ArrayBuffer>;
}

interface Chunk {
  type: string;
  data: Uint8Array;
  whole: Uint8Array;
}

function walk(name: string, bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let offset = SIGNATURE_BYTES;
  while (chunks.at(-1)?.type !== "IEND") {
    if (offset + 12 > bytes.length) {
      throw invalid(`${name} is truncated: its ${bytes.length} bytes end before the PNG's last chunk`);
    }
    const length = view.getUint32(offset);
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw damaged(name, `no chunk begins at byte ${offset}`);
    const end = offset + 12 + length;
    if (end > bytes.length) {
      throw invalid(
        `${name} is truncated: its ${type} chunk ends at byte ${end} and the file at ${bytes.length}`,
      );
    }
    const data = bytes.subarray(offset + 8, end - 4);
    chunks.push({ type, data, whole: bytes.subarray(offset, end) });
    offset = end;
  }
  return chunks;
}

function readHeader(name: string, data: Uint8Array, limits: PictureLimits): Header {
  if (data.length !== 13) throw damaged(name, `its header has ${data.length} bytes instead of 13`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, compression, filter, interlace] = data.subarray(8) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const colour = COLOUR_TYPES[type];
  if (!colour?.depths.includes(depth))
    throw damaged(name, `colour type ${type} has no depth of ${depth} bits`);
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw damaged(name, `compression ${compression}, filter ${filter} or interlace ${interlace} is unknown`);
  }
  checkDimensions(name, width, height, limits);
  if (interlace === 1 && depth < 8) {
    throw invalid(
      `${name} is an interlaced PNG of ${depth} ${depth === 1 ? "bit" : "bits"}, which unpool does not read; save it without interlacing`,
    );
  }
  return { width, height, depth, channels: colour.channels, interlaced: interlace === 1 };
}

/** So many compressed bytes at once: they may become a thousand times as many. */
const SLICE = 4096;

/** Decompresses no more than the header announces, and refuses less. */
function checkPixelBytes(name: string, header: Header, chunks: readonly Chunk[]): void {
  const expected = pixelBytes(header);
  const compressed = concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  let found = 0;
  const inflate = new Unzlib((bytes) => {
    found += bytes.length;
  });
  for (let at = 0; at < compressed.length || at === 0; at += SLICE) {
    try {
      inflate.push(compressed.subarray(at, at + SLICE), at + SLICE >= compressed.length);
    } catch (error) {
      if ((error as FlateError).code === FlateErrorCode.UnexpectedEOF) {
        throw invalid(
          `${name} is truncated: its compressed pixels end early, after ${compressed.length} bytes`,
        );
      }
      throw damaged(name, (error as Error).message);
    }
    if (found > expected) {
      throw damaged(name, `it holds more than the ${expected} bytes of pixels that its header announces`);
    }
  }
  if (found < expected) {
    throw invalid(`${name} is truncated: it holds ${found} of ${expected} bytes of pixels`);
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes of the filtered rows, one filter byte a row; seven smaller pictures when interlaced. */
function pixelBytes({ width, height, depth, channels, interlaced }: Header): number {
  const rows = (w: number, h: number) => (w > 0 ? h * (1 + Math.ceil((w * channels * depth) / 8)) : 0);
  if (!interlaced) return rows(width, height);
  const steps = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  return steps.reduce(
    (sum, [x, y, dx, dy]) => sum + rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
    0,
  );
}

function toPlanes(name: string, png: DecodedPng): PlanarImage {
  const { width, height, transparency } = png;
  const area = width * height;
  let samples = unpack(png);
  let sampleChannels = png.channels;
  let top = 2 ** png.depth - 1;
  if (png.palette) {
    samples = lookUp(name, samples, png.palette);
    sampleChannels = 4;
    top = 255;
  }
  const channels = sampleChannels < 3 ? 1 : 3;
  const alphaAt = sampleChannels === channels ? -1 : channels;
  const planes = new Float32Array(channels * area);
  for (let i = 0; i < area; ++i) {
    const at = i * sampleChannels;
    let alpha = alphaAt < 0 ? 1 : samples[at + alphaAt]! / top;
    // a picture without alpha may name one colour that is transparent
    if (transparency?.length === channels && transparency.every((key, c) => samples[at + c] === key))
      alpha = 0;
    for (let c = 0; c < channels; ++c) {
      planes[i + c * area] = (samples[at + c]! / top) * alpha + (1 - alpha);
    }
  }
  return { planes, channels, width, height };
}

/** Samples of less than 8 bits, packed into bytes row by row, as one byte each. */
function unpack({ data, width, height, depth }: DecodedPng): Uint8Array | Uint8ClampedArray | Uint16Array {
  if (depth >= 8) return data;
  const perByte = 8 / depth;
  const rowBytes = Math.ceil(width / perByte);
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const byte = data[y * rowBytes + Math.floor(x / perByte)]!;
      const shift = 8 - depth * ((x % perByte) + 1);
      samples[y * width + x] = (byte >> shift) & (2 ** depth - 1);
    }
  }
  return samples;
}

function lookUp(name: string, indices: ArrayLike<number>, palette: readonly number[][]): Uint8Array {
  const samples = new Uint8Array(4 * indices.length);
  for (let i = 0; i < indices.length; ++i) {
    const colour = palette[indices[i]!];
    if (!colour) {
      throw damaged(name, `pixel ${i} has colour ${indices[i]} of a palette of ${palette.length}`);
    }
    const [red, green, blue, alpha = 255] = colour;
    samples.set([red!, green!, blue!, alpha], 4 * i);
  }
  return samples;
}

function damaged(name: string, why: string): UnpoolError {
  return invalid(`${name} is a damaged PNG: ${why}`);
}
