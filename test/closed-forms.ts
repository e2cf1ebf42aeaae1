// What the tests of decoding hold the solvers to: dense float64 algebra, written to be read.

import type { Geometry } from "../src/geometry.js";
import type { Code, Layer } from "../src/layer.js";
import * as reference from "./reference.js";
import { shapeOf } from "./support.js";

/** A matrix, row by row. */
export type Matrix = Float64Array[];

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i]! * b[i]!;
  return sum;
}

export function norm(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}

/** Sizes of a pyramid's levels, the image first. */
export function levelsOf(height: number, width: number): [height: number, width: number][] {
  const levels: [number, number][] = [[height, width]];
  while (height > 1 || width > 1) {
    [height, width] = [Math.ceil(height / 2), Math.ceil(width / 2)];
    levels.push([height, width]);
  }
  return levels;
}

/** Sample i of an axis of `size` that doubles `coarse` samples: pixels are squares, values stand in their middles. */
function sampleAxis(i: number, coarse: number): [at: number, weight: number][] {
  const position = (i + 0.5) / 2 - 0.5;
  const low = Math.floor(position);
  const inside = (at: number) => Math.min(coarse - 1, Math.max(0, at));
  return [
    [inside(low), low + 1 - position],
    [inside(low + 1), position - low],
  ];
}

/** Weights of the coarser levels: a for the first three, 0.55 for the rest. */
function weightAbove(depth: number, a: number): number {
  return depth < 3 ? a : 0.55;
}

/** One channel of B: u, all levels one after the other, to the image. */
export function expandOnce(u: ArrayLike<number>, height: number, width: number, a: number): Float64Array {
  const levels = levelsOf(height, width);
  let end = u.length;
  let above = new Float64Array();
  for (let depth = levels.length - 1; depth >= 0; --depth) {
    const [h, w] = levels[depth]!;
    const here = Float64Array.from({ length: h * w }, (_, i) => u[end - h * w + i]!);
    end -= h * w;
    const [coarseH, coarseW] = levels[depth + 1] ?? [0, 0];
    for (let i = 0; coarseW > 0 && i < h * w; ++i) {
      for (const [y, weightY] of sampleAxis(Math.floor(i / w), coarseH)) {
        for (const [x, weightX] of sampleAxis(i % w, coarseW)) {
          here[i]! += weightAbove(depth, a) * weightY * weightX * above[y * coarseW + x]!;
        }
      }
    }
    above = here;
  }
  return above;
}

/** B B' of one channel: what the prior takes for the covariance of its pixels. */
export function pixelCovariance(height: number, width: number, a: number): Matrix {
  const length = levelsOf(height, width).reduce((sum, [h, w]) => sum + h * w, 0);
  const columns = Array.from({ length }, (_, j) => {
    const delta = new Float64Array(length);
    delta[j] = 1;
    return expandOnce(delta, height, width, a);
  });
  const rows = Array.from({ length: height * width }, (_, i) => columns.map((column) => column[i]!));
  return rows.map((row) => Float64Array.from(rows, (other) => dot(row, other)));
}

/** The prior's covariance of a planar input, channels x channels of `mixing` times that of the pixels. */
export function priorCovariance(
  { geometry: { channels, height, width } }: { geometry: Pick<Geometry, "channels" | "height" | "width"> },
  a: number,
  mixing: ArrayLike<number>,
): Matrix {
  const pixels = pixelCovariance(height, width, a);
  const area = height * width;
  return Array.from({ length: channels * area }, (_, i) =>
    Float64Array.from({ length: channels * area }, (_, j) => {
      return mixing[Math.floor(i / area) * channels + Math.floor(j / area)]! * pixels[i % area]![j % area]!;
    }),
  );
}

/** The equations of a code: the rows of A that count, and what they must give. */
export function equationsOf(layer: Layer, { values, switches }: Code): { rows: Matrix; target: number[] } {
  const shape = shapeOf(layer);
  const { bias, weights } = layer;
  const perPlane = values.length / layer.codeShape[0];
  const rows: Matrix = [];
  const target: number[] = [];
  values.forEach((value, index) => {
    if (value === 0 && shape.rectifier !== "none") return;
    const plane = Math.floor(index / perPlane);
    const one = new Float64Array(values.length);
    one[index] = 1;
    const code = { values: one, switches: Uint32Array.from(switches) };
    rows.push(reference.synthesise(shape, weights, code));
    target.push(plane < shape.filters ? value - bias[plane]! : value + bias[plane - shape.filters]!);
  });
  return { rows, target };
}

