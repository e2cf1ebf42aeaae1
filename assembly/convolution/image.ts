// The input as the kernels see it: padded, channels innermost, [paddedHeight][paddedWidth][channels].

import { inputLength } from "../arena";
import { channels, height, paddedHeight, paddedWidth, paddingHeight, paddingWidth, width } from "../geometry";

/** Bytes behind a region that loads may reach (arena.ts). */
const SLACK: usize = 16;

/** Bytes of one padded row. */
export function rowBytes(): usize {
  return (<usize>(paddedWidth * channels)) << 2;
}

/** First byte of row y, column 0 of the unpadded image. */
export function rowStart(image: usize, y: i32): usize {
  return image + <usize>(y + paddingHeight) * rowBytes() + ((<usize>(paddingWidth * channels)) << 2);
}

/**
 * Planar [channels][height][width] to padded, channels innermost. False if a number is not finite or larger
 * than `limit` in magnitude.
 */
export function pack(planar: usize, image: usize, limit: f32): bool {
  clearTail(image);
  const step = (<usize>channels) << 2;
  for (let c = 0; c < channels; ++c) {
    for (let y = 0; y < height; ++y) {
      let to = rowStart(image, y) + ((<usize>c) << 2);
      for (let i = 0; i < width; ++i) {
        const value = load<f32>(planar);
        if (!(abs<f32>(value) <= limit)) return false;
        store<f32>(to, value);
        planar += 4;
        to += step;
      }
    }
  }
  return true;
}

/** Back to planar; the padding is left out. False if a number is not finite. */
export function unpack(image: usize, planar: usize): bool {
  const step = (<usize>channels) << 2;
  for (let c = 0; c < channels; ++c) {
    for (let y = 0; y < height; ++y) {
      let from = rowStart(image, y) + ((<usize>c) << 2);
      for (let i = 0; i < width; ++i) {
        const value = load<f32>(from);
        if (!isFinite<f32>(value)) return false;
        store<f32>(planar, value);
        planar += 4;
        from += step;
      }
    }
  }
  return true;
}

/** Zeroes a whole image and what vector loads may reach behind it. */
export function clearImage(image: usize): void {
  memory.fill(image, 0, ((<usize>inputLength) << 2) + SLACK);
}

/** Zeroes what lies behind the last pixel: the rest of a block of 8 and the slack. */
export function clearTail(image: usize): void {
  const end = image + <usize>paddedHeight * rowBytes();
  memory.fill(end, 0, image + ((<usize>inputLength) << 2) + SLACK - end);
}

/** Zeroes the padding: what a synthesis scatters there does not belong to the input. */
export function clearPadding(image: usize): void {
  if (paddingHeight == 0 && paddingWidth == 0) return;
  const bytes = rowBytes();
  const side = (<usize>(paddingWidth * channels)) << 2;
  memory.fill(image, 0, <usize>paddingHeight * bytes);
  for (let y = 0; y < height; ++y) {
    const row = image + <usize>(y + paddingHeight) * bytes;
    memory.fill(row, 0, side);
    memory.fill(row + bytes - side, 0, side);
  }
  memory.fill(image + <usize>(paddedHeight - paddingHeight) * bytes, 0, <usize>paddingHeight * bytes);
}
