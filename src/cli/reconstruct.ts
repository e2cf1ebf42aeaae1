// One picture through one layer, whole or tile by tile: reconstructed in several ways, each timed and measured.

import type { ValueFormat } from "../code/quantise.js";
import { psnr, relativeError } from "../image/metrics.js";
import { type LayerSpec, type Picture, type Solver, type Stopped, toImageData } from "../index.js";
import { type PlanarImage, rowsOf } from "../pictures/planar.js";
import { cutTiles, joinTiles, mapInOrder, type TilePlan } from "../tiles/index.js";
import { type MethodName, methodsOf, mostIterations } from "./methods.js";
import { differenceMap } from "./pictures/difference.js";
import { planesOf } from "./pictures/rows.js";
import type { Steps } from "./progress.js";
import { similarity } from "./similarity.js";
import { combineRoundings, combineRuns } from "./tiles/combine.js";
import type { InvertedTile, SolverOptions, TileRounding } from "./tiles/invert.js";
import type { TileRunner } from "./tiles/runner.js";
import { total } from "./timed.js";

/** What --json prints of one reconstruction; of tiles, what is said in combine.ts of all together. */
export interface Result {
  method: MethodName;
  /** Of least squares: the solver that ran, and why that one. */
  solver: Solver | null;
  reason: string | null;
  relativeError: number;
  /** null: no error at all. */
  psnr: number | null;
  /** null: the picture is smaller than the window. */
  ssim: number | null;
  iterations: number;
  stopped: Stopped;
  /** Work, in units of one W x over all that pooling sees. */
  products: number;
  /** |max - |v|| / |v| of the reconstruction's own maxima; null where the switches were not estimated. */
  poolResidual: number | null;
  /** Of the solver, in all threads together. */
  milliseconds: number;
}

export interface Reconstruction {
  result: Result;
  picture: Picture;
  difference: Picture;
  residuals: number[];
}

/** How the values were rounded before decoding. */
export interface Rounding {
  format: ValueFormat;
  /** |rounded - values| / |values|. */
  relativeError: number;
  /** Standard deviation of the errors, as the decoders are told. */
  noise: number;
}

export interface Reconstructed {
  /** In all threads together. */
  encodeMilliseconds: number;
  /** Of the code that encode made; null: its values are those of float32. */
  rounding: Rounding | null;
  reconstructions: Reconstruction[];
}

/** A picture, the plan of its tiles, the layer of each, and who works on them. */
export interface Subject {
  image: PlanarImage;
  original: Picture;
  plan: TilePlan;
  spec: LayerSpec;
  tiles: TileRunner;
}

/**
 * Each tile is encoded anew for each method: to keep the codes of all would take several times the picture's memory, and
 * to encode takes a hundredth of what decoding does.
 */
export async function reconstruct(
  { image, original, plan, spec, tiles }: Subject,
  options: SolverOptions,
  progress: Steps,
): Promise<Reconstructed> {
  const reconstructions: Reconstruction[] = [];
  const roundings: TileRounding[] = [];
  const encodeMilliseconds: number[] = [];
  for (const method of methodsOf(options)) {
    const steps = stepsOf(method, plan, options);
    progress.stage(method, steps);
    const inverted: Omit<InvertedTile, "estimate">[] = [];
    const estimates = async function* () {
      const work = (planes: Float32Array) =>
        tiles.run("invert", { spec, planes, method, options }, (step) => {
          if (plan.count === 1) progress.at(Math.min(step, steps));
        });
      for await (const { estimate, ...rest } of mapInOrder(
        cutTiles(plan, rowsOf(image)),
        tiles.atOnce,
        work,
      )) {
        inverted.push(rest);
        if (plan.count > 1) progress.at(inverted.length);
        yield estimate;
      }
    };
    const planes = await planesOf(image, joinTiles(plan, estimates()));
    if (reconstructions.length === 0) {
      for (const tile of inverted) {
        encodeMilliseconds.push(tile.encodeMilliseconds);
        if (tile.rounding) roundings.push(tile.rounding);
      }
    }
    progress.stage(`measuring ${method}`);
    reconstructions.push(
      measure(method, planes, combineRuns(inverted.map(({ run }) => run)), image, original),
    );
  }
  const { quantise: format } = options;
  return {
    encodeMilliseconds: total(encodeMilliseconds),
    rounding: format ? { format, ...combineRoundings(roundings) } : null,
    reconstructions,
  };
}

function measure(
  method: MethodName,
  estimate: Float32Array,
  run: InvertedTile["run"],
  image: PlanarImage,
  original: Picture,
): Reconstruction {
  const picture = toImageData(estimate, image.width, image.height);
  const decibels = psnr(estimate, image.planes);
  const { solver = null, reason, iterations, stopped, products, poolResidual, residuals } = run;
  return {
    result: {
      ...{ method, solver, reason: reason || null },
      relativeError: relativeError(estimate, image.planes),
      psnr: decibels === Infinity ? null : decibels,
      ssim: similarity(original, picture),
      ...{ iterations, stopped, products },
      poolResidual: Number.isNaN(poolResidual) ? null : poolResidual,
      milliseconds: run.milliseconds,
    },
    picture,
    difference: differenceMap(estimate, image),
    residuals,
  };
}

/** Steps of progress that `reconstruct` reports. */
export function progressSteps(plan: TilePlan, options: SolverOptions): number {
  // each method, and measuring it
  return methodsOf(options).reduce((sum, method) => sum + stepsOf(method, plan, options) + 1, 0);
}

function stepsOf(method: MethodName, { count }: TilePlan, options: SolverOptions): number {
  return count > 1 ? count : mostIterations(method, options);
}
