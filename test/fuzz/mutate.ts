// Bytes that are almost right: a valid input with a few things wrong in it.

import type { Random } from "./random.js";

type Mutation = (random: Random, bytes: Uint8Array, corpus: readonly Uint8Array[]) => Uint8Array;

/** Where lengths, counts and signs go wrong. */
const EXTREMES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000].concat([
  0xffffff, 0x1000000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
]);
/** Where numbers with a fraction go wrong. */
const FLOATS = [Number.POSITIVE_INFINITY, Number.NaN, 3.4028234663852886e38, 1e300, 1e-45, -0, -1];
/** Half the numbers that are changed are among so many first bytes: most formats begin with theirs. */
const FIRST_BYTES = 32;

/** No input is longer. */
export const MOST_BYTES = 1 << 18;

const flipBit: Mutation = (random, bytes) =>
  changed(bytes, (copy) => {
    copy[random.below(copy.length)]! ^= 1 << random.below(8);
  });

const setByte: Mutation = (random, bytes) =>
  changed(bytes, (copy) => {
    copy[random.below(copy.length)] = random.bits();
  });

const nudgeByte: Mutation = (random, bytes) =>
  changed(bytes, (copy) => {
    copy[random.below(copy.length)]! += random.below(9) - 4;
  });

/** One, two or four bytes in either order: a number at one end of what it can be. */
const setExtreme: Mutation = (random, bytes) =>
  changed(bytes, (copy) => {
    const size = random.pick([1, 2, 4]);
    if (copy.length < size) return;
    const view = new DataView(copy.buffer);
    const at = placeOf(random, copy.length - size + 1);
    const value = random.pick(EXTREMES);
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, random.once(2));
    else view.setUint32(at, value, random.once(2));
  });

const setFloat: Mutation = (random, bytes) =>
  changed(bytes, (copy) => {
    const size = random.pick([4, 8]);
    if (copy.length < size) return;
    const view = new DataView(copy.buffer);
    const at = placeOf(random, copy.length - size + 1);
    const value = random.pick(FLOATS);
    if (size === 4) view.setFloat32(at, value, true);
    else view.setFloat64(at, value, true);
  });

const truncate: Mutation = (random, bytes) => bytes.slice(0, random.below(bytes.length + 1));

const remove: Mutation = (random, bytes) => {
  const at = random.below(bytes.length + 1);
  return join(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(16)));
};

const insert: Mutation = (random, bytes) => {
  const at = random.below(bytes.length + 1);
  const filling = Uint8Array.from({ length: 1 + random.below(16) }, () => random.bits());
  return join(bytes.subarray(0, at), filling, bytes.subarray(at));
};

const repeat: Mutation = (random, bytes) => {
  const at = random.below(bytes.length + 1);
  const part = bytes.subarray(at, at + 1 + random.below(64));
  return join(bytes.subarray(0, at), part, bytes.subarray(at));
};

/** The beginning of this input and the end of another. */
const splice: Mutation = (random, bytes, corpus) => {
  const other = random.pick(corpus);
  return join(
    bytes.subarray(0, random.below(bytes.length + 1)),
    other.subarray(random.below(other.length + 1)),
  );
};

const overwrite: Mutation = (random, bytes, corpus) =>
  changed(bytes, (copy) => {
    const other = random.pick(corpus);
    const from = random.below(other.length);
    const part = other.subarray(from, from + 1 + random.below(32));
    const at = random.below(copy.length);
    copy.set(part.subarray(0, copy.length - at), at);
  });

const MUTATIONS: readonly Mutation[] = [
  ...[flipBit, setByte, nudgeByte, setExtreme, setExtreme, setFloat],
  ...[truncate, remove, insert, repeat, splice, overwrite],
];

/** One mutation of an input, or up to eight. */
export function mutate(random: Random, input: Uint8Array, corpus: readonly Uint8Array[]): Uint8Array {
  let bytes = input;
  const count = random.once(2) ? 1 : 1 + random.below(8);
  for (let i = 0; i < count; ++i) bytes = random.pick(MUTATIONS)(random, bytes, corpus);
  return bytes.subarray(0, MOST_BYTES);
}

function placeOf(random: Random, count: number): number {
  return random.below(random.once(2) ? Math.min(count, FIRST_BYTES) : count);
}

function changed(bytes: Uint8Array, change: (copy: Uint8Array<ArrayBuffer>) => void): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (copy.length > 0) change(copy);
  return copy;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
