// How long a call takes.

/** Its value, and milliseconds to three decimals. */
export function timed<T>(run: () => T): [value: T, milliseconds: number] {
  const start = performance.now();
  const value = run();
  return [value, Number((performance.now() - start).toFixed(3))];
}
