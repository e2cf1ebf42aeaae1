// What the view of the model-RIP makes of its numbers.

import type { Ratios, Worst } from "../engine/messages.js";

/** Steps of the histogram's right end, so that it stays where it is while codes come in. */
const STEP = 0.5;

/** The right end of the histogram: 2, where 1 is in the middle, or more if there is more to be shown. */
export function rightEnd(ratios: Ratios | undefined, worst: Worst | undefined): number {
  const greatest = Math.max(ratios?.edges.at(-1) ?? 0, worst?.supports?.[1] ?? 0, worst?.adversarial[1] ?? 0);
  return Math.max(2, STEP * Math.ceil(greatest / STEP));
}

/** Half the width of the bar of codes that all have one ratio. */
const HAIR = 0.005;

/** Left ends of the histogram's bars, and their heights; then its right end, and nothing. */
export function barsOf(ratios: Ratios | undefined, right: number): [lefts: number[], heights: number[]] {
  if (!ratios)
    return [
      [0, right],
      [0, 0],
    ];
  const { edges, counts, codes, least, greatest } = ratios;
  if (least === greatest) {
    return [
      [least - HAIR, least + HAIR, right],
      [codes, 0, 0],
    ];
  }
  return [
    [...edges.slice(0, -1), right],
    [...counts, 0],
  ];
}

/** The δ of (1 - δ) |z|² <= |W'z|² <= (1 + δ) |z|² that these ratios |W'z| / |z| ask for. */
export function delta([least, greatest]: readonly [number, number]): number {
  return Math.max(1 - least ** 2, greatest ** 2 - 1);
}

/** What the histogram says, as a sentence. */
export function sentenceOf(ratios: Ratios | undefined): string {
  if (!ratios) return "No codes yet.";
  const { codes, mean, sd, least, greatest } = ratios;
  return `Histogram of |W′z|/|z| of ${codes.toLocaleString("en")} random codes: mean ${mean.toFixed(3)}, standard deviation ${sd.toFixed(3)}, from ${least.toFixed(3)} to ${greatest.toFixed(3)}.`;
}
