// What a code is without its magnitudes: where its maxima were, and their signs.

/** 2^31 - 1, a prime: Park and Miller's generator runs through 1 to one less. */
const MODULUS = 2147483647;
const MULTIPLIER = 48271;

/**
 * Replaces values by magnitudes uniform on [0, 1), scaled so that all together have the norm that they had; each keeps
 * its sign, and a zero stays zero. Whole numbers, + - * / and square roots of float64 in the order of the values: the
 * same on every host, up to the one rounding to float32.
 * @param seed whole number, 0 to 2^53 - 1.
 */
export function randomMagnitudes(values: Float32Array, seed: number): void {
  let state = 1 + (seed % (MODULUS - 1));
  let own = 0;
  let drawn = 0;
  const magnitudes = Float64Array.from(values, (value) => {
    state = (state * MULTIPLIER) % MODULUS;
    const magnitude = state / 2 ** 31;
    if (value === 0) return 0;
    own += value * value;
    drawn += magnitude * magnitude;
    return value < 0 ? -magnitude : magnitude;
  });
  if (own === 0) return;
  const scale = Math.sqrt(own / drawn);
  for (let i = 0; i < values.length; ++i) values[i] = magnitudes[i]! * scale;
}
