// The numbers of a run's frames, as they are drawn and told.

import type { Frame } from "../engine/messages.js";
import { scientific } from "./numbers.js";

/** What a logarithmic axis can show of a number: nothing of zero, nor of what is no number. */
export type Shown = number | null;

export interface Curves {
  readonly iterations: number[];
  readonly errors: Shown[];
  readonly residuals: Shown[];
}

export function curvesOf(frames: readonly Frame[]): Curves {
  return {
    iterations: frames.map(({ iteration }) => iteration),
    errors: frames.map(({ error }) => shown(error)),
    residuals: frames.map(({ residual }) => shown(residual)),
  };
}

function shown(value: number | undefined): Shown {
  return value !== undefined && value > 0 && value < Number.POSITIVE_INFINITY ? value : null;
}

/** Whole powers of ten around positive numbers, at least one apart; around 1 if there is none. */
export function decadesAround(least: Shown | undefined, most: Shown | undefined): [number, number] {
  if (!least || !most) return [0.1, 1];
  const low = exponentOf(least);
  const below = exponentOf(most);
  const high = Math.max(low + 1, powerOfTen(below) < most ? below + 1 : below);
  return [powerOfTen(low), powerOfTen(high)];
}

/** Powers of ten from the one to the other, at most so many of them; of a single decade, 2 and 5 as well. */
export function decadeTicks(low: number, high: number, most: number): number[] {
  const [first, last] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
  if (last - first === 1) return [1, 2, 5, 10].map((digit) => Number(`${digit}e${first}`));
  const step = Math.ceil((last - first + 1) / most);
  const ticks: number[] = [];
  for (let exponent = last; exponent >= first; exponent -= step) ticks.unshift(powerOfTen(exponent));
  return ticks;
}

/** Of a power of ten, or a number between 0.1 and 1000. */
export function tickLabel(value: number): string {
  return scientific(value).replace("1.0 × ", "");
}

/** Of the power of ten at or under a number, exactly: its logarithm is rounded. */
function exponentOf(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

/** As the literal has it: 10 ** -5 is not 1e-5 everywhere. */
function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}

/** From the first iteration to the last, with room about a single one. */
export function span(iterations: readonly number[]): [number, number] {
  const first = iterations[0] ?? 1;
  const last = iterations.at(-1) ?? first;
  return first < last ? [first, last] : [first - 1, first + 1];
}

/** What the curves say, as a sentence. */
export function sentenceOf(frames: readonly Frame[]): string {
  const first = frames[0];
  const last = frames.at(-1);
  if (!first || !last) return "No steps yet.";
  const [name, from, to] =
    last.error === undefined || first.error === undefined
      ? (["Residual", first.residual, last.residual] as const)
      : (["Relative error", first.error, last.error] as const);
  const steps = last.iteration === 1 ? "1 step" : `${last.iteration} steps`;
  if (frames.length === 1) return `${name} is ${scientific(to)} after ${steps}.`;
  if (scientific(from) === scientific(to))
    return `${name} is ${scientific(to)}, first and last, in ${steps}.`;
  const goes = to < from ? "falls" : to > from ? "rises" : "goes";
  return `${name} ${goes} from ${scientific(from)} to ${scientific(to)} in ${steps}.`;
}
