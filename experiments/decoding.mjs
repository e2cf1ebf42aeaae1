// What decoding leaves of a photograph, case by case: `npm run build && node experiments/decoding.mjs [--quick]`.
// Prints a Markdown table of relative errors after at most 100 iterations (docs/decoding.md has it).

import { createLayerSync } from "../build/index.js";
import { CHOSEN_ON, crops, NOISE, REPORTED_ON, relativeError } from "./photographs.mjs";

/** 5 x 5 filters, no padding; the ceilings are those that the tests hold on 32 x 32. */
/**
 * @typedef {{ filters: number, pool: number, rectifier?: "relu", switches?: "unknown", mean: number, median?: number }} Case
 * @type {Case[]}
 */
export const CASES = [
  { filters: 64, pool: 2, mean: 1e-4, median: 1e-5 },
  { filters: 32, pool: 2, mean: 0.002 },
  { filters: 16, pool: 2, mean: 0.025 },
  { filters: 8, pool: 2, mean: 0.065 },
  { filters: 64, pool: 4, mean: 0.025 },
  { filters: 16, pool: 4, mean: 0.12 },
  { filters: 64, pool: 2, rectifier: "relu", mean: 0.02 },
  { filters: 64, pool: 2, switches: "unknown", mean: 0.05 },
];

/** @param {Case} work */
export function titleOf({ filters, pool, rectifier, switches }) {
  return `K = ${filters}, pool ${pool}${rectifier ? `, ${rectifier}` : ""}${switches ? ", switches unknown" : ""}`;
}

/**
 * Errors of one case over crops and seeds; `oneStep` is a mean.
 * @param {Case} work
 * @param {{ name: string, x: Float32Array }[]} pictures
 * @param {number[]} seeds
 */
export function measure(
  { filters, pool, rectifier = "none", switches = "known" },
  pictures,
  seeds,
  iterations = 100,
) {
  const size = Math.sqrt(pictures[0].x.length / 3);
  const errors = [];
  let oneStep = 0;
  let solver;
  for (const seed of seeds) {
    const input = { channels: 3, height: size, width: size };
    const layer = createLayerSync({ input, filters, kernel: 5, pool, rectifier, seed });
    for (const { x } of pictures) {
      const code = layer.encode(x);
      oneStep += relativeError(layer.decode(code, { method: "synthesis" }), x);
      errors.push(relativeError(layer.decode(code, { switches, iterations }), x));
      solver = layer.report.solver;
    }
    layer.dispose();
  }
  errors.sort((a, b) => a - b);
  return {
    mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    median: errors[errors.length >> 1],
    worst: errors.at(-1),
    oneStep: oneStep / errors.length,
    solver,
  };
}

function figure(value) {
  return value < 1e-3 ? value.toExponential(1) : value.toPrecision(2);
}

function print() {
  const quick = process.argv.includes("--quick");
  const seeds = quick ? [0] : [0, 1, 2];
  const [small, chosen, noise] = [REPORTED_ON, CHOSEN_ON, NOISE].map((names) =>
    crops(names, 32, quick ? 1 : 5),
  );
  const large = crops(REPORTED_ON, 224, quick ? 1 : 2);
  const columns = [
    "solver",
    "one step",
    "mean",
    "median",
    "worst",
    "224: mean",
    "224: worst",
    "chosen on: mean",
    "noise",
  ];
  console.log(`| case | ${columns.join(" | ")} |\n|${" --- |".repeat(columns.length + 1)}`);
  for (const work of CASES) {
    const { solver, oneStep, mean, median, worst } = measure(work, small, seeds);
    const photograph = measure(work, large, seeds);
    const figures = [oneStep, mean, median, worst, photograph.mean, photograph.worst]
      .concat(measure(work, chosen, seeds).mean, measure(work, noise, seeds).mean)
      .map(figure);
    console.log(`| ${titleOf(work)} | ${solver} | ${figures.join(" | ")} |`);
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) print();
