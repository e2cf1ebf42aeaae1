// The arithmetic of scaling a picture down.

import type { Size } from "../engine/messages.js";
import { PictureError } from "./picture-error.js";

/** Of a side, in pixels, so that regions and filters of every size have a place. */
export const LEAST_SIDE = 16;
const MOST_PIXELS = 100e6;

/** @throws PictureError if a picture of this size is too small or too large to be worked on */
export function checkSize({ width, height }: Size): void {
  if (Math.min(width, height) < LEAST_SIDE) {
    throw new PictureError(
      `The picture is ${width} × ${height} pixels: each side needs at least ${LEAST_SIDE}.`,
    );
  }
  if (width * height > MOST_PIXELS) {
    throw new PictureError(
      `The picture is ${width} × ${height} pixels, ${Math.ceil((width * height) / 1e6)} million: it may have ${MOST_PIXELS / 1e6} million.`,
    );
  }
}

/**
 * The size with this longer side, in pixels; the picture's own, if that is no larger.
 * @throws PictureError if a side would be too short
 */
export function fit({ width, height }: Size, longerSide: number): Size {
  const scale = Math.min(1, longerSide / Math.max(width, height));
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (Math.min(size.width, size.height) < LEAST_SIDE) {
    throw new PictureError(
      `The picture is ${width} × ${height} pixels: with a longer side of ${longerSide} it would be ${size.width} × ${size.height}, and each side needs at least ${LEAST_SIDE}.`,
    );
  }
  return size;
}

/**
 * The sizes to draw at, one after the other, the last being `to`: none is under half of the one before, because
 * browsers' scaling by more than that may skip pixels.
 */
export function stages(from: Size, to: Size): Size[] {
  const stage = {
    width: Math.max(to.width, half(from.width)),
    height: Math.max(to.height, half(from.height)),
  };
  if (stage.width === to.width && stage.height === to.height) return [to];
  return [stage, ...stages(stage, to)];
}

function half(side: number): number {
  return Math.ceil(side / 2);
}
