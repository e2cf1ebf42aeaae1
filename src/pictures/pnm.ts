// Binary PNM, P5 (grey) and P6 (colour) of 8 or 16 bits, row by row. https://netpbm.sourceforge.net/doc/pnm.html

import type { UnpoolError } from "../errors.js";
import { counted } from "../tiles/counted.js";
import { ByteReader } from "./byte-reader.js";
import {
  checkDimensions,
  invalid,
  type PictureLimits,
  type PictureRows,
  type PictureSize,
  type PlanarImage,
  setRow,
  toBytes,
} from "./planar.js";

/** A comment may be of any length; whoever writes more than this before the pixels means no good. */
const MOST_HEADER_BYTES = 65536;

interface Header extends PictureSize {
  /** The sample that is white: of 16 bits where it is above 255. */
  most: number;
  /** Of a row. */
  bytes: number;
}

/**
 * Reads a picture as its bytes come. What is kept is a row, and a chunk of the source.
 * @throws UnpoolError "invalid-input", "too-large": of the header at once, of the rest as the rows are read.
 */
export async function readPnmRows(
  name: string,
  reader: ByteReader,
  limits: PictureLimits,
): Promise<PictureRows> {
  const header = await readHeader(name, reader, limits);
  const { channels, width, height } = header;
  return { channels, width, height, rows: pnmRows(name, reader, header) };
}

/** Decodes a picture whose bytes are all there. Throws UnpoolError "invalid-input", "too-large". */
export async function decodePnm(
  name: string,
  bytes: Uint8Array,
  limits: PictureLimits = {},
): Promise<PlanarImage> {
  const reader = new ByteReader(only(bytes));
  const header = await readHeader(name, reader, limits);
  const { channels, width, height } = header;
  // before there is room for them
  checkPresent(name, header, bytes.length - reader.position);
  const image = { planes: new Float32Array(channels * width * height), channels, width, height };
  let y = 0;
  for await (const row of pnmRows(name, reader, header)) setRow(image, y++, row);
  return image;
}

async function* only(bytes: Uint8Array) {
  yield bytes;
}

async function readHeader(name: string, reader: ByteReader, limits: PictureLimits): Promise<Header> {
  const magic = String.fromCharCode(...(await reader.read(2)));
  const channels = magic === "P5" ? 1 : 3;
  const width = await number(name, reader, "width");
  const height = await number(name, reader, "height");
  const most = await number(name, reader, "largest value");
  if (most < 1 || most > 65535) {
    throw damaged(name, `its largest value is ${most}; it must be from 1 to 65535`);
  }
  checkDimensions(name, width, height, limits);
  return { channels, width, height, most, bytes: channels * width * (most > 255 ? 2 : 1) };
}

/** The next number of the header, behind white space and comments, and one byte of white space after it. */
async function number(name: string, reader: ByteReader, what: string): Promise<number> {
  let digits = "";
  let comment = false;
  for (;;) {
    const byte = await reader.read(1);
    if (byte.length === 0) {
      throw invalid(`${name} is truncated: its ${reader.position} bytes end before its pixels begin`);
    }
    if (reader.position > MOST_HEADER_BYTES) {
      throw damaged(name, `its header has more than ${MOST_HEADER_BYTES} bytes`);
    }
    const letter = String.fromCharCode(byte[0]!);
    if (comment) comment = letter !== "\n" && letter !== "\r";
    else if (letter === "#" && digits === "") comment = true;
    else if (/[0-9]/.test(letter) && digits.length < 10) digits += letter;
    else if (!/\s/.test(letter)) {
      throw damaged(name, `its ${what} is no number, at byte ${reader.position - 1}`);
    } else if (digits !== "") return Number(digits);
  }
}

async function* pnmRows(
  name: string,
  reader: ByteReader,
  header: Header,
): AsyncGenerator<Float32Array, void, undefined> {
  const { channels, width, height, most } = header;
  const bytes = new Uint8Array(header.bytes);
  try {
    for (let y = 0; y < height; ++y) {
      const found = await reader.fill(bytes);
      if (found < bytes.length) checkPresent(name, header, y * bytes.length + found);
      const row = new Float32Array(channels * width);
      for (let i = 0; i < row.length; ++i) {
        const sample = most > 255 ? 256 * bytes[2 * i]! + bytes[2 * i + 1]! : bytes[i]!;
        if (sample > most)
          throw damaged(name, `row ${y} holds ${sample}, more than its largest value ${most}`);
        row[(i % channels) * width + Math.floor(i / channels)] = sample / most;
      }
      yield row;
    }
    if ((await reader.peek(1)).length > 0) {
      throw damaged(
        name,
        `it goes on after the ${height * bytes.length} bytes of pixels that its header announces`,
      );
    }
  } finally {
    await reader.close();
  }
}

function checkPresent(name: string, { height, bytes }: Header, found: number): void {
  if (found < height * bytes) {
    throw invalid(`${name} is truncated: it holds ${found} of ${height * bytes} bytes of pixels`);
  }
}

/**
 * Writes a picture of 8 bits as its rows come, P5 with one channel and P6 with three.
 * @param rows each channels x width, planar, in [0, 1]; clamped and rounded as toImageData does.
 * @throws UnpoolError "invalid-input": rows of another size, too few or too many.
 */
export async function* writePnmRows(
  { channels, width, height }: PictureSize,
  rows: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield new TextEncoder().encode(`${channels === 1 ? "P5" : "P6"}\n${width} ${height}\n255\n`);
  for await (const row of counted(rows, height, [channels, width], "row")) {
    const bytes = new Uint8ClampedArray(row.length);
    toBytes(row, channels, bytes);
    yield new Uint8Array(bytes.buffer);
  }
}

function damaged(name: string, why: string): UnpoolError {
  return invalid(`${name} is a damaged PNM: ${why}`);
}
