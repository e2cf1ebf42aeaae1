// The largest eigenvalue L of W'W over the positions that pooling can keep, by power iteration.
//
//   u = Gaussian, normalised; repeat: g = W'W u; L = |g|; u = g / L
//
// L from below: an estimate after any number of steps is at most the true value, so a step size takes
// 1/(1.02 L). Each convolution row is analysed into `band` and synthesised at once; nothing of the size
// of all activations is stored. With crelu W stands twice, once negated: L is twice as large.

import { band, g, inputLength, s } from "../arena";
import { clearPadding, rowBytes } from "../convolution/image";
import { analyseRow, Plain, synthesiseRow } from "../convolution/switched";
import {
  channels,
  filters,
  paddedHeight,
  planes,
  pooledHeight,
  pooledWidth,
  poolHeight,
  poolWidth,
  strideHeight,
  strideWidth,
} from "../geometry";
import { drawBlock, gaussian, STREAM_POWER_ITERATION } from "../random";
import { norm, scale } from "../vector";
import { CONVERGED, RUNNING } from "./state";

/** Relative change of L between two steps that ends the iteration. */
const SETTLED: f64 = 1e-4;

export let largestEigenvalue: f64 = 0;

/** u, in s, starts as Gaussian noise: the same for every layer of one shape. Overwrites s and g. */
export function beginPowerIteration(): void {
  const n = <i32>inputLength;
  for (let i = 0; i < n; ++i) {
    if ((i & 3) == 0) drawBlock(<u64>(i >> 2), STREAM_POWER_ITERATION, 0, 0);
    store<f32>(s + ((<usize>i) << 2), <f32>gaussian(i & 3));
  }
  clearPadding(s);
  clearTail();
  scale(s, <f32>(1.0 / norm(s, n)), s, n);
  largestEigenvalue = 0;
}

/** The elements past the image, up to a whole block of 8, are no part of u. */
function clearTail(): void {
  const image = (<usize>paddedFloats()) << 2;
  memory.fill(s + image, 0, ((<usize>inputLength) << 2) - image);
}

function paddedFloats(): i32 {
  return <i32>((rowBytes() >> 2) * <usize>paddedHeight);
}

/** Up to `count` steps; CONVERGED when L has settled. */
export function stepPowerIteration(count: i32): i32 {
  const n = <i32>inputLength;
  const columns = pooledWidth * poolWidth;
  const hop = (<usize>(strideWidth * channels)) << 2;
  for (let step = 0; step < count; ++step) {
    memory.fill(g, 0, (<usize>n) << 2);
    for (let y = 0; y < pooledHeight * poolHeight; ++y) {
      const row = <usize>(y * strideHeight) * rowBytes();
      analyseRow(s + row, hop, columns, filters, -1, band, columns);
      synthesiseRow<Plain>(g + row, hop, columns, filters, -1, band, columns, 1);
    }
    clearPadding(g);
    const grown = norm(g, n);
    if (grown == 0) return CONVERGED; // the filters are zero
    const estimate = grown * <f64>(planes / filters);
    const change = estimate - largestEigenvalue;
    largestEigenvalue = estimate;
    scale(s, <f32>(1.0 / grown), g, n);
    if (abs<f64>(change) <= SETTLED * estimate) return CONVERGED;
  }
  return RUNNING;
}
