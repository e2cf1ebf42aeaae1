// The phase transition of sparse recovery in the paper's 1-D setting: how many non-zeros each method finds.

import * as Plot from "@observablehq/plot";
import { operatorNorm, phaseTransition } from "../../build/analysis.js";
import { createLayer, createLayerSync } from "../../build/index.js";
import { axis, chart, colourOf, lines } from "./chart.mjs";
import { table } from "./format.mjs";
import { round } from "./statistics.mjs";

export const title = "Phase transitions of IHT, NIHT, HTP and CoSaMP";
export const claim =
  "Section 2, Algorithm 1: model-based IHT looks for the z in M_k with W′z = x, and one pass of it is a feed-forward " +
  "layer. The paper does not say for which k it finds z; this plot, after Donoho and Tanner (2009), does.";
export const needs = [];

const FILTERS = 96;
const LENGTH = 32;
const KERNEL = 5;
const CHANNELS = [4, 6, 8, 12, 16, 24, 32];
const SPARSITIES = [1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96];
const ITERATIONS = 300;

/** Name -> options of sparsify. */
const METHODS = {
  "IHT, step 1": { method: "iht", step: 1 },
  "IHT, safe step": { method: "iht", step: "safe" },
  NIHT: { method: "niht" },
  HTP: { method: "htp" },
  CoSaMP: { method: "cosamp" },
};

export async function result({ quick, seed, progress }) {
  const trials = quick ? 5 : 100;
  const k = quick ? [2, 4, 8, 16, 32, 96] : SPARSITIES;
  const methods = {};
  const names = Object.keys(METHODS);
  for (const [at, name] of names.entries()) {
    const { method, ...options } = METHODS[name];
    const { cells, transitions } = await phaseTransition(createLayer, {
      ...{ method, sparsify: { ...options, iterations: ITERATIONS } },
      ...{ channels: CHANNELS, k, filters: FILTERS, length: LENGTH, kernel: KERNEL, trials, seed },
      onCell: (done, all) => progress(at * all + done, names.length * all, name),
    });
    methods[name] = CHANNELS.map((channels) => {
      const row = cells.filter((cell) => cell.channels === channels);
      const half = transitions.find((transition) => transition.channels === channels)?.k;
      const { delta } = row[0];
      return {
        ...{ channels, delta: round(delta, 4), half: half === undefined ? null : round(half, 2) },
        rho: half === undefined ? null : round(half / (channels * LENGTH), 4),
        successes: row.map(({ successes }) => successes),
      };
    });
  }
  const norms = CHANNELS.map((channels) => {
    const spec = {
      input: { channels, length: LENGTH },
      filters: FILTERS,
      kernel: KERNEL,
      pool: "global",
      seed,
    };
    return round(operatorNorm(createLayerSync(spec)).lower ** 2, 2);
  });
  return {
    filters: FILTERS,
    length: LENGTH,
    kernel: KERNEL,
    iterations: ITERATIONS,
    trials,
    k,
    norms,
    methods,
  };
}

export function markdown({ trials, k, norms, methods, filters, iterations }) {
  const names = Object.keys(methods);
  const rows = CHANNELS.map((channels, at) => [
    ...[channels, methods[names[0]][at].delta.toFixed(3), norms[at].toFixed(1)],
    ...names.map((name) => halfOf(methods[name][at], { k, trials })),
  ]);
  return `
x = W′z with z random in M_k (l × K = ${KERNEL} × ${filters}, D = ${LENGTH}), ${trials} codes a cell; a method succeeds where |ẑ − z| < 0.001 |z| within ${iterations} iterations. The axes are those of Donoho and Tanner: δ = MD/(Kn), numbers an unknown, and ρ = k/(MD).

k (and ρ) at which half of the codes are found, by a logistic fit over k:

${table(["M", "δ", "|W|²", ...names], rows)}

A code has at most one non-zero a filter, so that k ends at K = ${filters}: “above” says that the fit crosses one half beyond it, “below” that it does so before k = ${k[0]}.

${best(methods, { k, trials })}
- One iteration of IHT with step 1 is the paper's feed-forward layer. Its classical proof asks for |W| < 1, which no layer here has: it serves where k is small, and diverges beyond. The step 1/(1.02 |W|²) never diverges but is slow where |W|² is large: what it misses within ${iterations} iterations counts as missed, also for small k.
`;
}

/** The k of even odds, or on which side of the grid it lies. */
function halfOf({ half, rho, successes }, { trials, k }) {
  if (half !== null) return `${half.toFixed(1)} (${rho.toFixed(3)})`;
  return 2 * sum(successes) > trials * k.length ? "above" : "below";
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Who finds the most, row by row: by the sum of successes, which counts also where no half is crossed. */
function best(methods, { k, trials }) {
  const share = ({ successes }) => `${Math.round((100 * sum(successes)) / (trials * k.length))} %`;
  const orders = CHANNELS.map((channels, at) => {
    const order = Object.entries(methods).sort(([, a], [, b]) => sum(b[at].successes) - sum(a[at].successes));
    return `M = ${channels}: ${order.map(([name, rows]) => `${name} ${share(rows[at])}`).join(", ")}`;
  });
  return `- Codes found over the whole grid of k, the best method first. ${orders.join("; ")}.`;
}

export function figures({ k, trials, methods }) {
  const names = Object.keys(methods);
  const curves = lines({
    title: "Where half of the codes are found: below a curve more, above it fewer",
    x: axis("δ = MD/(Kn), numbers an unknown", {
      type: "log",
      ticks: deltasOf(methods),
      tickFormat: ".3f",
      inset: 12,
    }),
    y: axis("ρ = k/(MD)", {
      type: "log",
      grid: true,
      ticks: [0.003, 0.01, 0.03, 0.1, 0.3],
      tickFormat: "~g",
    }),
    limit: {
      label: "k = K, the most that a code has",
      points: methods[names[0]].map(({ channels, delta }) => ({
        x: delta,
        y: FILTERS / (channels * LENGTH),
      })),
    },
    series: names.map((name) => ({
      name,
      points: methods[name].filter(({ rho }) => rho !== null).map(({ delta, rho }) => ({ x: delta, y: rho })),
    })),
  });
  return { "": curves, cells: heatMap({ k, trials, methods }) };
}

const deltasOf = (methods) => Object.values(methods)[0].map(({ delta }) => delta);

/** Share of successes, a panel a method. */
function heatMap({ k, trials, methods }) {
  const cells = Object.entries(methods).flatMap(([name, rows]) =>
    rows.flatMap(({ channels, successes }) =>
      successes.map((count, at) => ({ name, channels, k: k[at], share: count / trials })),
    ),
  );
  return chart({
    title: `Share of codes found, %, of ${trials} a cell`,
    ...{ width: 920, height: 400, marginTop: 70, padding: 0 },
    fx: { domain: Object.keys(methods), label: null, axis: "top", padding: 0.06 },
    x: axis("M, channels", { type: "band", domain: CHANNELS }),
    y: axis("k, non-zeros", { type: "band", domain: [...k].reverse() }),
    color: { type: "linear", domain: [0, 1], range: ["#8883", colourOf(1)] },
    marks: [
      Plot.cell(cells, { fx: "name", x: "channels", y: "k", fill: "share", inset: 0.5 }),
      // 0 and 100 are seen without a number
      Plot.text(
        cells.filter(({ share }) => share > 0 && share < 1),
        {
          ...{ fx: "name", x: "channels", y: "k", text: ({ share }) => String(Math.round(100 * share)) },
          ...{ fontSize: 10, fill: "currentColor" },
        },
      ),
    ],
  });
}
