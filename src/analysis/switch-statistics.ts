// Where in their regions the maxima lie, and how far two codes agree on it.

import type { Code, Layer } from "../layer.js";
import { checkCode } from "./code.js";
import { log } from "./elementary.js";
import { sizesOf } from "./products.js";

export interface SwitchStatistics {
  /** Switches counted: those of non-zero values, the others say nothing. */
  readonly count: number;
  /** How many lie at each position of a region, row-major: [pool height x pool width]. */
  readonly histogram: Uint32Array;
  /** Entropy of the histogram, bits a switch: what a coder without context needs. */
  readonly entropy: number;
  /** log2 of the number of positions: bits a switch when all are equally likely. */
  readonly uniform: number;
}

/**
 * Histogram and entropy of a code's switches.
 * Throws UnpoolError "invalid-code", "not-finite", "disposed".
 */
export function switchStatistics(layer: Layer, code: Code): SwitchStatistics {
  checkCode(layer, code);
  const histogram = new Uint32Array(sizesOf(layer).positions);
  let count = 0;
  for (let i = 0; i < code.values.length; ++i) {
    if (code.values[i] === 0) continue;
    histogram[code.switches[i]!]! += 1;
    ++count;
  }
  let entropy = 0;
  for (const occurrences of histogram) {
    if (occurrences > 0) entropy += (occurrences / count) * (log(count / occurrences) / Math.LN2);
  }
  return { count, histogram, entropy, uniform: log(histogram.length) / Math.LN2 };
}

export interface SwitchAgreement {
  /** Entries that are non-zero in both codes. */
  readonly shared: number;
  /** The share of them whose switches are the same; 1 if there are none. */
  readonly agreement: number;
  /** Shared entries over those that are non-zero in either code; 1 if there are none. */
  readonly overlap: number;
}

/**
 * How far two codes of one layer agree: the supports, and the switches where both have a value.
 * Throws UnpoolError "invalid-code", "not-finite", "disposed".
 */
export function switchAgreement(layer: Layer, a: Code, b: Code): SwitchAgreement {
  checkCode(layer, a);
  checkCode(layer, b);
  let either = 0;
  let shared = 0;
  let same = 0;
  for (let i = 0; i < a.values.length; ++i) {
    const inA = a.values[i] !== 0;
    const inB = b.values[i] !== 0;
    if (inA || inB) ++either;
    if (!inA || !inB) continue;
    ++shared;
    if (a.switches[i] === b.switches[i]) ++same;
  }
  return {
    shared,
    agreement: shared > 0 ? same / shared : 1,
    overlap: either > 0 ? shared / either : 1,
  };
}
