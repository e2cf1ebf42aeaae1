// Rows of W in double precision: where a code's entries lie on the input, and their inner products.

import type { Geometry } from "../geometry.js";
import type { Code, Layer } from "../layer.js";
import { sizesOf } from "./products.js";

/** The filters with channels innermost, [filters][kernel height][kernel width][channels]. */
export interface Filters {
  readonly geometry: Geometry;
  readonly taps: Float64Array;
}

export function filtersOf(layer: Layer): Filters {
  const { geometry, weights } = layer;
  const { filters, channels } = geometry;
  const area = geometry.kernel[0] * geometry.kernel[1];
  const taps = new Float64Array(weights.length);
  let oihw = 0;
  for (let k = 0; k < filters; ++k) {
    for (let c = 0; c < channels; ++c) {
      for (let tap = 0; tap < area; ++tap) taps[(k * area + tap) * channels + c] = weights[oihw++]!;
    }
  }
  return { geometry, taps };
}

/** One row of A: a filter, its sign, and the upper left corner of its patch on the input, which padding makes negative. */
export interface Row {
  readonly filter: number;
  readonly sign: number;
  readonly y: number;
  readonly x: number;
}

/** The row of an entry of a code whose switch is `position`. */
export function rowOf(geometry: Geometry, entry: number, position: number): Row {
  const { codeShape, filters, pool, stride, padding } = geometry;
  const [, rows, columns] = codeShape;
  const plane = Math.floor(entry / (rows * columns));
  const row = (Math.floor(entry / columns) % rows) * pool[0] + Math.floor(position / pool[1]);
  const column = (entry % columns) * pool[1] + (position % pool[1]);
  return {
    filter: plane % filters,
    sign: plane < filters ? 1 : -1,
    y: row * stride[0] - padding[0],
    x: column * stride[1] - padding[1],
  };
}

/** Inner product of two rows, over the part of their patches that both have on the input. */
export function innerProduct({ geometry, taps }: Filters, a: Row, b: Row): number {
  const { channels, height, width, kernel } = geometry;
  const fromY = Math.max(a.y, b.y, 0);
  const toY = Math.min(Math.min(a.y, b.y) + kernel[0], height);
  const fromX = Math.max(a.x, b.x, 0);
  const run = (Math.min(Math.min(a.x, b.x) + kernel[1], width) - fromX) * channels;
  let sum = 0;
  for (let y = fromY; y < toY; ++y) {
    const atA = tapAt(geometry, a, y, fromX);
    const atB = tapAt(geometry, b, y, fromX);
    for (let i = 0; i < run; ++i) sum += taps[atA + i]! * taps[atB + i]!;
  }
  return a.sign * b.sign * sum;
}

/** Index of the first channel of the tap that lies on (y, x) of the input. */
function tapAt({ channels, kernel }: Geometry, row: Row, y: number, x: number): number {
  return ((row.filter * kernel[0] + y - row.y) * kernel[1] + x - row.x) * channels;
}

/** The non-zeros of a code, as rows, in the order of its entries. */
export function supportOf(layer: Layer, { values, switches }: Code): Row[] {
  const rows: Row[] = [];
  const { entries } = sizesOf(layer);
  for (let i = 0; i < entries; ++i) {
    if (values[i] !== 0) rows.push(rowOf(layer.geometry, i, switches[i]!));
  }
  return rows;
}

/** Gram matrix of some rows, n x n. */
export function gramMatrix(filters: Filters, rows: readonly Row[]): Float64Array {
  const n = rows.length;
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j <= i; ++j) {
      const product = innerProduct(filters, rows[i]!, rows[j]!);
      gram[i * n + j] = product;
      gram[j * n + i] = product;
    }
  }
  return gram;
}
