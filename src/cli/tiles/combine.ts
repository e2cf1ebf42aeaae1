// What was said of each tile, said of the picture.

import type { Stopped } from "../../index.js";
import { total } from "../timed.js";
import type { TileRounding, TileRun } from "./invert.js";

/** From the worst: a picture ends as the worst of its tiles. */
const ENDINGS: readonly Stopped[] = [
  ...(["diverged", "budget", "aborted", "iterations", "stagnated", "discrepancy", "converged"] as const),
];

export function combineStopped(all: readonly Stopped[]): Stopped {
  return ENDINGS.find((ending) => all.includes(ending))!;
}

/** The solver that most tiles chose, the first among equals, and its first reason. */
export function combineSolvers<Run extends { solver: string | null | undefined; reason: string | null }>(
  runs: readonly Run[],
): Pick<Run, "solver" | "reason"> {
  const counts = new Map<unknown, number>();
  for (const { solver } of runs) counts.set(solver, (counts.get(solver) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return runs.find(({ solver }) => counts.get(solver) === most)!;
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** The root of the mean of squares, each as often as its weight says; of weights 0 the plain one. */
function quadraticMean(numbers: readonly number[], weights: readonly number[]): number {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (numbers.length === 1) return numbers[0]!;
  if (all === 0)
    return quadraticMean(
      numbers,
      numbers.map(() => 1),
    );
  return Math.sqrt(numbers.reduce((sum, number, i) => sum + number * number * weights[i]!, 0) / all);
}

/** Of all tiles together, in the form of one. `iterations` are those of the tile with most. */
export function combineRuns(runs: readonly TileRun[]): TileRun {
  const weights = runs.map(({ weight }) => weight);
  const iterations = runs.reduce((most, run) => Math.max(most, run.iterations), 0);
  const { solver, reason } = combineSolvers(runs);
  // a tile that has ended keeps its last residual
  const at = ({ residuals }: TileRun, i: number) => residuals[Math.min(i, residuals.length - 1)] ?? 1;
  return {
    solver,
    reason,
    iterations,
    stopped: combineStopped(runs.map(({ stopped }) => stopped)),
    products: mean(runs.map(({ products }) => products)),
    poolResidual: quadraticMean(
      runs.map(({ poolResidual }) => poolResidual),
      weights,
    ),
    residuals: Array.from({ length: iterations }, (_, i) =>
      quadraticMean(
        runs.map((run) => at(run, i)),
        weights,
      ),
    ),
    weight: weights.reduce((sum, weight) => sum + weight, 0),
    milliseconds: total(runs.map(({ milliseconds }) => milliseconds)),
  };
}

/** |rounded - values| / |values| of all tiles, and the noise that stands for all. */
export function combineRoundings(all: readonly TileRounding[]): { relativeError: number; noise: number } {
  const sum = (name: "errors" | "values") => all.reduce((total, tile) => total + tile[name], 0);
  const values = sum("values");
  return {
    relativeError: values === 0 ? 0 : Math.sqrt(sum("errors") / values),
    noise: quadraticMean(
      all.map(({ noise }) => noise),
      all.map(() => 1),
    ),
  };
}
