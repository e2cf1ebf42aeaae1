// A PNG row by row, in and out.

import { Deflate } from "pako";
import { concatenate } from "../code/bytes.js";
import { crc32 } from "../code/crc32.js";
import { counted } from "../tiles/counted.js";
import type { ByteReader } from "./byte-reader.js";
import { type PictureLimits, type PictureRows, type PictureSize, toBytes } from "./planar.js";
import { filter } from "./png-filters.js";
import * as format from "./png-format.js";
import { PixelRows } from "./png-pixels.js";

const { HEAD_BYTES, CRC_BYTES, SIGNATURE } = format;

/**
 * Reads a PNG as its bytes come. What is kept is two rows, a chunk of the source, and up to 4 MiB of inflated bytes.
 * @returns undefined, and nothing read, where the picture is interlaced: only its end completes its rows.
 * @throws UnpoolError, as decodePng: of the header at once, of the rest as the rows are read. What is wrong behind
 * the last row is refused after it.
 */
export async function readPngRows(
  name: string,
  reader: ByteReader,
  limits: PictureLimits,
): Promise<PictureRows | undefined> {
  const start = await reader.peek(format.START_BYTES);
  const header = format.readStart(name, start, limits);
  if (header.interlaced) return undefined;
  const { width, height } = header;
  return { width, height, channels: format.planesOf(header), rows: pngRows(name, reader, header) };
}

async function* pngRows(
  name: string,
  reader: ByteReader,
  header: format.Header,
): AsyncGenerator<Float32Array, void, undefined> {
  const colours = new Map<string, Uint8Array>();
  let pixels: PixelRows | undefined;
  const begin = () => new PixelRows(name, header, colours.get("PLTE"), colours.get("tRNS"));
  try {
    await reader.read(SIGNATURE.length);
    for await (const { type, data } of chunksOf(name, reader)) {
      if (type === "IDAT") {
        pixels ??= begin();
        for await (const piece of data) yield* pixels.push(piece);
      } else if (format.COLOUR_CHUNKS.includes(type) && !pixels) {
        const pieces: Uint8Array[] = [];
        for await (const piece of data) pieces.push(piece);
        if (!colours.has(type)) colours.set(type, concatenate(pieces));
      } else {
        for await (const _ of data);
      }
    }
    yield* (pixels ?? begin()).end();
  } finally {
    await reader.close();
  }
}

interface Chunk {
  type: string;
  /** In pieces as they come; to be read before the next chunk is asked for. */
  data: AsyncIterable<Uint8Array>;
}

/** Chunk after chunk, up to and with IEND. */
async function* chunksOf(name: string, reader: ByteReader): AsyncGenerator<Chunk, void, undefined> {
  for (let type = ""; type !== "IEND"; ) {
    const at = reader.position;
    const head = await reader.read(HEAD_BYTES);
    if (head.length < HEAD_BYTES) throw format.withoutEnd(name, reader.position);
    const chunk = format.readChunkHead(name, head, at);
    type = chunk.type;
    yield { type, data: dataOf(name, reader, chunk) };
  }
}

async function* dataOf(
  name: string,
  reader: ByteReader,
  { type, length, end }: format.ChunkHead,
): AsyncGenerator<Uint8Array, void, undefined> {
  let crc = crc32(format.typeBytes(type));
  for await (const piece of reader.pieces(length)) {
    crc = crc32(piece, crc);
    yield piece;
  }
  const stored = await reader.read(CRC_BYTES);
  if (reader.position < end) throw format.truncatedChunk(name, type, end, reader.position);
  format.checkCrc(name, type, crc, stored);
}

/** Bytes of an IDAT chunk, but for the last. */
const CHUNK_BYTES = 2 ** 16;

/**
 * Writes a PNG of 8 bits as its rows come: the same bytes for the same rows, on every host. What is kept is two rows
 * and the codec's window. By pako: fflate's streams hold distances that point before their beginning
 * (https://github.com/101arrowz/fflate/issues/260, as of 0.8.3).
 * @param rows each channels x width, planar, in [0, 1]; clamped and rounded as toImageData does.
 * @throws UnpoolError "invalid-input": rows of another size, too few or too many.
 */
export async function* writePngRows(
  size: PictureSize,
  rows: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { channels, width, height } = size;
  yield concatenate([SIGNATURE, format.headerChunk(size)]);
  const ready: Uint8Array[] = [];
  // level 6 takes four times as long for 5 % of the bytes of a photograph of 3.4 megapixels (2.8 s instead of 0.7)
  const deflate = new Deflate({ level: 4, chunkSize: CHUNK_BYTES });
  deflate.onData = (bytes) => ready.push(format.chunkOf("IDAT", bytes));
  deflate.onEnd = () => {};
  let row = new Uint8ClampedArray(channels * width);
  let above = new Uint8ClampedArray(row.length);
  for await (const planar of counted(rows, height, [channels, width], "row")) {
    toBytes(planar, channels, row);
    deflate.push(filter(row, above, channels), false);
    yield* ready.splice(0);
    [row, above] = [above, row];
  }
  deflate.push(new Uint8Array(), true);
  yield* ready.splice(0);
  yield format.chunkOf("IEND", new Uint8Array());
}
