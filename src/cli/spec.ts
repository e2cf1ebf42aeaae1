// From options and a picture's size to tiles and their layer.

import type { LayerSpec } from "../index.js";
import { planTiles, type TilePlan, usualOverlap } from "../tiles/index.js";
import type { LayerOptions, TileOptions } from "./options/layer.js";
import type { Size } from "./options/parse.js";

interface Shape {
  channels: number;
  height: number;
  width: number;
}

/** How a picture of this shape is cut, so that with padding of half the kernel no row lies outside every region. */
export function tilePlan(image: Shape, options: TileOptions & LayerOptions): TilePlan {
  const { tile, stride, pool } = options;
  if (tile === "none") return planTiles(image, { tile: [image.height, image.width] });
  const regions = pool === "global" ? [1, 1] : pool;
  const multiple: Size = [stride[0] * regions[0]!, stride[1] * regions[1]!];
  return planTiles(image, { tile, overlap: overlapOf(options), multiple });
}

/** What was asked for, or suits the layer. */
export function overlapOf({ overlap, ...layer }: TileOptions & LayerOptions): number {
  const { kernel, padding = halfOf(kernel) } = layer;
  return overlap ?? usualOverlap({ kernel, padding });
}

/** The layer that the options describe, for an input of this shape. */
export function layerSpec(
  { channels, height, width }: Shape,
  { filters, kernel, stride, padding = halfOf(kernel), pool, rectifier, seed, unitNorm }: LayerOptions,
): LayerSpec {
  const input = { channels, height, width };
  return { input, filters, kernel, stride, padding, pool, rectifier, seed, unitNorm };
}

/**
 * Without padding the outermost pixels lie in few patches, and least squares ends with errors there: the
 * whole of a 512 x 512 photograph comes back to 9e-5 at worst instead of 1.5e-7.
 */
function halfOf([height, width]: Size): Size {
  return [Math.floor(height / 2), Math.floor(width / 2)];
}
