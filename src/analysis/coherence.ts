// Coherence: how alike two columns of W' can be.
//
// The paper (Table 4) takes the largest normalised inner product between distinct columns of W'. Each filter has a
// column at every shift, so there are three readings; of random VGG filters the first fits the paper's figures best.

import type { Layer } from "../layer.js";
import { checkLayer } from "./products.js";
import { type Filters, filtersOf } from "./rows.js";

export interface Coherence {
  /** Largest |cos| of two different filters in the same place. */
  readonly zeroShift: number;
  /** Of two different filters, at any two shifts: what a code of one region a filter can hold. */
  readonly allShifts: number;
  /** Of any two columns, one filter's own shifts included. */
  readonly allPairs: number;
}

/**
 * The coherence of a layer's filters by three definitions, each 0 to 1. Shifts are multiples of the stride, as far
 * as the layer has them; filters are whole, as on the inside of the input. A filter of zeros is like no other.
 *
 * Time: filters^2 x channels x (kernel height x kernel width)^2 / 2 multiplications.
 *
 * Throws UnpoolError "invalid-option" for what is no layer, "disposed".
 */
export function coherence(layer: Layer): Coherence {
  checkLayer(layer);
  const filters = filtersOf(layer);
  const { kernel, stride, pool, codeShape, filters: count } = layer.geometry;
  const reach = [0, 1].map((axis) =>
    Math.min(codeShape[axis + 1]! * pool[axis]! - 1, Math.ceil(kernel[axis]! / stride[axis]!) - 1),
  );
  const norms = Float64Array.from({ length: count }, (_, k) => Math.sqrt(product(filters, k, k, 0, 0)));
  let zeroShift = 0;
  let different = 0;
  let own = 0;
  for (let a = 0; a < count; ++a) {
    for (let b = a; b < count; ++b) {
      const size = norms[a]! * norms[b]!;
      if (size === 0) continue;
      // the pair (a, b) at a shift is (b, a) at the opposite one: of one filter, half the shifts are enough
      for (let i = a === b ? 0 : -reach[0]!; i <= reach[0]!; ++i) {
        for (let j = -reach[1]!; j <= reach[1]!; ++j) {
          if (a === b && i === 0 && j <= 0) continue;
          const cosine = Math.abs(product(filters, a, b, i * stride[0], j * stride[1])) / size;
          if (a === b) own = Math.max(own, cosine);
          else different = Math.max(different, cosine);
          if (a !== b && i === 0 && j === 0) zeroShift = Math.max(zeroShift, cosine);
        }
      }
    }
  }
  const capped = (cosine: number) => Math.min(1, cosine); // rounding
  return {
    zeroShift: capped(zeroShift),
    allShifts: capped(different),
    allPairs: capped(Math.max(different, own)),
  };
}

/** Inner product of filter a with filter b moved down by `down` and right by `right`. */
function product({ geometry, taps }: Filters, a: number, b: number, down: number, right: number): number {
  const { channels, kernel } = geometry;
  const run = (kernel[1] - Math.abs(right)) * channels;
  let sum = 0;
  for (let y = Math.max(0, down); y < Math.min(kernel[0], kernel[0] + down); ++y) {
    const atA = ((a * kernel[0] + y) * kernel[1] + Math.max(0, right)) * channels;
    const atB = ((b * kernel[0] + y - down) * kernel[1] + Math.max(0, -right)) * channels;
    for (let i = 0; i < run; ++i) sum += taps[atA + i]! * taps[atB + i]!;
  }
  return sum;
}
