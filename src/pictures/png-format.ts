// What both ways to read a PNG know of its chunks, and how one is written. https://www.w3.org/TR/png-3/

import { crc32 } from "../code/crc32.js";
import type { UnpoolError } from "../errors.js";
import { checkDimensions, invalid, type PictureLimits, type PictureSize } from "./planar.js";

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Length and type of a chunk. */
export const HEAD_BYTES = 8;
export const CRC_BYTES = 4;
const HEADER_BYTES = 13;
/** Signature and header chunk. */
export const START_BYTES = SIGNATURE.length + HEAD_BYTES + HEADER_BYTES + CRC_BYTES;

/** The chunks that make a picture; the others may hold anything. */
const PICTURE_CHUNKS = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];
/** Those that say what the samples mean; behind the first pixels they say nothing any more. */
export const COLOUR_CHUNKS = ["PLTE", "tRNS"];
/** No such chunk is longer. */
const MOST_COLOUR_BYTES = 768;

/** Colour type -> samples a pixel and the depths it may have. */
const COLOUR_TYPES: Record<number, { channels: number; depths: readonly number[] }> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

export interface Header {
  width: number;
  height: number;
  /** Bits a sample. */
  depth: number;
  /** 0 grey, 2 colour, 3 palette; 4 and 6 are 0 and 2 with alpha. */
  type: number;
  /** Samples a pixel. */
  channels: number;
  interlaced: boolean;
}

/** Reads the header from the first START_BYTES of a file, or from all that there are. */
export function readStart(name: string, start: Uint8Array, limits: PictureLimits): Header {
  const at = SIGNATURE.length;
  if (start.length < at + HEAD_BYTES) throw withoutEnd(name, start.length);
  const { type, length, end } = readChunkHead(name, start.subarray(at, at + HEAD_BYTES), at);
  if (type !== "IHDR") throw damaged(name, `it begins with ${type} instead of its header`);
  if (length !== HEADER_BYTES) {
    throw damaged(name, `its header has ${length} bytes instead of ${HEADER_BYTES}`);
  }
  if (start.length < end) throw truncatedChunk(name, type, end, start.length);
  return readHeader(name, start.subarray(at + HEAD_BYTES, end - CRC_BYTES), limits);
}

function readHeader(name: string, data: Uint8Array, limits: PictureLimits): Header {
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
  return { width, height, depth, type, channels: colour.channels, interlaced: interlace === 1 };
}

/** Bytes of a row as it is stored, without the byte that names its filter. */
export function rowBytes({ width, depth, channels }: Header): number {
  return Math.ceil((width * channels * depth) / 8);
}

/** Bytes of the filtered rows, one filter byte a row; seven smaller pictures when interlaced. */
export function pixelBytes(header: Header): number {
  const { width, height, interlaced } = header;
  const rows = (w: number, h: number) => (w > 0 ? h * (1 + rowBytes({ ...header, width: w })) : 0);
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

/** Planes of the picture: 3 are colours, 1 is grey. */
export function planesOf({ type }: Header): 1 | 3 {
  return type === 0 || type === 4 ? 1 : 3;
}

export interface ChunkHead {
  type: string;
  /** Of its data, in bytes. */
  length: number;
  /** Where it ends in the file. */
  end: number;
}

/** @param at where these 8 bytes stand in the file. */
export function readChunkHead(name: string, head: Uint8Array, at: number): ChunkHead {
  const type = String.fromCharCode(...head.subarray(4));
  if (!/^[A-Za-z]{4}$/.test(type)) throw damaged(name, `no chunk begins at byte ${at}`);
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (COLOUR_CHUNKS.includes(type) && length > MOST_COLOUR_BYTES) {
    throw damaged(name, `its ${type} chunk has ${length} bytes; ${MOST_COLOUR_BYTES} are the most`);
  }
  return { type, length, end: at + HEAD_BYTES + length + CRC_BYTES };
}

/** @param crc of type and data. @param stored the last bytes of the chunk. */
export function checkCrc(name: string, type: string, crc: number, stored: Uint8Array): void {
  const wanted = new DataView(stored.buffer, stored.byteOffset).getUint32(0);
  if (crc !== wanted && PICTURE_CHUNKS.includes(type)) {
    throw damaged(name, `the checksum of its ${type} chunk is wrong`);
  }
}

/** The header of a picture of 8 bits, grey or colour. */
export function headerChunk({ channels, width, height }: PictureSize): Uint8Array {
  const data = new Uint8Array(HEADER_BYTES);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([8, channels === 1 ? 0 : 2], 8);
  return chunkOf("IHDR", data);
}

/** A chunk as it is stored: length, type, data, checksum. */
export function chunkOf(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(typeBytes(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

export function typeBytes(type: string): Uint8Array {
  return Uint8Array.from(type, (letter) => letter.charCodeAt(0));
}

export function truncatedChunk(name: string, type: string, end: number, length: number): UnpoolError {
  return invalid(`${name} is truncated: its ${type} chunk ends at byte ${end} and the file at ${length}`);
}

export function withoutEnd(name: string, length: number): UnpoolError {
  return invalid(`${name} is truncated: its ${length} bytes end before the PNG's last chunk`);
}

export function damaged(name: string, why: string): UnpoolError {
  return invalid(`${name} is a damaged PNG: ${why}`);
}
