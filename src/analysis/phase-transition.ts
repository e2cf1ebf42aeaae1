// The phase transition of sparse recovery: up to which k does a method of sparsify find the code that made x?
//
// As in Donoho and Tanner (Observed universality of phase transitions, 2009), for the paper's 1-D setting: signals of
// M channels and length D, K filters of one region each, delta = M D / (K n) numbers an unknown, rho = k / (M D).
// In each cell of the grid (M, k) random codes z with k non-zeros are made, x = W'z is sparsified with that k, and the
// trial succeeds when |z^ - z| < 1e-3 |z|, both as codes over all shifts. A logistic curve in k through the
// cells of one M gives the k of even odds.

import { badOption } from "../check.js";
import { wholeOption } from "../drive.js";
import type { Code, Layer, Layers } from "../layer.js";
import type { SparsifyOptions } from "../sparsify.js";
import { logisticFit } from "./logistic.js";
import { countOption, seedOption } from "./options.js";
import { dot, emptyCode, sizesOf, synthesise } from "./products.js";
import { drawCode, uniform } from "./random.js";

export interface PhaseTransitionOptions {
  /**
   * Method of sparsify. Default: sparsify's own. The l1 methods shrink what they find, so that no trial succeeds by
   * SUCCESS: they say where a support begins, not where it is found.
   */
  method?: SparsifyOptions["method"];
  /** Its other options: iterations, tolerance, step and so on; k is the grid's, out is not taken. */
  sparsify?: Omit<SparsifyOptions, "method" | "k" | "out" | "onStep">;
  /** M, one a row of the grid. Default [4, 8, 16, 32]. */
  channels?: readonly number[];
  /** k, one a column; those above the number of filters are left out. Default [2, 4, 8, 12, 16, 24, 32, 48, 64]. */
  k?: readonly number[];
  /** K. Default 96. */
  filters?: number;
  /** D. Default 32. */
  length?: number;
  /** Filter length. Default 5. */
  kernel?: number;
  /** Codes a cell, 1 to 1e6. Default 10. */
  trials?: number;
  /** Whole number that filters and codes come from, 0 to 2^53 - 1. Default 0. */
  seed?: number;
  /** Ends before the next cell once aborted: an AbortSignal, or what has its flag. */
  signal?: { readonly aborted: boolean };
  /** Called after each cell with the number of cells done and of all. */
  onCell?: (done: number, cells: number) => void;
}

export interface PhaseCell {
  readonly channels: number;
  readonly k: number;
  /** M D / (K n). */
  readonly delta: number;
  /** k / (M D). */
  readonly rho: number;
  readonly trials: number;
  readonly successes: number;
}

export interface PhaseTransition {
  /** Row after row; all of them unless aborted. */
  readonly cells: readonly PhaseCell[];
  /** For each M the k of even odds; undefined where that is not within the grid. */
  readonly transitions: readonly { channels: number; delta: number; k: number | undefined }[];
  readonly stopped: "complete" | "aborted";
}

/** |z^ - z| / |z| of a success. */
const SUCCESS = 1e-3;

/**
 * Success counts of sparsify over a grid of channels and sparsity, and where they cross one half. Each cell has a seed
 * of its own: a cell of a smaller grid is the same cell, and so is that of another method.
 *
 * @param createLayer of any entry
 *
 * Rejects with UnpoolError "invalid-option" or "invalid-spec".
 */
export async function phaseTransition(
  createLayer: Layers["createLayer"],
  options: PhaseTransitionOptions = {},
): Promise<PhaseTransition> {
  const { channels = [4, 8, 16, 32], filters = 96, length = 32, kernel = 5, signal, onCell } = options;
  if (typeof createLayer !== "function")
    throw badOption("createLayer", createLayer, "an entry's createLayer");
  const sparsities = [...(options.k ?? [2, 4, 8, 12, 16, 24, 32, 48, 64])];
  for (const k of sparsities) wholeOption("k", k, 1, 2 ** 24);
  const fitting = sparsities.filter((k) => k <= filters);
  const trials = countOption("trials", options.trials, 10, 1, 1e6);
  const seed = seedOption(options.seed);
  const cells: PhaseCell[] = [];
  let aborted = false;
  for (const count of channels) {
    const layer = await createLayer({
      input: { channels: count, length },
      filters,
      kernel,
      pool: "global",
      seed,
    });
    const unknowns = count * length;
    const delta = unknowns / (filters * (length - kernel + 1));
    for (const k of fitting) {
      // a task of its own for each cell, so that an abort, or a page, gets its turn
      await new Promise((resolve) => setTimeout(resolve));
      aborted ||= signal?.aborted === true;
      if (aborted) break;
      const successes = recoveries(layer, k, trials, seed + 65537 * count + k, options);
      cells.push({ channels: count, k, delta, rho: k / unknowns, trials, successes });
      onCell?.(cells.length, channels.length * fitting.length);
    }
    layer.dispose();
    if (aborted) break;
  }
  return { cells, transitions: transitionsOf(cells), stopped: aborted ? "aborted" : "complete" };
}

function recoveries(
  layer: Layer,
  k: number,
  trials: number,
  seed: number,
  { method, sparsify }: PhaseTransitionOptions,
): number {
  const { positions, entries, unknowns } = sizesOf(layer);
  const draw = uniform(seed);
  const order = Uint32Array.from({ length: entries }, (_, i) => i);
  const z = emptyCode(layer);
  const x = new Float32Array(unknowns);
  let successes = 0;
  for (let trial = 0; trial < trials; ++trial) {
    drawCode(draw, k, positions, z, order);
    synthesise(layer, z, x);
    const found = layer.sparsify(x, method === undefined ? { ...sparsify, k } : { ...sparsify, k, method });
    if (squaredDistance(found, z) < SUCCESS ** 2 * dot(z.values, z.values)) ++successes;
  }
  return successes;
}

/** |a - b|^2 of two codes over all positions: values in different places do not meet. */
function squaredDistance(a: Code, b: Code): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; ++i) {
    const u = a.values[i]!;
    const v = b.values[i]!;
    sum += a.switches[i] === b.switches[i] ? (u - v) ** 2 : u ** 2 + v ** 2;
  }
  return sum;
}

function transitionsOf(cells: readonly PhaseCell[]): PhaseTransition["transitions"] {
  const rows = new Map<number, PhaseCell[]>();
  for (const cell of cells) rows.set(cell.channels, [...(rows.get(cell.channels) ?? []), cell]);
  return [...rows].map(([channels, row]) => {
    const half = logisticFit(row.map(({ k, successes, trials }) => ({ x: k, successes, trials })))?.half;
    const sparsities = row.map(({ k }) => k);
    const inside = half !== undefined && half >= Math.min(...sparsities) && half <= Math.max(...sparsities);
    return { channels, delta: row[0]!.delta, k: inside ? half : undefined };
  });
}
