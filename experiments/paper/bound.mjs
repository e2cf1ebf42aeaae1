// Theorem 3.3: what one feed-forward pass loses, beside the bound, with delta as it is typically and at its worst.

import { modelRip, theorem33 } from "../../build/analysis.js";
import { axis, lines, stacked } from "./chart.mjs";
import { table } from "./format.mjs";
import { onePass, randomCodes, SETTING } from "./one-pass.mjs";
import { rounded, summary } from "./statistics.mjs";

export const title = "Theorem 3.3: one pass beside its bound";
export const claim =
  "Section 3, Theorem 3.3: for x = W′z with z in M_k and x̂ = W′M(Wx, k), " +
  "|x̂ − x|/|x| ≤ 5 δ_2k/(1 − δ_k) · √(1 + δ_2k)/√(1 − δ_2k), where δ_k is the constant of the model-RIP.";
export const needs = [];

/** Non-zeros, at the paper's M = 32; and channels, at the paper's k = 10. 2k is at most K = 96. */
const SPARSITIES = { quick: [2, 10], full: [1, 2, 3, 5, 8, 10, 15, 20, 30, 40] };
const CHANNELS = { quick: [8, 32, 128], full: [8, 32, 128, 512, 4096] };

/**
 * How delta is measured. The first is what codes are typically like and bounds nothing; the others are lower bounds of
 * the true delta, each at least the one before, so that theirs is a lower bound of the theorem's.
 */
const DELTAS = {
  quantile: "90 % of random codes",
  sampled: "all random codes drawn",
  supports: "worst codes on random supports",
  adversarial: "worst code an adversary finds",
};

/** Where the bound begins to say something: x^ = 0 has the error 1. */
const TRIVIAL = 1;

export async function result({ quick, seed, progress }) {
  const size = quick ? "quick" : "full";
  const draws = quick ? 1 : 2;
  const { channels: paperChannels, k: paperK } = SETTING;
  const cells = [
    ...SPARSITIES[size].map((k) => ({ by: "sparsities", channels: paperChannels, k })),
    ...CHANNELS[size].map((channels) => ({ by: "channels", channels, k: paperK })),
  ];
  const amounts = quick
    ? { codes: 100, supports: 30, starts: 2, steps: 30 }
    : { codes: 1000, supports: 100, starts: 8, steps: 50 };
  const measured = { sparsities: [], channels: [] };
  cells.forEach(({ by, channels, k }, at) => {
    progress(at, cells.length, `M = ${channels}, k = ${k}`);
    measured[by].push({ channels, k, ...cellOf({ channels, k, draws, seed }, amounts) });
  });
  return {
    filters: SETTING.filters,
    length: SETTING.length,
    kernel: SETTING.kernel,
    draws,
    ...amounts,
    ...measured,
  };
}

/** Errors of codes over all draws of the filters; of each delta the largest of the draws, and the bound it gives. */
function cellOf({ channels, k, draws, seed }, { codes, ...amounts }) {
  const errors = { known: [], trueSupport: [] };
  const deltas = Object.fromEntries(Object.keys(DELTAS).map((key) => [key, { k: 0, twice: 0 }]));
  for (let draw = 0; draw < draws; ++draw) {
    const { layer, measure } = onePass({ seed: seed + draw, channels });
    const next = randomCodes(layer, k, seed + draw);
    for (let i = 0; i < codes / draws; ++i) {
      const { known, trueSupport } = measure(next());
      errors.known.push(known);
      errors.trueSupport.push(trueSupport);
    }
    for (const [of, nonZeros] of [
      ["k", k],
      ["twice", 2 * k],
    ]) {
      const found = deltasOf(modelRip(layer, { k: nonZeros, codes, seed: seed + draw, ...amounts }));
      for (const [key, delta] of Object.entries(found)) deltas[key][of] = Math.max(deltas[key][of], delta);
    }
  }
  const bounds = Object.fromEntries(
    Object.entries(deltas).map(([key, delta]) => {
      // every code of M_k is one of M_2k
      if (key !== "quantile") delta.twice = Math.max(delta.twice, delta.k);
      const bound = theorem33(delta.k, delta.twice);
      // JSON has no infinity
      return [key, { ...rounded(delta, 3), bound: bound < Infinity ? Number(bound.toPrecision(3)) : null }];
    }),
  );
  const over = (bound) => errors.known.filter((error) => bound !== null && error > bound).length;
  return {
    known: summary(errors.known),
    trueSupport: summary(errors.trueSupport),
    bounds,
    /** Share of the errors that are above the bound by the delta of 90 % of random codes. */
    above: rounded(over(bounds.quantile.bound) / errors.known.length, 3),
  };
}

/** @param {import("../../src/analysis/index.js").ModelRip} rip */
function deltasOf({ sampled, supports, adversarial }) {
  const [low, , , , high] = sampled.quantiles;
  const drawn = Math.max(1 - sampled.least, sampled.greatest - 1);
  const onSupports = Math.max(drawn, supports.delta);
  return {
    quantile: Math.max(1 - low, high - 1),
    sampled: drawn,
    supports: onSupports,
    adversarial: Math.max(onSupports, adversarial.delta),
  };
}

