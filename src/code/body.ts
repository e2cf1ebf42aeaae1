// A code as bytes, before they are compressed: noise, maxima, values, switches of each layer. docs/format.md has the fields.

import type { Switches } from "../kernel.js";
import type { Code } from "../layer.js";
import { newSwitches } from "../network/check.js";
import type { NetworkCode } from "../network/network.js";
import { size } from "../network/spec.js";
import { bitBytes, bitsOf, packBits, unpackBits } from "./bits.js";
import { Reader, Writer } from "./bytes.js";
import { ALL, type Mask, type MaskPlan, mostMaskBytes, planMask, readMask, writeMask } from "./mask.js";
import { BITS, LARGEST, restoreValues, type StoredFormat, storeValues } from "./quantise.js";
import { ofFile } from "./refuse.js";
import { type CodeShape, checkCode, checkSwitches, type SwitchShape, switchesOf } from "./shape.js";

/** A code from a file. */
export interface StoredCode {
  code: Code | NetworkCode;
  /** Standard deviation of the errors in the values, as decode's option; 0 where they are as they were. */
  noise: number;
}

// which switches are stored
export const EVERY = 0;
export const WHERE_VALUES_ARE = 1;
export const SOME = 2;

/** How an array of switches is written. */
interface SwitchPlan {
  readonly method: number;
  /** What the others are. */
  readonly rest: number;
  /** Those that are stored, and the bits of each. */
  readonly stored: Switches;
  readonly bits: number;
  /** Of SOME: where they are. */
  readonly where: readonly [flags: Uint8Array, plan: MaskPlan] | undefined;
  /** What it takes, all in all. */
  readonly bytes: number;
}

/** No code of a shape takes more bytes. */
export function mostBodyBytes(shape: CodeShape, format: StoredFormat): number {
  const values = size(shape.values);
  let bytes = 8 + 4 * maximaCount(shape, format) + mostMaskBytes(values) + bitBytes(values, BITS[format]);
  for (const { count, most } of shape.switches) {
    bytes += 1 + 4 + mostMaskBytes(count) + 1 + bitBytes(count, bitsOf(most));
  }
  return bytes;
}

/** Numbers that say how large the values of each plane are. */
export function maximaCount({ values }: CodeShape, format: StoredFormat): number {
  return LARGEST[format] > 0 ? values[0] : 0;
}

/** Throws UnpoolError "invalid-code" or "not-finite". */
export function packBody(
  code: Code | NetworkCode,
  shape: CodeShape,
  format: StoredFormat,
): Uint8Array<ArrayBuffer> {
  checkCode(code, shape);
  const { numbers, maxima, noise } = storeValues(code.values, shape.values[0], format);
  const kept = flagsOf(numbers, 0);
  const arrays = switchesOf(code);
  const plans = arrays.map((array, i) =>
    planSwitches(array, shape.switches[i]!, i === arrays.length - 1, kept),
  );

  // a mask may cost more than the zeros that it saves
  const bits = BITS[format];
  const every: MaskPlan = { method: ALL, count: kept.length, bytes: 1 };
  const some = planMask(kept);
  const own = plans.at(-1)!;
  const shared = planWhereValuesAre(arrays.at(-1)!, kept, some.count, own);
  const bytesOf = (mask: MaskPlan, last: SwitchPlan) => mask.bytes + bitBytes(mask.count, bits) + last.bytes;
  const masked = bytesOf(some, shared) < bytesOf(every, own);
  if (masked) plans[plans.length - 1] = shared;

  const mask = masked ? some : every;
  const valueBytes = bitBytes(mask.count, bits);
  const before = 8 + maxima.byteLength + mask.bytes + valueBytes;
  const to = new Writer(plans.reduce((sum, { bytes }) => sum + bytes, before));
  to.f64(noise);
  for (const most of maxima) to.f32(most);
  writeMask(to, kept, mask);
  packBits(masked ? whereKept(numbers, kept, some.count) : numbers, bits, to.take(valueBytes));
  for (const plan of plans) writeSwitches(to, plan);
  return to.bytes;
}

