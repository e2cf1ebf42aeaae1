// The body as an image: a picture by what is in it, or raw planes whose shape the query gives.

import { UnpoolError } from "../errors.js";
import { FORMAT_BYTES, formatOf } from "../pictures/format.js";
import { measureJpeg } from "../pictures/jpeg.js";
import { pixelBytes, readStart, START_BYTES } from "../pictures/png-format.js";
import { readRows } from "../pictures/rows.js";
import type { Task } from "./context.js";
import { within } from "./limits.js";
import type { EncodeParameters } from "./parameters.js";
import { Problem } from "./problems.js";

/** An image that has been measured; its rows are decoded as they are asked for, or all at the first. */
export interface Input {
  channels: number;
  height: number;
  width: number;
  /** A picture's channels are colours; those of raw planes are anything. */
  colour: "grey" | "rgb" | undefined;
  /** From the top; each channels x width, planar. */
  rows: AsyncIterable<Float32Array>;
}

/** Bytes a pixel at the height of decoding: of blocks of coefficients; of interlaced samples, 16-bit RGBA. */
const JPEG_BYTES = 64;
const INTERLACED_BYTES = 48;
/** Of what is decoded row by row: inflated bytes that wait, at most; tables and windows of the codec. */
const WAITING_BYTES = 4 * 2 ** 20;
const DECODER_BYTES = 2 ** 18;

const NAME = "the picture";

/** Measures the body, refuses it if it is too large, and reserves the memory that its rows will take. */
export async function readInput(
  task: Task,
  { channels, height, width }: Pick<EncodeParameters, "channels" | "height" | "width">,
): Promise<Input> {
  if (channels === undefined && height === undefined && width === undefined) return picture(task);
  if (channels === undefined || height === undefined || width === undefined) {
    throw new UnpoolError(
      "invalid-option",
      "raw planes need channels, height and width, all three; a picture takes none of them",
    );
  }
  checkPixels(task.limits.pixels, height, width);
  return rawPlanes(task.body, { channels, height, width });
}

async function picture({ body, limits, memory }: Task): Promise<Input> {
  const format = pictureFormat(body);
  const pixels = { pixels: limits.pixels };
  memory.take(await decodingBytes(format, body, pixels), "the picture");
  const found = await readRows(NAME, once(body), pixels);
  return { ...found, colour: found.channels === 1 ? "grey" : "rgb" };
}

/** Throws Problem "unsupported-type". */
function pictureFormat(body: Uint8Array): "PNG" | "JPEG" | "PNM" {
  try {
    return formatOf(NAME, body.subarray(0, FORMAT_BYTES));
  } catch (error) {
    // nothing at all has no type
    if (body.length === 0 || !(error instanceof UnpoolError)) throw error;
    throw new Problem(
      "unsupported-type",
      `${error.message}; raw planes need channels, height and width in the query`,
    );
  }
}

/** By the header alone. */
async function decodingBytes(format: string, body: Uint8Array, limits: { pixels: number }): Promise<number> {
  if (format === "JPEG") {
    return JPEG_BYTES * (await measureJpeg(NAME, body, limits)).blockPixels;
  }
  if (format === "PNM") return DECODER_BYTES;
  const header = readStart(NAME, body.subarray(0, START_BYTES), limits);
  if (header.interlaced) return INTERLACED_BYTES * header.height * header.width;
  return DECODER_BYTES + Math.min(WAITING_BYTES, pixelBytes(header));
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

function checkPixels(most: number, height: number, width: number): void {
  within(most, height * width, `the input has ${height} x ${width} = ${height * width} pixels`);
}

function rawPlanes(
  body: Uint8Array<ArrayBuffer>,
  size: { channels: number; height: number; width: number },
): Input {
  const count = size.channels * size.height * size.width;
  if (body.length !== 4 * count) {
    throw new UnpoolError(
      "invalid-input",
      `the body has ${body.length} bytes; planes of ${size.channels} x ${size.height} x ${size.width} are ${4 * count}, float32`,
    );
  }
  return { ...size, colour: undefined, rows: rawRows(body, size) };
}

/** Float32, little-endian, on any host. */
async function* rawRows(
  bytes: Uint8Array<ArrayBuffer>,
  { channels, height, width }: { channels: number; height: number; width: number },
): AsyncGenerator<Float32Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let y = 0; y < height; ++y) {
    const row = new Float32Array(channels * width);
    for (let c = 0; c < channels; ++c) {
      const from = (c * height + y) * width;
      for (let x = 0; x < width; ++x) row[c * width + x] = view.getFloat32(4 * (from + x), true);
    }
    yield row;
  }
}
