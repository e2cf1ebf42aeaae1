// Seeded random numbers and random model-sparse codes, the same on every host: whole numbers, + - * / alone.

import type { Code } from "../layer.js";

/** Draws uniform numbers in [0, 1). */
export type Uniform = () => number;

/**
 * xoshiro128** (Blackman, Vigna, Scrambled linear pseudorandom number generators, 2021), its state from the
 * whole number `seed` by splitmix32. 32 random bits a draw.
 */
export function uniform(seed: number): Uniform {
  let mixed = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
  const state = Int32Array.from({ length: 4 }, () => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  });
  return () => {
    const product = Math.imul(state[1]!, 5);
    const drawn = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = (state[3]! << 11) | (state[3]! >>> 21);
    return drawn / 2 ** 32;
  };
}

/** A whole number from 0 to `count` - 1. */
export function below(draw: Uniform, count: number): number {
  return Math.floor(draw() * count);
}

/**
 * Fills `code` with a random member of M_k: k regions without repetition, a position in each, values uniform
 * on [-1, 1], as in the paper's section 4. `order` is [entries], any permutation of the regions; it is shuffled.
 */
export function drawCode(draw: Uniform, k: number, positions: number, code: Code, order: Uint32Array): void {
  code.values.fill(0);
  code.switches.fill(0);
  for (let i = 0; i < k; ++i) {
    const other = i + below(draw, order.length - i);
    const entry = order[other]!;
    order[other] = order[i]!;
    order[i] = entry;
    code.switches[entry] = below(draw, positions);
    // never 0, which would be one non-zero less
    code.values[entry] = 2 * draw() - 1 || 1;
  }
}
