// The works that are timed, and their seeded inputs.

const layer = { filters: 64, kernel: 5, pool: 2 };
const photo = { channels: 3, height: 224, width: 224 };
const thumbnail = { channels: 3, height: 32, width: 32 };

/** Layers as createLayer takes them, without filters. */
export const encodeWorks = [
  { input: photo, ...layer, rectifier: "relu" },
  { input: photo, ...layer, rectifier: "none" },
  { input: thumbnail, ...layer, rectifier: "relu" },
  { input: thumbnail, ...layer, rectifier: "none" },
];

export function describeWork({ input, filters, kernel, pool, rectifier }) {
  const pooled = rectifier === "none" ? "largest magnitude" : rectifier;
  return `${input.channels} x ${input.height} x ${input.width}, ${filters} filters ${kernel} x ${kernel}, pool ${pool}, ${pooled}`;
}

/** Rows and columns before pooling (stride 1, no padding) and after. */
export function sizes({ input, kernel, pool }) {
  const rows = input.height - kernel + 1;
  const columns = input.width - kernel + 1;
  return { rows, columns, pooledRows: Math.floor(rows / pool), pooledColumns: Math.floor(columns / pool) };
}

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