/** The shortest way without the values' mask. @param kept of the values, which the last layer's switches are of. */
function planSwitches(
  switches: Switches,
  { none }: SwitchShape,
  last: boolean,
  kept: Uint8Array,
): SwitchPlan {
  const bits = bitsOf(largest(switches));
  const every: SwitchPlan = {
    ...{ method: EVERY, stored: switches, bits, where: undefined },
    ...{ rest: 0, bytes: 2 + bitBytes(switches.length, bits) },
  };
  const zero = last && kept.length === switches.length ? kept.indexOf(0) : -1;
  const rest = zero >= 0 ? switches[zero]! : none;
  if (rest === undefined) return every;
  const flags = flagsOf(switches, rest);
  const plan = planMask(flags);
  const stored = whereKept(switches, flags, plan.count);
  const few = bitsOf(largest(stored));
  const bytes = 6 + plan.bytes + bitBytes(stored.length, few);
  if (bytes >= every.bytes) return { ...every, rest };
  return { method: SOME, rest, stored, bits: few, where: [flags, plan], bytes };
}

/** By the values' mask, if that is shorter than `other` and all others are its `rest`; else `other`. */
function planWhereValuesAre(
  switches: Switches,
  kept: Uint8Array,
  count: number,
  other: SwitchPlan,
): SwitchPlan {
  const { rest } = other;
  if (kept.length !== switches.length || count === kept.length) return other;
  for (let i = 0; i < kept.length; ++i) if (kept[i] === 0 && switches[i] !== rest) return other;
  const stored = whereKept(switches, kept, count);
  const bits = bitsOf(largest(stored));
  const bytes = 6 + bitBytes(count, bits);
  // a tie goes to the lower method
  if (bytes > other.bytes || (bytes === other.bytes && other.method === EVERY)) return other;
  return { method: WHERE_VALUES_ARE, rest, stored, bits, where: undefined, bytes };
}

function writeSwitches(to: Writer, { method, rest, stored, bits, where }: SwitchPlan): void {
  to.u8(method);
  if (method !== EVERY) to.u32(rest);
  if (where) writeMask(to, ...where);
  to.u8(bits);
  packBits(stored, bits, to.take(bitBytes(stored.length, bits)));
}

function largest(numbers: Switches): number {
  let most = 0;
  for (let i = 0; i < numbers.length; ++i) if (numbers[i]! > most) most = numbers[i]!;
  return most;
}

/** 0 where a number is `rest`, else 1. */
function flagsOf(numbers: ArrayLike<number>, rest: number): Uint8Array {
  const flags = new Uint8Array(numbers.length);
  for (let i = 0; i < flags.length; ++i) flags[i] = numbers[i] === rest ? 0 : 1;
  return flags;
}

/** The `count` numbers whose flag is 1, to 32 bits: of negative ones in two's complement. */
function whereKept(numbers: ArrayLike<number>, flags: Uint8Array, count: number): Uint32Array {
  const kept = new Uint32Array(count);
  for (let i = 0, at = 0; i < flags.length; ++i) if (flags[i] === 1) kept[at++] = numbers[i]!;
  return kept;
}

/**
 * Reads such bytes.
 * @param where for messages: what they are.
 * @throws UnpoolError "invalid-file".
 */
export function unpackBody(
  bytes: Uint8Array,
  shape: CodeShape,
  format: StoredFormat,
  kind: "pooled" | "sparse",
  where: string,
): StoredCode {
  const from = new Reader(bytes, where);
  const noise = magnitude(from, "the noise", from.f64());
  const maxima = Float32Array.from({ length: maximaCount(shape, format) }, (_, plane) =>
    magnitude(from, `the largest value of plane ${plane}`, from.f32()),
  );
  const mask = readMask(from, size(shape.values));
  const numbers = readNumbers(from, mask, 0, BITS[format], Math.ceil(BITS[format] / 8));
  const values = restoreValues({ format, numbers: signed(from, format, numbers), maxima });
  const last = shape.switches.length - 1;
  const switches = shape.switches.map((layer, i) =>
    readSwitches(from, layer, i, i === last ? mask : undefined, where),
  );
  from.end();
  return { code: shape.network ? { values, switches } : { kind, values, switches: switches[0]! }, noise };
}

