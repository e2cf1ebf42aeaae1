// Keys in float64, and bounds on what float32 makes of them.
//
// A float32 sum of n products lies within n 2^-24 sum |w||x| of the exact one, whatever its order (Higham,
// Accuracy and Stability of Numerical Algorithms, section 3.1, to first order). A fast convolution has no such bound: it
// adds samples before it multiplies. Random filters and images like these keep every contender well within it.

import { entryAt, sizes } from "./works.mjs";

const UNIT = 2 ** -24;

/** x - W'z and |x| + |W|'|z| of the whole batch, in float64. */
function residual(work, weights, images, { values, switches }) {
  const { channels, height, width } = work.input;
  const { numbers } = sizes(work);
  const [down, across] = work.kernel;
  const difference = Float64Array.from(images);
  const magnitude = difference.map(Math.abs);
  for (let at = 0; at < values.length; ++at) {
    const value = values[at];
    if (value === 0) continue;
    const { item, filter, top, left } = entryAt(work, at);
    const row = top + Math.floor(switches[at] / work.pool[1]);
    const column = left + (switches[at] % work.pool[1]);
    let weight = filter * channels * down * across;
    for (let c = 0; c < channels; ++c) {
      for (let i = 0; i < down; ++i) {
        const target = item * numbers + (c * height + row + i) * width + column;
        for (let j = 0; j < across; ++j, ++weight) {
          const product = value * weights[weight];
          difference[target + j] -= product;
          magnitude[target + j] += Math.abs(product);
        }
      }
    }
  }
  return { difference, magnitude };
}

/**
 * What pooling chooses from: `step` x W d, plus the previous code where its switches are; d = x - W'previous.
 * Without a previous code that is the encoding's W x.
 * @returns keyAt(entry, position in its region): { key, bound }.
 */
export function exactKeys(work, weights, images, { previous, step = 1 } = {}) {
  const { channels, height, width } = work.input;
  const { numbers } = sizes(work);
  const [down, across] = work.kernel;
  const { difference, magnitude } = previous
    ? residual(work, weights, images, previous)
    : { difference: images, magnitude: images };
  // entries whose patches cover one number of the input
  const covering = previous
    ? work.filters * (Math.ceil(down / work.pool[0]) + 1) * (Math.ceil(across / work.pool[1]) + 1)
    : 0;
  const terms = channels * down * across + covering + (previous ? 4 : 0);
  return function keyAt(at, position) {
    const { item, filter, top, left } = entryAt(work, at);
    const row = top + Math.floor(position / work.pool[1]);
    const column = left + (position % work.pool[1]);
    let weight = filter * channels * down * across;
    let sum = 0;
    let magnitudes = 0;
    for (let c = 0; c < channels; ++c) {
      for (let i = 0; i < down; ++i) {
        const from = item * numbers + (c * height + row + i) * width + column;
        for (let j = 0; j < across; ++j, ++weight) {
          sum += weights[weight] * difference[from + j];
          magnitudes += Math.abs(weights[weight] * magnitude[from + j]);
        }
      }
    }
    const before = previous && previous.switches[at] === position ? previous.values[at] : 0;
    const value = step * sum + before;
    const key = work.rectifier === "none" ? Math.abs(value) : Math.max(value, 0);
    return { key, bound: UNIT * (terms * step * magnitudes + 2 * Math.abs(value)) };
  };
}
