// Which entries of an array are stored: a method, then what it needs. The array's length is known to both sides.
//
//   ALL      all
//   BITMAP   a bit an entry, as bits.ts packs them
//   RUNS     varints: lengths of runs of entries that are left out and of entries that are stored, in turn, until the array
//            ends. The first may be 0, no other.
//   GAPS     varints: how many are stored, then for each how many are left out before it since the one before

import { bitBytes, packBits } from "./bits.js";
import { type Reader, varintBytes, type Writer } from "./bytes.js";

export const ALL = 0;
const BITMAP = 1;
const RUNS = 2;
const GAPS = 3;

/** How a mask is written. */
export interface MaskPlan {
  readonly method: number;
  /** Entries that are stored. */
  readonly count: number;
  /** What it takes, with the method's. */
  readonly bytes: number;
}

/** Which of `length` entries are stored, and how many. */
export interface Mask {
  readonly length: number;
  readonly count: number;
  /** 1 where an entry is stored, else 0; undefined where all are. */
  readonly stored?: Uint8Array;
}

/** No mask of so many entries takes more bytes. */
export function mostMaskBytes(length: number): number {
  return 1 + bitBytes(length, 1);
}

/** The shortest way to write a mask, the lowest method among equals. */
export function planMask(stored: Uint8Array): MaskPlan {
  let count = 0;
  let runs = 0;
  let gaps = 0;
  forEachRun(stored, (kept, length) => {
    runs += varintBytes(length);
    // the first of a run has the gap before it, the others have none
    gaps += kept ? length - 1 : varintBytes(length);
    if (kept) count += length;
  });
  if (count === stored.length) return { method: ALL, count, bytes: 1 };
  // the gap behind the last is not written
  if (stored.at(-1) === 0) gaps -= varintBytes(trailing(stored));
  gaps += varintBytes(count);
  const sizes = [bitBytes(stored.length, 1), runs, gaps];
  const least = Math.min(...sizes);
  return { method: BITMAP + sizes.indexOf(least), count, bytes: 1 + least };
}

export function writeMask(to: Writer, stored: Uint8Array, { method, count }: MaskPlan): void {
  to.u8(method);
  if (method === BITMAP) packBits(stored, 1, to.take(bitBytes(stored.length, 1)));
  if (method === RUNS) forEachRun(stored, (_, length) => to.varint(length));
  if (method !== GAPS) return;
  to.varint(count);
  let gap = 0;
  forEachRun(stored, (kept, length) => {
    if (!kept) gap = length;
    else {
      to.varint(gap);
      for (let i = 1; i < length; ++i) to.varint(0);
    }
  });
}

/** @param length entries of the array. */
export function readMask(from: Reader, length: number): Mask {
  const method = from.u8();
  if (method === ALL) return { length, count: length };
  const read = [readBitmap, readRuns, readGaps][method - BITMAP];
  if (!read) throw from.bad(`the mask's method is ${method}; it must be 0 to ${GAPS}`);
  const stored = new Uint8Array(length);
  return { length, count: read(from, stored), stored };
}

function readBitmap(from: Reader, stored: Uint8Array): number {
  const bytes = from.take(bitBytes(stored.length, 1));
  let count = 0;
  for (let i = 0; i < stored.length; ++i) {
    stored[i] = (bytes[i >>> 3]! >>> (i & 7)) & 1;
    count += stored[i]!;
  }
  const spare = stored.length % 8;
  if (spare > 0 && bytes.at(-1)! >>> spare > 0) {
    throw from.bad("bits of the bitmap beyond the last entry are not 0");
  }
  return count;
}

function readRuns(from: Reader, stored: Uint8Array): number {
  let count = 0;
  let at = 0;
  for (let kept = false, first = true; at < stored.length; kept = !kept, first = false) {
    const length = from.varint();
    if (length === 0 && !first) throw from.bad("a run of the mask, not the first, is empty");
    if (at + length > stored.length) {
      throw from.bad(`the runs of the mask add up to ${at + length} of ${stored.length} entries`);
    }
    if (kept) {
      stored.fill(1, at, at + length);
      count += length;
    }
    at += length;
  }
  return count;
}

function readGaps(from: Reader, stored: Uint8Array): number {
  const count = from.varint();
  if (count > stored.length) throw from.bad(`the mask stores ${count} of ${stored.length} entries`);
  let at = -1;
  for (let i = 0; i < count; ++i) {
    at += from.varint() + 1;
    if (at >= stored.length) throw from.bad(`the mask stores entry ${at} of ${stored.length}`);
    stored[at] = 1;
  }
  return count;
}

/** Calls `visit` for runs of equal entries, in turn left out and stored; the first may be empty. */
function forEachRun(stored: Uint8Array, visit: (kept: boolean, length: number) => void): void {
  let from = 0;
  let kept = 0;
  for (let i = 0; i <= stored.length; ++i) {
    if (stored[i] === kept) continue;
    visit(kept === 1, i - from);
    from = i;
    kept = 1 - kept;
  }
}

/** Length of the run at the end. */
function trailing(stored: Uint8Array): number {
  return stored.length - 1 - stored.lastIndexOf(1);
}
