// Seeded inputs: the same on every machine up to the host's sine.

import { sizes } from "./works.mjs";

/** Uniform numbers in [0, 1): the Weyl sequence of the golden ratio through MurmurHash3's finaliser. */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

const WAVES = 24;
const NOISE = 0.05;

/**
 * An image in about [-1, 1], planar: waves in all directions with amplitudes 1 / frequency, as photographs
 * have, and a little noise. White noise would be the worst case for a pooling that branches.
 */
export function seededImage({ channels, height, width }, seed) {
  const next = uniform(seed);
  const image = new Float32Array(channels * height * width);
  for (let c = 0; c < channels; ++c) {
    for (let n = 1; n <= WAVES; ++n) {
      const angle = 2 * Math.PI * next();
      const phase = 2 * Math.PI * next();
      const down = (2 * Math.PI * n * Math.sin(angle)) / height;
      const across = (2 * Math.PI * n * Math.cos(angle)) / width;
      for (let i = 0; i < height * width; ++i) {
        const wave = Math.sin(down * Math.floor(i / width) + across * (i % width) + phase);
        image[c * height * width + i] += (0.5 / n) * wave;
      }
    }
  }
  return image.map((value) => value + NOISE * (2 * next() - 1));
}

/** W'z for codes with `keep` non-zeros of random filters, places and amounts in (0, 1]: the paper's signals. */
function sparseSignals(work, weights, seed) {
  const { channels, width } = work.input;
  const { numbers, columns } = sizes(work);
  const [, length] = work.kernel;
  const next = uniform(seed);
  const signals = new Float32Array(work.batch * numbers);
  for (let item = 0; item < work.batch; ++item) {
    const filters = new Set();
    while (filters.size < work.keep) filters.add(Math.floor(next() * work.filters));
    for (const filter of filters) {
      const place = Math.floor(next() * columns);
      const amount = 1 - next();
      for (let i = 0; i < channels * length; ++i) {
        const channel = Math.floor(i / length);
        signals[item * numbers + channel * width + place + (i % length)] +=
          amount * weights[filter * channels * length + i];
      }
    }
  }
  return signals;
}

/** The input of a work, the whole batch. */
export function inputOf(work, weights, seed) {
  return work.keep ? sparseSignals(work, weights, seed) : seededImage(work.input, seed);
}
