// Structural similarity: Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Processing 13 (2004).

import { ssim } from "ssim.js";
import type { Picture } from "../index.js";

const WINDOW = 11;

/** Mean SSIM of the luminance of two 8-bit pictures, at their own size; null if the window does not fit. */
export function similarity(one: Picture, other: Picture): number | null {
  if (one.width < WINDOW || one.height < WINDOW) return null;
  const { mssim } = ssim(opaque(one), opaque(other), { ssim: "fast", windowSize: WINDOW, downsample: false });
  return mssim;
}

function opaque({ data, width, height }: Picture) {
  return { data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length), width, height };
}