/** The x = K A'y with A x = target: of those solutions the one of least x'K^-1 x. A of full row rank. */
export function smallestSolution(rows: Matrix, target: ArrayLike<number>, covariance: Matrix): Float64Array {
  const spread = rows.map((row) => Float64Array.from(covariance, (k) => dot(k, row)));
  const gram = rows.map((row) => Float64Array.from(spread, (other) => dot(row, other)));
  const y = solvePositive(gram, target);
  return Float64Array.from(covariance, (_, j) => spread.reduce((sum, row, i) => sum + row[j]! * y[i]!, 0));
}

/** A y = b for a positive definite A, by Cholesky's factors. */
export function solvePositive(matrix: Matrix, b: ArrayLike<number>): Float64Array {
  const n = matrix.length;
  const lower = matrix.map(() => new Float64Array(n));
  const y = new Float64Array(n);
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j <= i; ++j) {
      const rest = matrix[i]![j]! - dot(lower[i]!.subarray(0, j), lower[j]!);
      lower[i]![j] = i === j ? Math.sqrt(rest) : rest / lower[j]![j]!;
    }
    y[i] = (b[i]! - dot(lower[i]!.subarray(0, i), y)) / lower[i]![i]!;
  }
  for (let i = n - 1; i >= 0; --i) {
    for (let j = i + 1; j < n; ++j) y[i]! -= lower[j]![i]! * y[j]!;
    y[i]! /= lower[i]![i]!;
  }
  return y;
}

/** The regions of W x + bias: of each entry of the code, all that pooling chooses from, with the plane's sign. */
export function regionsOf(layer: Layer, x: ArrayLike<number>): Float64Array[] {
  const shape = shapeOf(layer);
  const h = reference.convolve(shape, layer.weights, layer.bias, x);
  const [planes, rows, columns] = layer.codeShape;
  const [, width] = reference.outputSize(shape);
  const perPlane = h.length / shape.filters;
  const [poolHeight, poolWidth] = shape.pool;
  return Array.from({ length: planes * rows * columns }, (_, index) => {
    const plane = Math.floor(index / (rows * columns));
    const top = (Math.floor(index / columns) % rows) * poolHeight;
    const left = (index % columns) * poolWidth;
    const first = (plane % shape.filters) * perPlane;
    return Float64Array.from({ length: poolHeight * poolWidth }, (_, position) => {
      const row = top + Math.floor(position / poolWidth);
      const value = h[first + row * width + left + (position % poolWidth)]!;
      return plane < shape.filters ? value : -value;
    });
  });
}

/** By how much each entry beside the kept ones exceeds what its region says: only those that do. */
export function excessesOf(layer: Layer, { values, switches }: Code, x: ArrayLike<number>): number[] {
  const rectified = layer.geometry.rectifier !== "none";
  const share = 1e-5 * (norm(values) / Math.sqrt(values.length)); // float32 knows no more
  return regionsOf(layer, x).flatMap((region, index) => {
    const value = values[index]!;
    return [...region]
      .filter((_, position) => position !== switches[index] || (rectified && value === 0))
      .map((h) => (rectified ? h : Math.abs(h)) - Math.abs(value))
      .filter((excess) => excess > share);
  });
}

/** |max - |v|| / |v|, max the largest entry of each region with the sign of its value. */
export function poolResidualOf(layer: Layer, { values }: Code, x: ArrayLike<number>): number {
  const rectified = layer.geometry.rectifier !== "none";
  const differences = regionsOf(layer, x).map((region, index) => {
    const largest = Math.max(...region.map((h) => (values[index]! < 0 ? -h : h)));
    return (rectified ? Math.max(largest, 0) : largest) - Math.abs(values[index]!);
  });
  return norm(differences) / norm(values);
}

/** A picture, or a signal: a slope and some slow waves, the channels alike but not the same. */
export function smoothInput({ geometry: { channels, height, width } }: Layer): Float32Array {
  const x = new Float32Array(channels * height * width);
  for (let i = 0; i < x.length; ++i) {
    const c = Math.floor(i / (height * width));
    const [v, u] = [(Math.floor(i / width) % height) / height, (i % width) / width];
    const waves =
      Math.sin(5 * u + 2 * v + 0.4 * c) + 0.5 * Math.cos(7 * v - 3 * u + 1) + 0.2 * Math.sin(11 * u * v);
    x[i] = 0.5 + 0.3 * u - 0.2 * v + 0.1 * c + 0.3 * waves;
  }
  return x as Float32Array;
}
