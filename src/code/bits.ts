// Whole numbers of a few bits each, one after the other, the lowest bit first: bit b of number i is bit (i bits + b) % 8 of
// byte (i bits + b) / 8. Numbers of 8, 16 and 32 bits are little-endian bytes. The bits that fill up the last byte are 0.

import type { Switches } from "../kernel.js";

/** Bits at a time: so many, beside up to 7 that wait for their byte, fit a whole number of 32 bits. */
const PART = 16;

/** Bytes that so many numbers take. */
export function bitBytes(count: number, bits: number): number {
  return Math.ceil((count * bits) / 8);
}

/** Bits that a whole number takes: 0 for 0, at most 32. */
export function bitsOf(value: number): number {
  return 32 - Math.clz32(value);
}

/** Writes the lowest `bits` bits of each number; `to` has bitBytes(numbers.length, bits) bytes. */
export function packBits(numbers: ArrayLike<number>, bits: number, to: Uint8Array): void {
  if (bits % 8 === 0) {
    packBytes(numbers, bits / 8, to);
    return;
  }
  let at = 0;
  let waiting = 0;
  let held = 0;
  for (let i = 0; i < numbers.length; ++i) {
    for (let from = 0; from < bits; from += PART) {
      const width = Math.min(PART, bits - from);
      waiting |= ((numbers[i]! >>> from) & ((1 << width) - 1)) << held;
      for (held += width; held >= 8; held -= 8) {
        to[at++] = waiting;
        waiting >>>= 8;
      }
    }
  }
  if (held > 0) to[at] = waiting;
}

/** Reads as many numbers as `to` has, without sign. Whether the bits after the last one are 0. */
export function unpackBits(from: Uint8Array, bits: number, to: Switches): boolean {
  if (bits % 8 === 0) {
    unpackBytes(from, bits / 8, to);
    return true;
  }
  if (8 % bits === 0) return unpackWithinBytes(from, bits, to);
  let at = 0;
  let waiting = 0;
  let held = 0;
  for (let i = 0; i < to.length; ++i) {
    let number = 0;
    for (let low = 0; low < bits; low += PART) {
      const width = Math.min(PART, bits - low);
      for (; held < width; held += 8) waiting |= from[at++]! << held;
      number |= (waiting & ((1 << width) - 1)) << low;
      waiting >>>= width;
      held -= width;
    }
    to[i] = number;
  }
  return waiting === 0;
}

// the same for whole bytes, at a third of the time

function packBytes(numbers: ArrayLike<number>, bytes: number, to: Uint8Array): void {
  for (let i = 0, at = 0; i < numbers.length; ++i) {
    const number = numbers[i]!;
    for (let byte = 0; byte < bytes; ++byte) to[at++] = number >>> (8 * byte);
  }
}

function unpackBytes(from: Uint8Array, bytes: number, to: Switches): void {
  for (let i = 0, at = 0; i < to.length; ++i) {
    let number = 0;
    for (let byte = 0; byte < bytes; ++byte) number |= from[at++]! << (8 * byte);
    to[i] = number;
  }
}

/** Of 1, 2 and 4 bits, which lie within a byte each. */
function unpackWithinBytes(from: Uint8Array, bits: number, to: Switches): boolean {
  const mask = (1 << bits) - 1;
  let rest = 0;
  for (let i = 0, at = 0; i < to.length; ) {
    rest = from[at++]!;
    for (let held = 8; held > 0 && i < to.length; held -= bits) {
      to[i++] = rest & mask;
      rest >>>= bits;
    }
  }
  return rest === 0;
}
