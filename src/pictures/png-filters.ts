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
  const sums = magnitudes(row, above, step);
  const best = sums.indexOf(Math.min(...sums));
  const guess = GUESSES[best]!;
  const filtered = new Uint8Array(1 + row.length);
  filtered[0] = best;
  for (let i = 0; i < row.length; ++i) {
    const left = i >= step;
    const guessed = guess(left ? row[i - step]! : 0, above[i]!, left ? above[i - step]! : 0);
    filtered[i + 1] = row[i]! - guessed;
  }
  return filtered;
}

/** Sums of the magnitudes of a row's bytes under each filter; written out, which takes a third of the time of calls. */
function magnitudes(row: ArrayLike<number>, above: ArrayLike<number>, step: number): number[] {
  let [none, sub, up, average, corner] = [0, 0, 0, 0, 0];
  for (let i = 0; i < row.length; ++i) {
    const left = i >= step;
    const [x, a, b, c] = [row[i]!, left ? row[i - step]! : 0, above[i]!, left ? above[i - step]! : 0];
    none += magnitude(x);
    sub += magnitude(x - a);
    up += magnitude(x - b);
    average += magnitude(x - ((a + b) >> 1));
    corner += magnitude(x - paeth(a, b, c));
  }
  return [none, sub, up, average, corner];
}

/** Of the byte that a difference is stored as, taken with its sign. */
function magnitude(difference: number): number {
  const byte = difference & 255;
  return byte < 128 ? byte : 256 - byte;
}
