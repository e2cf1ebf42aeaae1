// Small pictures for tests: a smooth one as PNG and JPEG, and PNGs byte by byte.

import { deflateSync } from "node:zlib";
import { encode } from "fast-png";
import jpeg from "jpeg-js";
import { crc32 } from "./crc32.js";

export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export interface HandMade {
  width: number;
  height: number;
  depth: number;
  type: number;
  /** Bytes of the unfiltered rows. */
  rows: number[][];
  extra?: Buffer[];
  interlace?: number;
}

/** A PNG byte by byte, for what no encoder makes. */
export function handMade({ width, height, depth, type, rows, extra = [], interlace = 0 }: HandMade): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlace], 8);
  const pixels = deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    ...extra,
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A smooth picture of any size. */
export function photograph(width: number, height: number, channels = 3): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    return 60 + 3 * x + 2 * y + 20 * c;
  });
}

export const png = encode({ width: 24, height: 20, channels: 3, depth: 8, data: photograph(24, 20) });
export const jpg = jpeg.encode({ width: 24, height: 20, data: photograph(24, 20, 4) }, 90).data;
