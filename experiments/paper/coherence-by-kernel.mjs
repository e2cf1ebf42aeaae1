// The coherence of many filters, with the inner products as activations: `coherence` of build/analysis.js in double
// precision takes 50 s for the 512 x 512 filters of VGG-16, which a layer takes 6 s for.
//
// A layer whose input is one filter, padded by the filter's size less 1, has as its activations the inner products of
// every filter with that one at every shift. Filters of norm 1 make them cosines.

import { createLayerSync } from "../../build/index.js";

/**
 * @param {{ filters: number, channels: number, kernel: number, seed?: number, weights?: Float32Array }} spec filters
 *   from a seed, or OIHW; their norms play no part
 * @returns {import("../../src/analysis/index.js").Coherence & { signed: number }} `signed` is the largest cosine of two
 *   different filters in the same place, the others the largest magnitude of one
 */
export function coherenceByKernel({ filters, channels, kernel, seed, weights }) {
  const layer = createLayerSync({
    ...{ input: { channels, height: kernel, width: kernel }, filters, kernel, padding: kernel - 1 },
    ...(weights ? { weights: normalised(weights, filters) } : { seed, unitNorm: true }),
  });
  const size = channels * kernel ** 2;
  const all = layer.weights;
  const shifts = (2 * kernel - 1) ** 2;
  const zero = (shifts - 1) / 2;
  const out = { values: new Float32Array(filters * shifts), switches: new Uint8Array(filters * shifts) };
  let signed = -1;
  let zeroShift = 0;
  let different = 0;
  let own = 0;
  for (let b = 0; b < filters; ++b) {
    const { values } = layer.encode(all.subarray(b * size, (b + 1) * size), { out });
    for (let a = 0; a < filters; ++a) {
      for (let shift = 0; shift < shifts; ++shift) {
        const value = values[a * shifts + shift];
        const cosine = Math.abs(value);
        if (a !== b) {
          if (cosine > different) different = cosine;
          if (shift === zero && cosine > zeroShift) zeroShift = cosine;
          if (shift === zero && value > signed) signed = value;
        } else if (shift !== zero && cosine > own) own = cosine;
      }
    }
  }
  return { signed, zeroShift, allShifts: different, allPairs: Math.max(different, own) };
}

/** The same filters with norm 1; one of zeros stays. */
function normalised(weights, filters) {
  const size = weights.length / filters;
  const result = Float32Array.from(weights);
  for (let k = 0; k < filters; ++k) {
    const filter = result.subarray(k * size, (k + 1) * size);
    let square = 0;
    for (const value of filter) square += value * value;
    if (square > 0) for (let i = 0; i < size; ++i) filter[i] /= Math.sqrt(square);
  }
  return result;
}
