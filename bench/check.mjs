// Two codes of one work, by two programs, compared before either is timed.
//
// Both round. Two programs can rightly choose different switches only if the exact keys at both are closer than
// the bounds of exact.mjs together: the tie is then proven, and anything else is an error.

import { sizes } from "./works.mjs";

const TOLERANCE = 1e-4;

/** The least key that is kept in each item of the batch, where only the largest are. */
function thresholds(work, keys) {
  const { entries } = sizes(work);
  return Array.from({ length: work.batch }, (_, item) => {
    const positive = keys.subarray(item * entries, (item + 1) * entries).filter((key) => key > 0);
    return positive.length < work.keep ? 0 : Math.min(...positive);
  });
}

/**
 * Throws unless two codes { keys, switches } agree: keys (|h| or max(h, 0)) to 1e-4 relative or to rounding,
 * switches except at proven ties. The other code may lack switches; they are not compared where a key is 0.
 * @returns { entries, ties, worst }, worst the largest difference over the largest key.
 */
export function compareCodes(work, keyAt, ours, theirs) {
  const entries = work.batch * sizes(work).entries;
  const positions = work.pool[0] * work.pool[1];
  for (const array of [ours.keys, ours.switches, theirs.keys, theirs.switches ?? ours.switches]) {
    if (array.length !== entries) throw new Error(`a code has ${array.length} entries instead of ${entries}`);
  }
  const least = work.keep && ours.kept ? thresholds(work, ours.keys) : undefined;
  let ties = 0;
  let worst = 0;
  let largest = 0;
  for (let at = 0; at < entries; ++at) {
    const [key, otherKey] = [ours.keys[at], theirs.keys[at]];
    const mine = ours.switches[at];
    const other = theirs.switches?.[at] ?? mine;
    if (!(mine < positions && other < positions)) {
      throw new Error(`switch ${at} is ${mine} here and ${other} there, outside its region`);
    }
    const difference = Math.abs(key - otherKey);
    largest = Math.max(largest, otherKey);
    // written so that a NaN fails
    if (!(difference <= TOLERANCE * otherKey || difference <= 2 * keyAt(at, mine).bound)) {
      if (
        !(least && tiesWithLeast(keyAt, at, ours, theirs, least[Math.floor(at / (entries / work.batch))]))
      ) {
        throw new Error(`entry ${at} is ${key} here and ${otherKey} there`);
      }
      ++ties;
      continue;
    }
    worst = Math.max(worst, difference);
    if (mine === other || (key === 0 && otherKey === 0)) continue;
    const [a, b] = [keyAt(at, mine), keyAt(at, other)];
    if (!(Math.abs(a.key - b.key) <= a.bound + b.bound)) {
      throw new Error(`switch ${at} is ${mine} (key ${a.key}) here and ${other} (key ${b.key}) there`);
    }
    ++ties;
  }
  return { entries, ties, worst: worst / largest };
}

/** Whether an entry that only one program kept is as large, up to rounding, as the least that is kept. */
function tiesWithLeast(keyAt, at, ours, theirs, least) {
  if (ours.keys[at] > 0 && theirs.keys[at] > 0) return false;
  const position = ours.keys[at] > 0 ? ours.switches[at] : theirs.switches?.[at];
  if (position === undefined) return false;
  const { key, bound } = keyAt(at, position);
  return Math.abs(key - least) <= 2 * bound + TOLERANCE * least;
}
