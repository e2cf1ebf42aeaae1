// The model-RIP of a layer, measured three ways.
//
// (1 - delta_k) |z|^2 <= |W'z|^2 <= (1 + delta_k) |z|^2 for every z in M_k: at most k non-zeros, one a region (Gilbert
// et al. 2017, section 2). No feasible computation gives delta_k; each of these bounds it from below, the last one
// sharply: what random codes show is typical, what the adversary finds is the worst that is known.

import type { Layer } from "../layer.js";
import { adversary } from "./adversary.js";
import { type Distribution, distributionOf } from "./distribution.js";
import { symmetricEigenvalues } from "./eigenvalues.js";
import { type Extremes, extremes, GRAM_LIMIT } from "./extremes.js";
import { countOption, seedOption } from "./options.js";
import { dot, synthesise, type Workspace, workspace } from "./products.js";
import { drawCode, type Uniform, uniform } from "./random.js";
import { filtersOf, gramMatrix, supportOf } from "./rows.js";

export interface ModelRipOptions {
  /** Non-zeros of a code, 1 to the number of regions. */
  k: number;
  /** Random codes of which |W'z|^2/|z|^2 is taken. Default 1000, at most 1e6. */
  codes?: number;
  /** Random supports whose Gram matrix is decomposed. Default 200 for k up to 128, else 0; at most 1e6. */
  supports?: number;
  /** Starts of the adversary, each for the top and for the bottom. Default 16; 0 to 1e4. */
  starts?: number;
  /** Steps of the adversary from each start, at most. Default 50; 1 to 1e6. */
  steps?: number;
  /** Bins of the histogram. Default 20; 1 to 1e4. */
  bins?: number;
  /** Whole number that the random codes come from, 0 to 2^53 - 1. Default 0. */
  seed?: number;
}

export interface ModelRip {
  readonly k: number;
  /** |W'z|^2/|z|^2 over random codes, non-zeros uniform on [-1, 1]: what is typical. */
  readonly sampled: Distribution;
  /** Extreme eigenvalues of the Gram matrices of random supports: the worst values on typical supports. */
  readonly supports: Extremes | undefined;
  /** The worst that projected power iteration finds: the worst known values on the worst known supports. */
  readonly adversarial: Extremes | undefined;
}

/** Supports larger than this have Gram matrices too large to decompose by the thousand. */
const GRAM_DEFAULT = 128;
/**
 * Measures the model-RIP of a layer's filters (bias and rectifier play no part in it).
 *
 * Time: a synthesis a code; k^3 a support; a synthesis and an analysis a position of a region for every step of
 * every start. The result is the same on every host.
 *
 * Throws UnpoolError "invalid-option" for an option out of its range, "disposed".
 */
export function modelRip(layer: Layer, options: ModelRipOptions): ModelRip {
  const work = workspace(layer);
  const k = countOption("k", options?.k ?? Number.NaN, 0, 1, work.entries);
  const codes = countOption("codes", options.codes, 1000, 1, 1e6);
  const supports = countOption(
    "supports",
    options.supports,
    k <= GRAM_DEFAULT ? 200 : 0,
    0,
    k <= GRAM_LIMIT ? 1e6 : 0,
  );
  const starts = countOption("starts", options.starts, 16, 0, 1e4);
  const steps = countOption("steps", options.steps, 50, 1, 1e6);
  const bins = countOption("bins", options.bins, 20, 1, 1e4);
  const draw = uniform(seedOption(options.seed));
  return {
    k,
    sampled: distributionOf(sampleRatios(work, draw, k, codes), bins),
    supports: supports > 0 ? randomSupports(work, draw, k, supports) : undefined,
    adversarial: starts > 0 ? adversary(work, draw, k, starts, steps) : undefined,
  };
}

/** |W'z|^2/|z|^2 of random codes. */
function sampleRatios(work: Workspace, draw: Uniform, k: number, count: number): Float64Array {
  const order = Uint32Array.from({ length: work.entries }, (_, i) => i);
  return Float64Array.from({ length: count }, () => {
    drawCode(draw, k, work.positions, work.code, order);
    synthesise(work.layer, work.code, work.image);
    return dot(work.image, work.image) / dot(work.code.values, work.code.values);
  });
}

function randomSupports(work: Workspace, draw: Uniform, k: number, count: number): Extremes {
  const filters = filtersOf(work.layer);
  const order = Uint32Array.from({ length: work.entries }, (_, i) => i);
  let least = Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (let i = 0; i < count; ++i) {
    drawCode(draw, k, work.positions, work.code, order);
    const eigenvalues = symmetricEigenvalues(gramMatrix(filters, supportOf(work.layer, work.code)), k);
    least = Math.min(least, eigenvalues[0]!);
    greatest = Math.max(greatest, eigenvalues[k - 1]!);
  }
  return extremes(least, greatest);
}