export function markdown({ sparsities, channels, filters, draws, codes, starts }) {
  const head = [
    "error: mean (95 %, largest)",
    "support known",
    ...Object.values(DELTAS).map((name) => `bound, δ of ${name}`),
  ];
  const cells = ({ known, trueSupport, bounds }) => [
    errorCell(known),
    errorCell(trueSupport),
    ...Object.keys(DELTAS).map((key) => boundCell(bounds[key])),
  ];
  const vacuous = (rows, key) => rows.filter(({ bounds }) => isVacuous(bounds[key].bound));
  const all = [...sparsities, ...channels];
  const first = channels.find(({ bounds }) => !isVacuous(bounds.adversarial.bound));
  const above = Math.max(...all.map((row) => row.above));
  const ks = (rows) => (rows.length > 0 ? `k = ${rows.map(({ k }) => k).join(", ")}` : "no k");
  const [paper] = sparsities.filter(({ k }) => k === SETTING.k);
  return `
l × K = ${SETTING.kernel} × ${filters}, D = ${SETTING.length}; ${codes} codes, filter draws: ${draws}; the adversary (projected power method) starts ${starts} times for the largest |W′z| and as often for the smallest. In brackets δ_k, δ_2k, each the largest of the draws. Bold: the bound is below 1 and says something; a dash: a δ of 1 or more, where the theorem does not apply.

M = ${SETTING.channels}:

${table(
  ["k", ...head],
  sparsities.map((row) => [row.k, ...cells(row)]),
)}

k = ${SETTING.k}:

${table(
  ["M", ...head],
  channels.map((row) => [row.channels, ...cells(row)]),
)}

- **At the paper's size (M = ${SETTING.channels}, k = ${SETTING.k}) the bound ${isVacuous(paper.bounds.adversarial.bound) ? "is vacuous" : `is ${paper.bounds.adversarial.bound}`}**: δ_k is at least ${paper.bounds.adversarial.k.toFixed(2)} and δ_2k at least ${paper.bounds.adversarial.twice.toFixed(2)}, by codes that an adversary finds. At M = ${SETTING.channels} it is vacuous for ${ks(vacuous(sparsities, "adversarial"))}. These δ are lower bounds: where even they make the bound vacuous, it is.
- ${first ? `At k = ${SETTING.k} the bound by the adversary's δ first says something at M = ${first.channels}: ${first.bounds.adversarial.bound}, where the largest error is ${first.known.greatest.toFixed(3)}.` : `At k = ${SETTING.k} the bound by the adversary's δ says nothing up to M = ${channels.at(-1).channels}.`}
- The errors are another matter: at M = ${SETTING.channels} none of the codes drawn has one above ${Math.max(...sparsities.map(({ known }) => known.greatest)).toFixed(2)}. The theorem speaks of every z of M_k, and the worst ones are far from typical.
- With the δ of 90 % of random codes, which the theorem does not allow, its formula is vacuous at M = ${SETTING.channels} for ${ks(vacuous(sparsities, "quantile"))}. It is no bound then: up to ${(100 * above).toFixed(1)} % of the codes of a row exceed it.
`;
}

const isVacuous = (bound) => bound === null || bound >= TRIVIAL;

const errorCell = ({ mean, high, greatest }) =>
  `${mean.toFixed(3)} (${high.toFixed(3)}, ${greatest.toFixed(3)})`;

function boundCell({ k, twice, bound }) {
  const text = bound === null ? "–" : String(bound);
  return `${isVacuous(bound) ? text : `**${text}**`} (${k.toFixed(2)}, ${twice.toFixed(2)})`;
}

/** What the chart shows of |x^ - x|/|x|. */
const SHOWN = [0.005, 100];

export function figures({ sparsities, channels }) {
  const chartOf = (rows, by, heading, label) =>
    lines({
      title: heading,
      // a logarithmic axis of Plot's would leave out some labels
      x: axis(label, {
        ...{
          ticks: rows.map((row) => Math.log2(row[by])),
          tickFormat: (x) => String(Math.round(2 ** x)),
          inset: 12,
        },
      }),
      y: axis("|x̂ − x| / |x|", {
        ...{ type: "log", domain: SHOWN, grid: true, ticks: [0.01, 0.1, 1, 10, 100], tickFormat: "~g" },
      }),
      height: 420,
      series: [
        { name: "error: mean, 5 to 95 %", points: errorsOf(rows, by, "known") },
        { name: "with the support known", points: errorsOf(rows, by, "trueSupport") },
        ...Object.entries(DELTAS).map(([key, name]) => ({
          name: `bound, δ of ${name}`,
          points: boundsOf(rows, by, key),
          dash: "6 3",
        })),
      ],
      paper: [{ value: TRIVIAL, label: "x̂ = 0" }],
    });
  return {
    "": stacked(title, [
      chartOf(
        sparsities,
        "k",
        `M = ${SETTING.channels}: errors, and bounds up to ${SHOWN[1]}, by k`,
        "k, non-zeros",
      ),
      chartOf(
        channels,
        "channels",
        `k = ${SETTING.k}: errors, and bounds up to ${SHOWN[1]}, by M`,
        "M, channels",
      ),
    ]),
  };
}

/** The bounds that there are and that the chart shows. */
const boundsOf = (rows, by, key) =>
  rows
    .filter(({ bounds }) => bounds[key].bound !== null && bounds[key].bound <= SHOWN[1])
    .map((row) => ({ x: Math.log2(row[by]), y: row.bounds[key].bound }));

const errorsOf = (rows, by, key) =>
  rows.map((row) => ({ x: Math.log2(row[by]), y: row[key].mean, low: row[key].low, high: row[key].high }));