function magnitude(from: Reader, name: string, value: number): number {
  if (value >= 0 && Number.isFinite(value)) return value;
  throw from.bad(`${name} is ${value}; it must be finite and not under 0`);
}

/** Numbers of a few bits in so many bytes each, 1, 2 or 4, with `rest` where the mask stores none. */
function readNumbers(from: Reader, mask: Mask, rest: number, bits: number, width: number): Switches {
  const { length, count, stored } = mask;
  const NumberArray = width === 1 ? Uint8Array : width === 2 ? Uint16Array : Uint32Array;
  const bytes = from.take(bitBytes(count, bits));
  const numbers = new NumberArray(count);
  if (!unpackBits(bytes, bits, numbers)) throw from.bad("bits behind the last number are not 0");
  if (!stored) return numbers;
  const all = new NumberArray(length).fill(rest);
  for (let i = 0, at = 0; i < length; ++i) if (stored[i] === 1) all[i] = numbers[at++]!;
  return all;
}

/** Stored values as what they are in their format; refuses what the format does not have. */
function signed(
  from: Reader,
  format: StoredFormat,
  numbers: Switches,
): Exclude<Switches, Uint8Array> | Int8Array {
  const bits = BITS[format];
  if (LARGEST[format] === 0) {
    // all bits of the exponent: infinities and NaN
    const exponent = format === "float32" ? 0x7f800000 : 0x7c00;
    const at = numbers.findIndex((number) => (number & exponent) === exponent);
    if (at >= 0) throw from.bad(`value ${at} is no finite number`);
    return numbers as Exclude<Switches, Uint8Array>;
  }
  const whole = new Int8Array(numbers.length);
  const lowest = -LARGEST[format];
  const unused = 32 - bits;
  for (let i = 0; i < whole.length; ++i) {
    const number = (numbers[i]! << unused) >> unused;
    if (number < lowest) throw from.bad(`value ${i} is ${number}; ${format} has ${lowest} to ${-lowest}`);
    whole[i] = number;
  }
  return whole;
}

function readSwitches(
  from: Reader,
  shape: SwitchShape,
  layer: number,
  values: Mask | undefined,
  where: string,
): Switches {
  const { count, most } = shape;
  const method = from.u8();
  if (method > SOME) throw from.bad(`the switches' method is ${method}; it must be 0 to ${SOME}`);
  const rest = method === EVERY ? 0 : from.u32();
  if (rest > most) throw from.bad(`the other switches of layer ${layer} are ${rest}; the largest is ${most}`);
  if (method === WHERE_VALUES_ARE && values?.length !== count) {
    throw from.bad(`the switches of layer ${layer} are where values are, and no value belongs to them`);
  }
  const mask =
    method === SOME ? readMask(from, count) : method === EVERY ? { length: count, count } : values!;
  const bits = from.u8();
  if (bits > bitsOf(most)) {
    throw from.bad(
      `a switch of layer ${layer} takes ${bits} bits; the largest, ${most}, takes ${bitsOf(most)}`,
    );
  }
  // a rest that does not fit is kept as it is, to be refused
  const fits = rest < 2 ** (8 * shape.switchBytes);
  const switches = readNumbers(from, mask, rest, bits, fits ? shape.switchBytes : 4);
  ofFile(where, () => checkSwitches(switches, shape, layer));
  if (fits) return switches;
  const narrow = newSwitches(shape, count);
  narrow.set(switches);
  return narrow;
}
