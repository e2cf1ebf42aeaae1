// A picture as planes, and what is refused by its header alone.

import { UnpoolError } from "../errors.js";

export interface PictureSize {
  /** 3 are colours, 1 is grey. */
  channels: 1 | 3;
  width: number;
  height: number;
}

/** A picture that is there as a whole. */
export interface PlanarImage extends PictureSize {
  /** In [0, 1], channels x height x width. */
  planes: Float32Array;
}

/** A picture whose rows come one after the other. */
export interface PictureRows extends PictureSize {
  /** From the top; each channels x width, planar, in [0, 1]. Whoever ends them early closes the source. */
  rows: AsyncIterable<Float32Array>;
}

/** What a reader of pictures may be asked to take. */
export interface PictureLimits {
  /**
   * Pixels of one picture; a larger one is refused before memory is committed. Default 64 million, and a thousand
   * million where a picture is read row by row.
   */
  pixels?: number;
}

export const MAX_PIXELS = 64e6;

/** Refuses a picture by its header. Throws UnpoolError "invalid-input" or "too-large". */
export function checkDimensions(
  name: string,
  width: number,
  height: number,
  { pixels: most = MAX_PIXELS }: PictureLimits,
): void {
  if (width === 0 || height === 0) {
    throw invalid(`${name} says it is ${width} x ${height} pixels: there is nothing to read`);
  }
  if (width * height > most) {
    const millions = ((width * height) / 1e6).toFixed(1);
    throw new UnpoolError(
      "too-large",
      `${name} says it is ${width} x ${height} pixels, ${millions} million; ${most / 1e6} million are the most`,
    );
  }
}

/** What is wrong with a file. */
export function invalid(sentence: string): UnpoolError {
  return new UnpoolError("invalid-input", sentence);
}

/** The rows of a picture, from the top; each channels x width, planar. */
export async function* rowsOf(image: PlanarImage): AsyncGenerator<Float32Array, void, undefined> {
  const { planes, channels, width, height } = image;
  for (let y = 0; y < height; ++y) {
    const row = new Float32Array(channels * width);
    for (let c = 0; c < channels; ++c) {
      const start = (c * height + y) * width;
      row.set(planes.subarray(start, start + width), c * width);
    }
    yield row;
  }
}

/** Sets row y of a picture. */
export function setRow({ planes, channels, width, height }: PlanarImage, y: number, row: Float32Array): void {
  for (let c = 0; c < channels; ++c) {
    planes.set(row.subarray(c * width, (c + 1) * width), (c * height + y) * width);
  }
}

/** A planar row in [0, 1] as bytes, pixel by pixel: clamped and rounded as toImageData does, halves to even. */
export function toBytes(row: Float32Array, channels: number, out: Uint8ClampedArray): void {
  const width = row.length / channels;
  for (let c = 0; c < channels; ++c) {
    for (let x = 0; x < width; ++x) out[x * channels + c] = 255 * row[c * width + x]!;
  }
}
