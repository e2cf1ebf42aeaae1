// Structural similarity: Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Processing 13 (2004).

import { ssim } from "ssim.js";
import type { Pixels } from "./messages.js";

const WINDOW = 11;

/** Mean SSIM of the luminance of two pictures of one size; undefined where the window does not fit. */
export function similarity(one: Pixels, other: Pixels): number | undefined {
  if (one.width < WINDOW || one.height < WINDOW) return undefined;
  return ssim(one, other, { ssim: "fast", windowSize: WINDOW, downsample: false }).mssim;
}
