// A picture as planes, and what is refused by its header alone.

import { UnpoolError } from "../errors.js";

/** 3 channels are colours, 1 is grey. */
export interface PictureSize {
  channels: 1 | 3;
  width: number;
  height: number;
}

/** Planes in [0, 1], channels x height x width. */
export interface PlanarImage extends PictureSize {
  planes: Float32Array;
}

/** What a reader of pictures may be asked to take. */
export interface PictureLimits {
  /** Pixels of one picture; a larger one is refused before memory is committed. Default 64 million. */
  pixels?: number;
}

const MAX_PIXELS = 64e6;

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
