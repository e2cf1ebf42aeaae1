// Half precision (IEEE 754 binary16) from and to float32: 10 bits after the first, exponents from -14 to 15.

import { nearest } from "./nearest.js";

export const LARGEST_HALF = 65504;
/** The biased exponent of float32 at 2^-14, under which the gap between halves no longer shrinks. */
const LEAST_NORMAL = 127 - 14;
/** From the bits of a normal half, shifted to where float32 has them, to those of the same float32. */
const REBIAS = (127 - 15) << 23;

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** The gap between the halves around a finite float32. */
export function gapOfHalves(value: number): number {
  float[0] = value;
  const exponent = (floatBits[0]! >>> 23) & 255;
  floatBits[0] = ((exponent > LEAST_NORMAL ? exponent : LEAST_NORMAL) - 10) << 23;
  return float[0]!;
}

/** Bits of the half nearest to a finite float32, ties to even; what rounds to 0 is +0. Beyond LARGEST_HALF infinity's. */
export function halfBits(value: number): number {
  const gap = gapOfHalves(value);
  const half = nearest(value / gap) * gap;
  const size = Math.abs(half);
  if (size > LARGEST_HALF) return half < 0 ? 0xfc00 : 0x7c00;
  const sign = half < 0 ? 0x8000 : 0;
  // under 2^-14, and at it, a half is so many times 2^-24
  if (size <= 2 ** -14) return sign | (size * 2 ** 24);
  float[0] = size;
  return sign | ((floatBits[0]! - REBIAS) >>> 13);
}

/** The float32 that a half is; NaN and infinities are finite numbers beyond LARGEST_HALF. */
export function halfValue(bits: number): number {
  const magnitude = bits & 0x7fff;
  if (magnitude < 0x400) float[0] = magnitude * 2 ** -24;
  else floatBits[0] = (magnitude << 13) + REBIAS;
  return bits & 0x8000 ? -float[0]! : float[0]!;
}
