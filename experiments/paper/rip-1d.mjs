// Figure 2: the model-RIP of random filters and one feed-forward pass, in each way in which the paper can be read.

import { histogram, stacked } from "./chart.mjs";
import { table } from "./format.mjs";
import { onePass, randomCodes, SETTING } from "./one-pass.mjs";
import { binned, mean, round, summary } from "./statistics.mjs";

export const title = "Figure 2: model-RIP and one-pass reconstruction of random 1-D filters";
export const claim =
  "Section 4, Figure 2: with l × M × K = 5 × 32 × 96, D = 32, k = 10 and non-zeros uniform on [-1, 1], |W′z|/|z| (a) " +
  "and |WW′z|/|z| (b) are centred on 1, and |x̂ − x|/|x| (c) lies around 0.1 to 0.2 and stays under 0.5.";
export const needs = [];

/** What the words of a panel can mean; the keys are those of `measure` in one-pass.mjs. */
export const readings = {
  synthesis: { panel: "a", name: "|W′z|/|z|" },
  all: { panel: "b", name: "|WW′z|/|z|, all K·n activations" },
  support: { panel: "b", name: "|(WW′z)_Ω|/|z|, Ω the support of z" },
  kept: { panel: "b", name: "|M(WW′z, k)|/|z|" },
  trueSupport: { panel: "c", name: "support of z known: its k filters and switches" },
  trueFilters: { panel: "c", name: "filters of z known, switches by pooling" },
  known: { panel: "c", name: "M_known: switches by pooling, k largest of K" },
  scaled: { panel: "c", name: "M_known, times the best number" },
  fixed: { panel: "c", name: "M_fixed: the same values, each at position 0" },
  signed: { panel: "c", name: "M_known, pooling by value instead of magnitude" },
};

/** The columns: how the convolution ends, and how filters are scaled. */
export const columns = {
  valid: { name: "x of length 32 (n = 28)", spec: {} },
  full: { name: "codes of length 32 (x of length 36)", spec: { length: 36 } },
  unit: { name: "x of length 32, rows of norm 1", spec: { unitNorm: true } },
};

/** Bins of the histograms. */
const BINS = { a: [0.85, 1.15, 60], b: [0.7, 2.3, 64], c: [0, 1.8, 72] };
/** Where the paper sees the errors. */
const [FROM, TO, CEILING] = [0.1, 0.2, 0.5];

export async function result({ quick, seed, progress }) {
  const [draws, codes] = quick ? [2, 50] : [5, 400];
  const names = Object.keys(columns);
  const measured = {};
  names.forEach((column, at) => {
    const samples = Object.fromEntries(Object.keys(readings).map((name) => [name, []]));
    for (let draw = 0; draw < draws; ++draw) {
      progress(at * draws + draw, names.length * draws, columns[column].name);
      const { layer, measure } = onePass({ seed: seed + draw, ...columns[column].spec });
      const next = randomCodes(layer, SETTING.k, seed + draw);
      for (let i = 0; i < codes; ++i) {
        for (const [name, value] of Object.entries(measure(next()))) samples[name].push(value);
      }
    }
    measured[column] = Object.fromEntries(
      Object.entries(samples).map(([name, sample]) => [name, described(readings[name].panel, sample)]),
    );
    // per code: what of W W'z lies outside the support, squared, over |z|^2
    const outside = samples.all.map((all, i) => all ** 2 - samples.support[i] ** 2);
    measured[column].outside = round(mean(outside), 3);
  });
  return { ...SETTING, draws, codes: draws * codes, columns: measured };
}

/** A sample in a few numbers, its histogram, and whether it is as the paper says. */
function described(panel, sample) {
  const numbers = summary(sample);
  const inside = round(sample.filter((value) => value >= FROM && value <= TO).length / sample.length, 3);
  const fits =
    panel === "c" ? inside > 0.5 && numbers.greatest < CEILING : numbers.low < 1 && numbers.high > 1;
  return {
    ...numbers,
    ...(panel === "c" ? { inside } : {}),
    fits,
    histogram: binned(sample, ...BINS[panel]),
  };
}

