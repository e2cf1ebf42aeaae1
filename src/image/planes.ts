// Pixels to planes and back. Planes are float32 in [0, 1], channels x height x width.

import { UnpoolError } from "../errors.js";

/** The fields of an ImageData that matter: 8-bit RGBA, row-major, not premultiplied. */
export interface Picture {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The colours of a picture as planes: 3 x height x width (R, G, B), each value / 255. Alpha is ignored:
 * draw on an opaque ground first. Throws UnpoolError "invalid-input" if sizes do not agree.
 */
export function fromImageData({ data, width, height }: Picture): Float32Array {
  const area = checkSize(data?.length, 4, width, height, "RGBA bytes");
  const planes = new Float32Array(3 * area);
  for (let i = 0; i < area; ++i) {
    planes[i] = data[4 * i]! / 255;
    planes[i + area] = data[4 * i + 1]! / 255;
    planes[i + 2 * area] = data[4 * i + 2]! / 255;
  }
  return planes;
}

/**
 * Planes as an opaque picture: 3 x height x width as colours, 1 x height x width as grey. Values are
 * clamped to [0, 1] and rounded to the nearest of 256 levels, halves to even.
 */
export function toImageData(
  planes: Float32Array,
  width: number,
  height: number,
): { data: Uint8ClampedArray<ArrayBuffer>; width: number; height: number } {
  const grey = planes?.length === width * height;
  const area = checkSize(planes?.length, grey ? 1 : 3, width, height, "numbers");
  const data = new Uint8ClampedArray(4 * area); // rounds and clamps as it stores
  for (let i = 0; i < area; ++i) {
    data[4 * i] = 255 * planes[i]!;
    data[4 * i + 1] = 255 * planes[grey ? i : i + area]!;
    data[4 * i + 2] = 255 * planes[grey ? i : i + 2 * area]!;
    data[4 * i + 3] = 255;
  }
  return { data, width, height };
}

function checkSize(length: number, channels: number, width: number, height: number, what: string): number {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new UnpoolError("invalid-input", `a picture of ${width} x ${height} pixels is impossible`);
  }
  if (length !== channels * width * height) {
    throw new UnpoolError(
      "invalid-input",
      `the picture has ${length} ${what}; ${width} x ${height} pixels need ${channels * width * height}`,
    );
  }
  return width * height;
}
