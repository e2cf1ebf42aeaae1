// Filters between their public order, OIHW, and the kernel's rows: [filters][kernel height][columns x channels].

import type { Geometry, LayerSpec } from "./geometry.js";
import type { Kernel } from "./kernel.js";

/** Calls `visit` with the position of each weight in OIHW order and in the kernel's rows. */
function forEachWeight(geometry: Geometry, visit: (oihw: number, row: number) => void): void {
  const { filters, channels, kernel } = geometry;
  const [kernelHeight, kernelWidth] = kernel;
  const rowLength = 4 * Math.ceil((kernelWidth * channels) / 4);
  let oihw = 0;
  for (let k = 0; k < filters; ++k) {
    for (let c = 0; c < channels; ++c) {
      for (let i = 0; i < kernelHeight; ++i) {
        const start = (k * kernelHeight + i) * rowLength + c;
        for (let j = 0; j < kernelWidth; ++j) visit(oihw++, start + j * channels);
      }
    }
  }
}

/** Number of weights: filters x channels x kernel height x kernel width. */
export function weightCount({ filters, channels, kernel }: Geometry): number {
  return filters * channels * kernel[0] * kernel[1];
}

/** Filters and biases as the specification says, from weights or from a seed; loadFilters comes next. */
export function writeFilters(
  kernel: Kernel,
  geometry: Geometry,
  { seed = 0, unitNorm = false, weights, bias }: Pick<LayerSpec, "seed" | "unitNorm" | "weights" | "bias">,
): void {
  if (bias) kernel.bias.set(bias);
  if (weights) {
    forEachWeight(geometry, (oihw, row) => {
      kernel.weights[row] = weights[oihw]!;
    });
  } else {
    kernel.run.drawFilters(seed >>> 0, Math.floor(seed / 2 ** 32), unitNorm ? 1 : 0);
  }
}

export function readRows(geometry: Geometry, rows: Float32Array): Float32Array {
  const weights = new Float32Array(weightCount(geometry));
  forEachWeight(geometry, (oihw, row) => {
    weights[oihw] = rows[row]!;
  });
  return weights;
}
