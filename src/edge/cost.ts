// What a request will cost, from shapes alone: multiply-adds and bytes, before anything is computed or allocated.

import { type Geometry, type LayerSpec, resolveGeometry } from "../geometry.js";
import { type NetworkSpec, planNetwork } from "../network/spec.js";

export type Spec = LayerSpec | NetworkSpec;

/** A specification that is met once a tile. Units: multiply-adds, bytes. */
export interface Cost {
  /** To draw the filters. */
  readonly create: number;
  readonly encode: number;
  /** Of decoding: the beginning with all searches in between, and each iteration. */
  readonly begin: number;
  readonly iteration: number;
  /** Linear memory and buffers, as estimateMemory says. */
  readonly memoryBytes: number;
  /** A code's values and switches, unpacked. */
  readonly codeBytes: number;
}

/** A weight is drawn in the time of so many multiply-adds. */
const DRAW = 200;
/** What an entry of a code costs in a product beyond its patch. */
const ENTRY = 16;
/** What a number of the input costs in an iteration: vectors, and the prior's pyramid there and back. */
const NUMBER = 128;
/** Products of all positions in a run of least squares: maxima are searched between its stretches. */
const SEARCHES = 8;
/** A tile: its calls, its section of the file, its copies. */
export const TILE = 1e6;

/** Throws UnpoolError as createLayer and createNetwork would. */
export function costOf(spec: Spec): Cost {
  if (!("layers" in spec)) return costOfLayer(resolveGeometry(spec));
  const { layers, memoryBytes, values } = planNetwork(spec);
  const costs = layers.map(({ geometry }) => costOfLayer(geometry));
  const sum = (pick: (cost: Cost) => number) => costs.reduce((total, cost) => total + pick(cost), 0);
  const switches = layers.reduce((total, layer) => total + layer.switchCount * layer.switchBytes, 0);
  return {
    create: sum(({ create }) => create),
    encode: sum(({ encode }) => encode),
    begin: sum(({ begin }) => begin),
    // where averages are taken every position is a row
    iteration: sum(({ encode, iteration }) => iteration + 2 * encode),
    memoryBytes,
    codeBytes: 4 * values + switches,
  };
}

function costOfLayer(geometry: Geometry): Cost {
  const { channels, height, width, filters, kernel, stride, padding, codeShape, switchBytes } = geometry;
  const positions = (axis: 0 | 1, size: number) =>
    Math.floor((size + 2 * padding[axis] - kernel[axis]) / stride[axis]) + 1;
  const taps = channels * kernel[0] * kernel[1];
  const rows = filters * positions(0, height) * positions(1, width);
  const entries = codeShape[0] * codeShape[1] * codeShape[2];
  const numbers = channels * (height + 2 * padding[0]) * (width + 2 * padding[1]);
  const encode = rows * (taps + ENTRY) + numbers;
  return {
    create: DRAW * filters * taps,
    encode,
    begin: SEARCHES * encode,
    // maxima that the solution exceeds are rows, too: one to every two numbers at most
    iteration: 2 * (entries + numbers / 2) * (taps + ENTRY) + NUMBER * numbers,
    memoryBytes: geometry.memoryBytes,
    codeBytes: entries * (4 + switchBytes),
  };
}
