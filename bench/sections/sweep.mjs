// How cost grows with the image: unpool alone, sizes in alternation, time by pixel.

import { measure } from "../measure.mjs";
import * as unpool from "../peers/unpool.mjs";
import { inputOf } from "../seeded.mjs";
import { photoOf } from "../works.mjs";

export const sweepSizes = [64, 128, 256, 512, 1024, 2048];

/** @returns for each size: nanoseconds a pixel of an encoding and of a least-squares step, from minima. */
export async function sweep(sizes, { seed, ...time }) {
  const layers = [];
  const contenders = [];
  for (const size of sizes) {
    const work = photoOf(size);
    const layer = await unpool.open(work, seed);
    layers.push(layer);
    const images = inputOf(work, layer.weights, seed);
    contenders.push(layer.encodings(images)[1], layer.leastSquares(images));
  }
  const times = await measure(contenders, time);
  for (const layer of layers) layer.close();
  const perPixel = (size, { minimum }) => (1e6 * minimum) / size ** 2;
  return sizes.map((size, at) => {
    const [encode, step] = times.slice(2 * at, 2 * at + 2);
    return {
      ...{ size, rounds: encode.rounds, encode: encode.minimum, leastSquares: step.minimum },
      ...{ encodePerPixel: perPixel(size, encode), leastSquaresPerPixel: perPixel(size, step) },
    };
  });
}
