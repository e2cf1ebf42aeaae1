// Logarithm, exponential and cosine from + - * / alone: a host's Math may differ in the last bits.

/** ln x, x > 0 and finite: 2 atanh t, t = (m - 1) / (m + 1), of the mantissa m in (1/sqrt 2, sqrt 2]. */
export function log(x: number): number {
  let exponent = 0;
  for (; x > Math.SQRT2; x /= 2) ++exponent;
  for (; x <= Math.SQRT1_2; x *= 2) --exponent;
  const t = (x - 1) / (x + 1);
  let sum = 0;
  for (let n = 21; n >= 1; n -= 2) sum = sum * t * t + 1 / n;
  return exponent * Math.LN2 + 2 * t * sum;
}

/** e^x; beyond +-700 that of +-700. */
export function exp(x: number): number {
  const within = Math.max(-700, Math.min(700, x));
  const doublings = Math.round(within / Math.LN2);
  const rest = within - doublings * Math.LN2;
  let sum = 1;
  for (let n = 20; n >= 1; --n) sum = 1 + (sum * rest) / n;
  for (let i = 0; i < doublings; ++i) sum *= 2;
  for (let i = 0; i > doublings; --i) sum /= 2;
  return sum;
}

/** cos(2 pi turns), by the Taylor series about the nearest half turn. */
export function cosineOfTurns(turns: number): number {
  const nearest = Math.round(2 * turns);
  const angle = 2 * Math.PI * (turns - nearest / 2);
  let sum = 1;
  for (let n = 25; n >= 1; n -= 2) sum = 1 - (sum * angle * angle) / (n * (n + 1));
  return nearest % 2 === 0 ? sum : -sum;
}
