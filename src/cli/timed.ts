// How long a call takes.

/** Its value, and milliseconds to three decimals. */
export function timed<T>(run: () => T): [value: T, milliseconds: number] {
  const start = performance.now();
  const value = run();
  return [value, rounded(performance.now() - start)];
}

/** The sum of several. */
export function total(milliseconds: readonly number[]): number {
  return rounded(milliseconds.reduce((sum, some) => sum + some, 0));
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toFixed(3));
}
