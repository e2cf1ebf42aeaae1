// Values of a code as they are stored: as they are, in half precision, or as whole numbers with one scale a plane; and as
// they come back.
//
// Only + - * / and square roots of float64, which IEEE 754 rounds exactly: the same bits on every host.

import { UnpoolError } from "../errors.js";
import { show } from "../geometry.js";
import { gapOfHalves, halfBits, halfValue, LARGEST_HALF } from "./halves.js";
import { nearest } from "./nearest.js";

/** How a value is kept: in half precision, or as a whole number of 8, 6 or 4 bits times the scale of its plane. */
export type ValueFormat = "float16" | "int8" | "int6" | "int4";

export const VALUE_FORMATS: readonly ValueFormat[] = ["float16", "int8", "int6", "int4"];

/** The same, or as it is. */
export type StoredFormat = "float32" | ValueFormat;

/** In the order of their numbers in files. */
export const STORED_FORMATS: readonly StoredFormat[] = ["float32", ...VALUE_FORMATS];

/** Bits of a stored value. */
export const BITS: { readonly [F in StoredFormat]: number } = {
  ...{ float32: 32, float16: 16 },
  ...{ int8: 8, int6: 6, int4: 4 },
};

/** The largest whole number of each format; its negative is the smallest. 0: no whole numbers. */
export const LARGEST: { readonly [F in StoredFormat]: number } = {
  ...{ float32: 0, float16: 0 },
  ...{ int8: 127, int6: 31, int4: 7 },
};

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

/** Values as they are stored. */
export interface StoredValues {
  readonly format: StoredFormat;
  /** The bits of floating-point numbers, or whole numbers. 0 is the value +0. */
  readonly numbers: Uint32Array | Uint16Array | Int8Array;
  /** Of whole numbers: the largest |v| of each plane, which is `largest` scales. Else empty. */
  readonly maxima: Float32Array;
  /** As of Quantised; 0 for float32. */
  readonly noise: number;
}

/**
 * Rounds values to a format, ties to even. A scale is max |v| / largest of its plane: that value comes back exactly,
 * every other to half a scale, and zeros are zeros.
 * @param values finite, `planes` planes of one length one after the other. They stay as they are, unless they are `out`.
 * @param out where to write; it may be the values themselves.
 * @throws UnpoolError "invalid-code": a value that is not finite, or beyond half precision; planes that do not divide
 * the values. "invalid-option": another format.
 */
export function quantise(
  values: Float32Array,
  planes: number,
  format: ValueFormat,
  out?: Float32Array,
): Quantised {
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
  const stored = storeValues(values, planes, format);
  return { values: restoreValues(stored, out), noise: stored.noise };
}

/**
 * The same, to what is stored; of float32 a view of the values.
 * @throws UnpoolError "invalid-code": a value beyond half precision.
 */
export function storeValues(values: Float32Array, planes: number, format: StoredFormat): StoredValues {
  if (format === "float16") return toHalves(values);
  if (format !== "float32") return toWhole(values, planes, format);
  const numbers = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return { format, numbers, maxima: new Float32Array(), noise: 0 };
}

/** What a reader makes of stored values, whoever stored them; of float32 a view of the numbers. */
export function restoreValues(
  { format, numbers, maxima }: Omit<StoredValues, "noise">,
  out?: Float32Array,
): Float32Array {
  if (format === "float32") return new Float32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const values = out ?? new Float32Array(numbers.length);
  if (format === "float16") {
    for (let i = 0; i < values.length; ++i) values[i] = halfValue(numbers[i]!);
    return values;
  }
  const largest = LARGEST[format];
  const length = values.length / maxima.length;
  maxima.forEach((most, plane) => {
    // by the maximum and not by the scale, which float64 may not hold exactly: these products are exact
    for (let i = plane * length; i < (plane + 1) * length; ++i) values[i] = (numbers[i]! * most) / largest;
  });
  return values;
}

function toWhole(values: Float32Array, planes: number, format: ValueFormat): StoredValues {
  const largest = LARGEST[format];
  const numbers = new Int8Array(values.length);
  const maxima = new Float32Array(planes);
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
    maxima[plane] = most;
    for (let i = from; i < from + length; ++i) numbers[i] = nearest((values[i]! * largest) / most);
    sum += (nonZeros * most * most) / (largest * largest);
    count += nonZeros;
  }
  return { format, numbers, maxima, noise: Math.sqrt(sum / 12 / (count || 1)) };
}

function toHalves(values: Float32Array): StoredValues {
  const numbers = new Uint16Array(values.length);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; ++i) {
    const value = values[i]!;
    numbers[i] = halfBits(value);
    if (Math.abs(halfValue(numbers[i]!)) > LARGEST_HALF) {
      throw new UnpoolError(
        "invalid-code",
        `value ${i} is ${value}; float16 holds at most ${LARGEST_HALF}: scale the input down, or take int8`,
      );
    }
    if (value !== 0) {
      const gap = gapOfHalves(value);
      sum += gap * gap;
      ++count;
    }
  }
  return {
    format: "float16",
    numbers,
    maxima: new Float32Array(),
    noise: Math.sqrt(sum / 12 / (count || 1)),
  };
}
