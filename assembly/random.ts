// Random numbers that anyone can draw again: Philox4x32-10 keyed by the seed, and Gaussians from it.
//
// Philox: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). Number e
// of a stream depends on (seed, stream, e) alone, so draws have no order and no state.
//
// Gaussians: Box and Muller (1958) in f64. Logarithm, sine and cosine are truncated series of + - * /
// alone, exactly rounded operations on every machine, so NumPy repeats each bit (docs/filters.md).

/** Streams of one seed. */
export const STREAM_FILTERS: u32 = 0;
export const STREAM_POWER_ITERATION: u32 = 1;

const MULTIPLIER_0: u64 = 0xd2511f53;
const MULTIPLIER_1: u64 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;

// the four words of the last block
export let word0: u32 = 0;
export let word1: u32 = 0;
export let word2: u32 = 0;
export let word3: u32 = 0;

/** Philox4x32-10 of a 128-bit counter under a 64-bit key, lowest word first. */
export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  for (let round = 0; round < 10; ++round) {
    const product0 = MULTIPLIER_0 * <u64>c0;
    const product1 = MULTIPLIER_1 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ k0;
    c2 = <u32>(product0 >> 32) ^ c3 ^ k1;
    c1 = <u32>product1;
    c3 = <u32>product0;
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  word0 = c0;
  word1 = c1;
  word2 = c2;
  word3 = c3;
}

const SQRT2: f64 = 1.4142135623730951;
const LN2: f64 = 0.6931471805599453;
/** 2 pi / 2^32. */
const TURN: f64 = 6.283185307179586 / 4294967296.0;

/** Natural logarithm of a positive normal number: 2 artanh((m - 1)/(m + 1)) + e ln 2 to s^21. */
export function logarithm(u: f64): f64 {
  const bits = reinterpret<u64>(u);
  let exponent = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > SQRT2) {
    m *= 0.5;
    exponent += 1;
  }
  const t = (m - 1.0) / (m + 1.0);
  const t2 = t * t;
  let sum = 1.0 / 21.0;
  for (let odd = 19; odd > 0; odd -= 2) sum = sum * t2 + 1.0 / <f64>odd;
  return <f64>exponent * LN2 + 2.0 * t * sum;
}

/** sin a for |a| <= pi/4: Taylor to a^17, nested so that step n multiplies by a^2 / (n (n + 1)). */
export function sine(a: f64): f64 {
  const a2 = a * a;
  let sum = 1.0;
  for (let n = 16; n > 0; n -= 2) sum = 1.0 - (sum * a2) / <f64>(n * (n + 1));
  return a * sum;
}

/** cos a for |a| <= pi/4: Taylor to a^16, nested likewise. */
export function cosine(a: f64): f64 {
  const a2 = a * a;
  let sum = 1.0;
  for (let n = 15; n > 0; n -= 2) sum = 1.0 - (sum * a2) / <f64>(n * (n + 1));
  return sum;
}

/** One member of a Gaussian pair: radius from the first word, angle from the second. */
function boxMuller(radiusWord: u32, angleWord: u32, second: bool): f64 {
  const radius = sqrt<f64>(-2.0 * logarithm((<f64>radiusWord + 0.5) / 4294967296.0));
  const quadrant = (angleWord + 0x20000000) >> 30; // nearest multiple of a quarter turn
  const a = <f64>(<i32>(angleWord - (quadrant << 30))) * TURN;
  // cos and sin of (quadrant x 90 degrees + a); the second member is the sine
  const turn = second ? quadrant + 3 : quadrant;
  const swap = (turn & 1) != 0;
  const part = swap ? sine(a) : cosine(a);
  const negative = ((turn + 1) & 2) != 0;
  return radius * (negative ? -part : part);
}

/** Draws block `index` of a stream of a seed (its low and high 32 bits): four normal numbers. */
export function drawBlock(index: u64, stream: u32, seedLow: u32, seedHigh: u32): void {
  philox(<u32>index, <u32>(index >> 32), stream, 0, seedLow, seedHigh);
}

/** Standard normal number `lane`, 0 to 3, of the block drawn last. */
export function gaussian(lane: i32): f64 {
  return lane < 2 ? boxMuller(word0, word1, lane == 1) : boxMuller(word2, word3, lane == 3);
}
