// Values of a code in fewer bits, as they come back: half precision, or whole numbers with one scale a plane.
//
// Only + - * / and square roots of float64, which IEEE 754 rounds exactly: the same bits on every host.

import { UnpoolError } from "../errors.js";
import { show } from "../geometry.js";

/** How a value is kept: in half precision, or as a whole number of 8, 6 or 4 bits times the scale of its plane. */
export type ValueFormat = "float16" | "int8" | "int6" | "int4";

export const VALUE_FORMATS: readonly ValueFormat[] = ["float16", "int8", "int6", "int4"];

export interface Quantised {
  /** What a decoder of the format reads, in the order of the given values. */
  values: Float32Array;
  /**
   * Standard deviation of the rounding errors, as decode takes it: the root of the mean of step^2 / 12, the variance of
   * an error that is anywhere within half a step alike. The step is the plane's scale, or in half precision the gap
   * between the value's neighbours. Values that are 0 stay it, have no error and do not count.
   */
  noise: number;
}

/** The largest whole number of each format; its negative is the smallest. */
const LARGEST = { int8: 127, int6: 31, int4: 7 };

/**
 * Rounds values to a format, ties to even. A scale is max |v| / largest of its plane: that value comes back exactly,
 * every other to half a scale, and zeros are zeros.
 * @param values finite, `planes` planes of one length one after the other. They stay as they are.
 * @throws UnpoolError "invalid-code": a value that is not finite, or beyond half precision; planes that do not divide
 * the values. "invalid-option": another format.
 */
export function quantise(values: Float32Array, planes: number, format: ValueFormat): Quantised {
  if (!VALUE_FORMATS.includes(format)) {
    const names = VALUE_FORMATS.map((name) => `"${name}"`).join(", ");
    throw new UnpoolError("invalid-option", `the format is ${show(format)}; it must be one of ${names}`);
  }
  if (!(Number.isInteger(planes) && planes > 0 && values.length % planes === 0)) {
    throw new UnpoolError(
      "invalid-code",
      `${values.length} values are not ${show(planes)} planes of one length`,
    );
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new UnpoolError("invalid-code", `value ${at} is ${values[at]}; every value must be finite`);
  }
  const out = new Float32Array(values.length);
  const variance = format === "float16" ? toHalf(values, out) : toWhole(values, planes, LARGEST[format], out);
  return { values: out, noise: Math.sqrt(variance) };
}

/** Returns the variance of the errors. */
function toWhole(values: Float32Array, planes: number, largest: number, out: Float32Array): number {
  const length = values.length / planes;
  let sum = 0;
  let count = 0;
  for (let plane = 0; plane < planes; ++plane) {
    const from = plane * length;
    let most = 0;
    let nonZeros = 0;
    for (let i = from; i < from + length; ++i) {
      const size = Math.abs(values[i]!);
      if (size > most) most = size;
      if (size > 0) ++nonZeros;
    }
    if (most === 0) continue;
    // by the maximum and not by the scale, which float64 may not hold exactly: these products are exact
    for (let i = from; i < from + length; ++i) {
      out[i] = (nearest((values[i]! * largest) / most) * most) / largest;
    }
    sum += (nonZeros * most * most) / (largest * largest);
    count += nonZeros;
  }
  return sum / 12 / (count || 1);
}

// half precision: 10 bits after the first, exponents from -14 to 15
const LARGEST_HALF = 65504;
/** The biased exponent of float32 at 2^-14, under which the gap between halves no longer shrinks. */
const LEAST_NORMAL = 127 - 14;

/** Returns the variance of the errors. */
function toHalf(values: Float32Array, out: Float32Array): number {
  const step = new Float32Array(1);
  const stepBits = new Uint32Array(step.buffer);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; ++i) {
    const value = values[i]!;
    const exponent = (bits[i]! >>> 23) & 255;
    stepBits[0] = ((exponent > LEAST_NORMAL ? exponent : LEAST_NORMAL) - 10) << 23;
    const gap = step[0]!;
    const half = nearest(value / gap) * gap;
    if (Math.abs(half) > LARGEST_HALF) {
      throw new UnpoolError(
        "invalid-code",
        `value ${i} is ${value}; float16 holds at most ${LARGEST_HALF}: scale the input down, or take int8`,
      );
    }
    out[i] = half;
    if (value !== 0) {
      sum += gap * gap;
      ++count;
    }
  }
  return sum / 12 / (count || 1);
}

/** From here to twice as much, float64 holds whole numbers only. */
const WHOLE = 1.5 * 2 ** 52;

/** The nearest whole number of |x| < 2^51, ties to even: the addition rounds so. */
function nearest(x: number): number {
  return x + WHOLE - WHOLE;
}
