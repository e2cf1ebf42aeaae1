// The filters of PNG: a byte of a row less a guess from its neighbours. https://www.w3.org/TR/png-3/#9Filters

/** The guess from the bytes to the left (a), above (b), and above the left one (c); filters are numbered so. */
type Guess = (a: number, b: number, c: number) => number;

const GUESSES: readonly Guess[] = [() => 0, (a) => a, (_, b) => b, (a, b) => (a + b) >> 1, paeth];

function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}

/**
 * Makes a filtered row what it was, in place.
 * @param above the row before, as it was; zeros before the first.
 * @param step bytes of a pixel, at least 1: so far to the left lies the neighbour.
 * @returns false where there is no such filter.
 */
export function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): boolean {
  const guess = GUESSES[filter];
  if (!guess) return false;
  for (let i = 0; i < row.length; ++i) {
    const left = i >= step;
    row[i] = row[i]! + guess(left ? row[i - step]! : 0, above[i]!, left ? above[i - step]! : 0);
  }
  return true;
}

/**
 * Filters a row by the filter whose bytes, taken with their signs, are smallest in sum: the usual guess at what
 * compresses best. The first of equals wins.
 * @returns the filter's number, then the bytes.
 */
export function filter(row: ArrayLike<number>, above: ArrayLike<number>, step: number): Uint8Array {
  let best = new Uint8Array(1 + row.length);
  let tried = new Uint8Array(1 + row.length);
  let least = Number.POSITIVE_INFINITY;
  for (const [number, guess] of GUESSES.entries()) {
    let sum = 0;
    tried[0] = number;
    for (let i = 0; i < row.length && sum < least; ++i) {
      const left = i >= step;
      const guessed = guess(left ? row[i - step]! : 0, above[i]!, left ? above[i - step]! : 0);
      const rest = (row[i]! - guessed) & 255;
      tried[i + 1] = rest;
      sum += rest < 128 ? rest : 256 - rest;
    }
    if (sum < least) {
      least = sum;
      [best, tried] = [tried, best];
    }
  }
  return best;
}
