// A picture row by row, by what is in its bytes.

import { concatenate } from "../code/bytes.js";
import { UnpoolError } from "../errors.js";
import { MAX_DIMENSION } from "../geometry.js";
import { ByteReader } from "./byte-reader.js";
import { FORMAT_BYTES, formatOf } from "./format.js";
import { MAX_PIXELS, type PictureLimits, type PictureRows, rowsOf } from "./planar.js";

/** Of a picture that is read row by row: its size costs time, and no memory. */
const MAX_STREAMED_PIXELS = 1e9;
/** More bytes a pixel, and beyond pixels, no file has that is read as a whole. */
const MOST_BYTES_A_PIXEL = 8;
const MOST_OTHER_BYTES = 2 ** 24;

/**
 * Reads a picture: PNG that is not interlaced and binary PNM row by row, JPEG and interlaced PNG as a whole first.
 * The rows are to be read, or ended: only then is the source closed.
 * @param name what sentences call it.
 * @throws UnpoolError "invalid-input", "too-large": at once by the header, and from the rows by what comes later. The
 * source is closed by then.
 */
export async function readRows(
  name: string,
  source: AsyncIterable<Uint8Array>,
  limits: PictureLimits = {},
): Promise<PictureRows> {
  const reader = new ByteReader(source);
  try {
    const format = formatOf(name, await reader.peek(FORMAT_BYTES));
    const picture = await streamed(name, format, reader, { pixels: MAX_STREAMED_PIXELS, ...limits });
    if (picture) return picture;
    const bytes = await readAll(name, reader, limits);
    await reader.close();
    const whole =
      format === "PNG"
        ? (await import("./png.js")).decodePng(name, bytes, limits)
        : await (await import("./jpeg.js")).decodeJpeg(name, bytes, limits);
    return { ...whole, rows: rowsOf(whole) };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** Undefined where the format, or the picture, is none that comes row by row. */
async function streamed(
  name: string,
  format: "PNG" | "JPEG" | "PNM",
  reader: ByteReader,
  limits: PictureLimits,
): Promise<PictureRows | undefined> {
  if (format === "JPEG") return undefined;
  const picture =
    format === "PNM"
      ? await (await import("./pnm.js")).readPnmRows(name, reader, limits)
      : await (await import("./png-rows.js")).readPngRows(name, reader, limits);
  if (picture && picture.width > MAX_DIMENSION) {
    throw new UnpoolError(
      "too-large",
      `${name} says it is ${picture.width} pixels wide; ${MAX_DIMENSION} are the most`,
    );
  }
  return picture;
}

async function readAll(name: string, reader: ByteReader, { pixels = MAX_PIXELS }: PictureLimits) {
  const most = MOST_BYTES_A_PIXEL * pixels + MOST_OTHER_BYTES;
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.pieces(most)) pieces.push(piece);
  if ((await reader.peek(1)).length > 0) {
    throw new UnpoolError(
      "too-large",
      `${name} has more than ${most} bytes, the most for a picture of ${pixels} pixels that is read as a whole`,
    );
  }
  return concatenate(pieces);
}
