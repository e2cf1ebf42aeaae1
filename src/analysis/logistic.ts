// A logistic curve through counts of success: where does the chance cross one half?

import { exp } from "./elementary.js";

export interface Trial {
  readonly x: number;
  readonly successes: number;
  readonly trials: number;
}

export interface LogisticFit {
  /** x where the fitted chance of success is 1/2. */
  readonly half: number;
  /** Of the log odds, a unit of x. */
  readonly slope: number;
}

const ITERATIONS = 100;

/**
 * Logistic regression with Firth's correction (Bias reduction of maximum likelihood estimates, Biometrika 1993), which
 * stays finite where successes and failures do not overlap, by Newton's method with halved steps.
 * @returns undefined where there is nothing to cross: fewer than two x, all successes or all failures, or no slope.
 */
export function logisticFit(trials: readonly Trial[]): LogisticFit | undefined {
  const successes = trials.reduce((sum, trial) => sum + trial.successes, 0);
  const all = trials.reduce((sum, trial) => sum + trial.trials, 0);
  const low = Math.min(...trials.map(({ x }) => x));
  const span = Math.max(...trials.map(({ x }) => x)) - low;
  if (successes === 0 || successes === all || !(span > 0)) return undefined;
  // x in [-1, 1], or the two parameters would be on scales of their own
  const scaled = trials.map((trial) => ({ ...trial, x: (2 * (trial.x - low)) / span - 1 }));
  let intercept = 0;
  let slope = 0;
  for (let i = 0; i < ITERATIONS; ++i) {
    const [a, b] = newtonStep(scaled, intercept, slope);
    // no step moves a log odds by more than 2 at either end
    const shrink = Math.min(1, 2 / (Math.abs(a) + Math.abs(b) || 1));
    intercept += shrink * a;
    slope += shrink * b;
    if (Math.abs(a) + Math.abs(b) < 1e-10) break;
  }
  const half = low + (span * (1 - intercept / slope)) / 2;
  return Number.isFinite(half) ? { half, slope: (2 * slope) / span } : undefined;
}

/** Inverse Fisher information times the corrected score, at log odds = intercept + slope x. */
function newtonStep(trials: readonly Trial[], intercept: number, slope: number): [number, number] {
  let i00 = 0;
  let i01 = 0;
  let i11 = 0;
  const chances = trials.map(({ x, trials: n }) => {
    const chance = 1 / (1 + exp(-(intercept + slope * x)));
    const weight = n * chance * (1 - chance);
    i00 += weight;
    i01 += weight * x;
    i11 += weight * x * x;
    return chance;
  });
  const determinant = i00 * i11 - i01 * i01;
  if (!(determinant > 0)) return [0, 0];
  let s0 = 0;
  let s1 = 0;
  trials.forEach(({ x, successes, trials: n }, i) => {
    const chance = chances[i]!;
    const leverage = (n * chance * (1 - chance) * (i11 - 2 * i01 * x + i00 * x * x)) / determinant;
    const score = successes - n * chance + leverage * (0.5 - chance);
    s0 += score;
    s1 += score * x;
  });
  return [(i11 * s0 - i01 * s1) / determinant, (i00 * s1 - i01 * s0) / determinant];
}