export function markdown({ codes, draws, columns: measured, filters, channels }) {
  const paper = { a: "centred on 1", b: "centred on 1", c: "0.1 to 0.2, under 0.5" };
  const rows = Object.entries(readings).map(([key, { panel, name }]) => [
    panel,
    name,
    paper[panel],
    ...Object.keys(columns).map((column) => cell(measured[column][key])),
  ]);
  const { valid } = measured;
  const three = (key) => valid[key].mean.toFixed(3);
  const spread = (key) =>
    `${percent(valid[key].inside)} between 0.1 and 0.2, at most ${valid[key].greatest.toFixed(2)}`;
  const fitting = (panel) => {
    const names = Object.keys(readings).filter((key) => readings[key].panel === panel && valid[key].fits);
    return names.map((key) => `“${readings[key].name}”`).join(", ") || "none";
  };
  const distance = Math.abs(valid.synthesis.mean - 1).toFixed(3);
  const expected = filters / channels;
  return `
Each cell: mean ± standard deviation (5 % to 95 %, largest) of ${codes} codes, ${codes / draws} of each of ${draws} filter draws.
Bold is what fits the paper's words: in (a) and (b), 1 lies between the 5 % and the 95 % point; in (c), most errors lie between 0.1 and 0.2 and none reaches 0.5.

${table(["", "reading", "paper", ...Object.values(columns).map(({ name }) => name)], rows)}

In the first column:

- **(a)** The mean of |W′z|/|z| is ${three("synthesis")}, ${distance} from 1 (${distance <= 0.02 ? "within" : "not within"} 0.02).
- **(b)** What fits: ${fitting("b")}. Over all activations it cannot be centred on 1, for any filters of such norms: a filter that has no part in z answers to x too. Each of the K·n rows meets l of x's D places, and their squares add up to about K/M · |x|² = ${expected.toFixed(2)} |x|²; measured outside the support of z: ${valid.outside.toFixed(2)} |z|². Hence ${valid.all.mean.toFixed(2)}, where √(1 + K/M) is ${Math.sqrt(1 + expected).toFixed(2)}. On the support alone it is ${three("support")}; on the k activations that M keeps, ${three("kept")}.
- **(c)** What fits: ${fitting("c")}. With the support of z known: ${spread("trueSupport")}. With its filters known and switches by pooling: ${spread("trueFilters")}. Taken literally, x̂ = W′M(Wx, k) chooses the k filters as well, some of them wrongly: ${spread("known")}.
- The caption names M_fixed. As unpooling to one fixed position it gives ${valid.fixed.mean.toFixed(2)} (x̂ = 0 would give 1). As switches that are fixed beforehand, to those of z, it is the first reading of (c).
`;
}

const percent = (share) => `${Math.round(100 * share)} %`;

function cell({ mean: centre, sd, low, high, greatest, fits }) {
  const [middle, ...others] = [centre, sd, low, high, greatest].map((value) => value.toFixed(3));
  return `${fits ? `**${middle}**` : middle} ± ${others[0]} (${others[1]} to ${others[2]}, max ${others[3]})`;
}

export function figures({ columns: measured }) {
  const panels = {
    a: { x: "|W′z| / |z|", paper: [{ value: 1, label: "paper: centred on 1" }] },
    b: { x: "|WW′z| / |z|", paper: [{ value: 1, label: "paper: centred on 1" }] },
    c: {
      x: "|x̂ − x| / |x|",
      paper: [
        { value: FROM, to: TO, label: "paper: most" },
        { value: CEILING, label: "paper: all below" },
      ],
    },
  };
  const figure = (column) =>
    stacked(
      `${title}: ${columns[column].name}`,
      Object.entries(panels).map(([panel, { x, paper }]) => {
        const series = Object.entries(readings)
          .filter(([, reading]) => reading.panel === panel)
          .map(([key, { name }]) => ({ name, ...measured[column][key].histogram }));
        return histogram({ title: `(${panel}) ${x}, ${columns[column].name}`, x, series, paper });
      }),
    );
  return Object.fromEntries(Object.keys(columns).map((name) => [name === "valid" ? "" : name, figure(name)]));
}
