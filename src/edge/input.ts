// The body as an image: a PNG or a JPEG by what is in it, or raw planes whose shape the query gives.

import { UnpoolError } from "../errors.js";
import { decodePicture, measurePicture } from "../pictures/decode.js";
import type { Task } from "./context.js";
import { within } from "./limits.js";
import type { EncodeParameters } from "./parameters.js";
import { Problem } from "./problems.js";

/** An image that has been measured, and not yet been decoded. */
export interface Input {
  channels: number;
  height: number;
  width: number;
  /** A picture's channels are colours; those of raw planes are anything. */
  colour: "grey" | "rgb" | undefined;
  /** Planar, channels x height x width. */
  planes(): Promise<Float32Array>;
}

/** Bytes a pixel that decoding takes at its height, planes included: 16-bit RGBA; and blocks of coefficients. */
const PNG_BYTES = 36;
const JPEG_BYTES = 64;

const NAME = "the picture";

/** Measures the body, refuses it if it is too large, and reserves the memory that planes() will take. */
export async function readInput(
  { body, limits, memory }: Task,
  { channels, height, width }: Pick<EncodeParameters, "channels" | "height" | "width">,
): Promise<Input> {
  if (channels !== undefined || height !== undefined || width !== undefined) {
    if (channels === undefined || height === undefined || width === undefined) {
      throw new UnpoolError(
        "invalid-option",
        "raw planes need channels, height and width, all three; a PNG or a JPEG takes none of them",
      );
    }
    checkPixels(limits.pixels, height, width);
    return rawPlanes(body, { channels, height, width });
  }
  if (body.length > 0 && !isPng(body) && !isJpeg(body)) {
    throw new Problem(
      "unsupported-type",
      "the body is neither PNG nor JPEG; raw planes need channels, height and width in the query",
    );
  }
  const size = await measurePicture(NAME, body);
  checkPixels(limits.pixels, size.height, size.width);
  const pixels = size.height * size.width;
  memory.take(pixels * (isPng(body) ? PNG_BYTES : JPEG_BYTES), `a picture of ${pixels} pixels`);
  const colour = size.channels === 1 ? "grey" : "rgb";
  return { ...size, colour, planes: async () => (await decodePicture(NAME, body)).planes };
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
  return { ...size, colour: undefined, planes: async () => floatsOf(body) };
}

/** Float32, little-endian, on any host. */
function floatsOf(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = new Float32Array(bytes.length / 4);
  for (let i = 0; i < floats.length; ++i) floats[i] = view.getFloat32(4 * i, true);
  return floats;
}

function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** The rows of planar planes, from the top: each channels x width. */
export function* rowsOf(planes: Float32Array, { channels, height, width }: Input): Generator<Float32Array> {
  for (let y = 0; y < height; ++y) {
    const row = new Float32Array(channels * width);
    for (let c = 0; c < channels; ++c) {
      const from = (c * height + y) * width;
      row.set(planes.subarray(from, from + width), c * width);
    }
    yield row;
  }
}
