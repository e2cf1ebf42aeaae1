// What the tests of sparse codes share.

import type { LayerSpec } from "../src/geometry.js";
import type { Code, Layer } from "../src/layer.js";
import { numbers, relativeDistance } from "./support.js";

/** The paper's 1-D setting (Figure 2): l x M x K = 5 x 32 x 96, D = 32, pooling over all shifts. */
export const SIGNAL: LayerSpec = {
  input: { channels: 32, length: 32 },
  filters: 96,
  kernel: 5,
  pool: "global",
};

export const SMALL: LayerSpec = {
  input: { channels: 2, height: 9, width: 9 },
  filters: 7,
  kernel: 3,
  pool: 2,
  seed: 3,
};

export const IMAGE: LayerSpec = {
  input: { channels: 3, height: 16, width: 16 },
  filters: 64,
  kernel: 5,
  pool: 2,
  seed: 5,
};

export const METHODS = [
  "iht",
  "niht",
  "htp",
  "cgiht",
  "cosamp",
  "omp",
  "ista",
  "fista",
  "algorithm-2",
] as const;
export const GREEDY = ["niht", "htp", "cgiht", "cosamp", "omp"] as const;
export const L1 = ["ista", "fista", "algorithm-2"] as const;

/** A code of a layer with k non-zeros in [-1, 1], or [0, 1] if it is rectified, at random places. */
export function sparseCode(layer: Layer, k: number, seed: number): Code & { kind: "sparse" } {
  const { pool, switchBytes, rectifier } = layer.geometry;
  const length = layer.codeShape.reduce((a, b) => a * b);
  const draws = numbers(3 * length, seed);
  const order = [...new Array(length).keys()].sort((a, b) => draws[a]! - draws[b]!);
  const Switches = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[switchBytes];
  const code = { kind: "sparse" as const, values: new Float32Array(length), switches: new Switches(length) };
  const positions = pool[0] * pool[1];
  for (const index of order.slice(0, k)) {
    const value = draws[length + index]!;
    code.values[index] = rectifier === "none" ? value : Math.abs(value);
    code.switches[index] = Math.floor(((draws[2 * length + index]! + 1) / 2) * positions) % positions;
  }
  return code;
}

export function sameCode(a: Code, b: Code, tolerance: number): boolean {
  const place = ({ values, switches }: Code) => [...switches].map((at, i) => (values[i] === 0 ? -1 : at));
  return (
    JSON.stringify(place(a)) === JSON.stringify(place(b)) && relativeDistance(a.values, b.values) <= tolerance
  );
}

export function countOf({ values }: Code): number {
  return values.filter((value) => value !== 0).length;
}
