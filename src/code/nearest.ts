/** From here to twice as much, float64 holds whole numbers only. */
const WHOLE = 1.5 * 2 ** 52;

/** The nearest whole number of |x| < 2^51, ties to even: the addition rounds so. */
export function nearest(x: number): number {
  return x + WHOLE - WHOLE;
}
