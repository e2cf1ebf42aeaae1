// Table 4: the largest cosine between two columns of W', for the thirteen layers of VGG-16, by four definitions.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as Plot from "@observablehq/plot";
import { readSafetensors } from "../../build/weights.js";
import { axis, chart, colourOf, PAPER } from "./chart.mjs";
import { coherenceByKernel } from "./coherence-by-kernel.mjs";
import { table } from "./format.mjs";
import { deviation, mean, round } from "./statistics.mjs";

export const title = "Table 4: coherence of the filters of VGG-16's thirteen layers";
export const claim =
  "Section 4, Table 4: the largest normalised inner product between two distinct columns of W′ is 0.06 to 0.15 for " +
  "random filters of all layers but the first (0.67), and 0.40 to 0.94 for learned ones.";
export const needs = ["filters"];

/** Layers of 3 x 3 filters: input and output channels, and what the paper gives for learned and random filters. */
export const LAYERS = [
  { name: "1_1", channels: 3, filters: 64, learned: 0.9427, random: 0.6701 },
  { name: "1_2", channels: 64, filters: 64, learned: 0.734, random: 0.1218 },
  { name: "2_1", channels: 64, filters: 128, learned: 0.6435, random: 0.1546 },
  { name: "2_2", channels: 128, filters: 128, learned: 0.7465, random: 0.1053 },
  { name: "3_1", channels: 128, filters: 256, learned: 0.5838, random: 0.1099 },
  { name: "3_2", channels: 256, filters: 256, learned: 0.4844, random: 0.0895 },
  { name: "3_3", channels: 256, filters: 256, learned: 0.5194, random: 0.0802 },
  { name: "4_1", channels: 256, filters: 512, learned: 0.4596, random: 0.092 },
  { name: "4_2", channels: 512, filters: 512, learned: 0.4574, random: 0.0619 },
  { name: "4_3", channels: 512, filters: 512, learned: 0.4043, random: 0.0617 },
  { name: "5_1", channels: 512, filters: 512, learned: 0.4099, random: 0.0696 },
  { name: "5_2", channels: 512, filters: 512, learned: 0.4099, random: 0.0674 },
  { name: "5_3", channels: 512, filters: 512, learned: 0.4046, random: 0.0674 },
];
const KERNEL = 3;

/** What "normalised inner product of two distinct columns" can mean; a filter has a column at every shift. */
const DEFINITIONS = {
  signed: "cos, two filters in one place",
  zeroShift: "|cos|, two filters in one place",
  allShifts: "|cos|, two filters at any shifts",
  allPairs: "|cos|, any two columns, a filter's own shifts included",
};
const FILE = "vgg16_block1_block2.safetensors";
/** Draws of a layer of so many input channels, at most; large layers take seconds a draw. */
const DRAWS = {
  quick: [[128, 3]],
  full: [
    [128, 200],
    [512, 20],
  ],
};
/** Of the paper's value from the mean, in %, where the range does not hold it. */
const NEAR = 15;

export async function result({ quick, seed, data, progress }) {
  const drawsOf = ({ channels }) =>
    DRAWS[quick ? "quick" : "full"].find(([most]) => channels <= most)?.[1] ?? 0;
  const layers = LAYERS.filter(drawsOf);
  const work = layers.filter(
    (layer, at) => layers.findIndex((other) => shapeOf(other) === shapeOf(layer)) === at,
  );
  const costOf = ({ channels, filters }) => channels * filters ** 2;
  const total = work.reduce((sum, layer) => sum + drawsOf(layer) * costOf(layer), 0);
  let done = 0;
  const random = new Map();
  work.forEach((layer, at) => {
    const { channels, filters, name } = layer;
    const draws = Array.from({ length: drawsOf(layer) }, (_, draw) => {
      progress(done, total, `layer ${name}, draw ${draw + 1} of ${drawsOf(layer)}`);
      done += costOf(layer);
      // filters of one seed begin alike whatever their number is: each shape has seeds of its own
      return coherenceByKernel({ channels, filters, kernel: KERNEL, seed: seed + 1000 * at + draw });
    });
    random.set(shapeOf(layer), draws);
  });
  const { tensors } = readSafetensors(readFileSync(join(data("filters"), FILE)));
  return {
    near: NEAR,
    layers: layers.map(({ name, channels, filters, ...paper }) => ({
      ...{ name, channels, filters, paper, draws: random.get(shapeOf({ channels, filters })).length },
      random: perDefinition((key) => spread(random.get(shapeOf({ channels, filters })), key, paper.random)),
      learned: learnedOf(tensors.get(`conv${name}.weight`), { channels, filters }),
    })),
  };
}

const shapeOf = ({ channels, filters }) => `${channels} → ${filters}`;

const perDefinition = (give) => Object.fromEntries(Object.keys(DEFINITIONS).map((key) => [key, give(key)]));

/** Mean and range over the draws, and where the paper's value lies. */
function spread(draws, key, paper) {
  const sample = draws.map((draw) => draw[key]);
  const [centre, least, greatest] = [mean(sample), Math.min(...sample), Math.max(...sample)];
  return {
    ...{ mean: round(centre, 4), sd: round(deviation(sample), 4) },
    ...{ least: round(least, 4), greatest: round(greatest, 4) },
    contained: least <= paper && paper <= greatest,
    /** Share of the draws that are below the paper's value. */
    below: round(sample.filter((value) => value < paper).length / sample.length, 3),
    /** Of ours from the paper's, in %. */
    difference: round(100 * (centre / paper - 1), 1),
  };
}

function learnedOf(tensor, { channels, filters }) {
  if (!tensor) return null;
  const coherence = coherenceByKernel({ channels, filters, kernel: KERNEL, weights: tensor.data });
  return perDefinition((key) => round(coherence[key], 4));
}

export function markdown({ near, layers }) {
  const keys = Object.keys(DEFINITIONS);
  const names = Object.values(DEFINITIONS);
  const random = layers.map(({ name, channels, filters, draws, paper, random }) => [
    ...[name, shapeOf({ channels, filters }), draws, paper.random.toFixed(4)],
    percent(100 * random.signed.below, ""),
    ...keys.map((key) => {
      const { mean: centre, least, greatest, contained } = random[key];
      const range = `${least.toFixed(4)} to ${greatest.toFixed(4)}`;
      return `${centre.toFixed(4)} (${contained ? `**${range}**` : range}), ${percent(random[key].difference)}`;
    }),
  ]);
  const verdicts = keys.map((key) => {
    const all = layers.map((layer) => layer.random[key]);
    const far = all.map(({ difference }) => Math.abs(difference));
    const agreeing = all.filter(({ contained }, at) => contained || far[at] <= near);
    return [
      ...[DEFINITIONS[key], `${all.filter(({ contained }) => contained).length} of ${all.length}`],
      ...[`${agreeing.length} of ${all.length}`, percent(mean(far), ""), percent(Math.max(...far), "")],
    ];
  });
  const byShifts = Math.max(
    ...layers.map(({ random }) => 100 * (random.allPairs.mean / random.zeroShift.mean - 1)),
  );
  return `
**Random filters.** Mean and range over draws, and how far the mean is from the paper's value; a range in bold holds it. Layers of one shape share their draws.

${table(["layer", "channels → filters", "draws", "paper", "draws below it, by cos", ...names], random)}

Over these layers:

${table(["definition", "range holds the paper's", `or mean within ${near} %`, "mean distance", "largest distance"], verdicts)}

- The paper's column is one draw of a maximum a layer; the ranges show how widely such draws differ.
- Shifts hardly matter for random filters: with them the mean rises by ${percent(byShifts, "")} at most. Shifted filters overlap in 6 of 9 taps or fewer, so the largest product is nearly always one in the same place.

**Learned filters**, the layers whose weights are at hand:

${learnedTable(layers)}
`;
}

/** With its sign, + too, unless another is given. */
const percent = (value, plus = "+") =>
  `${value > 0.05 ? plus : value < -0.05 ? "−" : ""}${Math.abs(value).toFixed(1)} %`;

/** The learned layers beside the paper's value of the same row, and of the row above. */
function learnedTable(layers) {
  const keys = Object.keys(DEFINITIONS);
  const four = (value) => value.toFixed(4);
  const rows = layers
    .map((layer, at) => ({ ...layer, above: at > 0 ? layers[at - 1].paper.learned : null }))
    .filter(({ learned }) => learned);
  const cells = rows.map(({ name, paper, above, learned }) => [
    ...[name, four(paper.learned), above ? four(above) : "–"],
    ...keys.map((key) =>
      above && four(learned[key]) === four(above) ? `**${four(learned[key])}**` : four(learned[key]),
    ),
  ]);
  const equal = (key, other) =>
    rows.filter(({ learned, ...row }) => other(row) && four(learned[key]) === four(other(row)));
  const shifted = equal("signed", ({ above }) => above);
  const unshifted = keys.flatMap((key) => equal(key, ({ paper }) => paper.learned));
  const compared = rows.filter(({ above }) => above).length;
  const conclusion =
    shifted.length === compared && unshifted.length === 0
      ? " So the definition is the signed one, and the learned column, as this page has it, stands one row too high: its first value belongs to layer 1_2, and that of layer 1_1 is missing."
      : "";
  return `${table(["layer", "paper", "paper, the row above", ...Object.values(DEFINITIONS)], cells)}

- ${shifted.length} of ${compared} layers have, by the signed cosine of two filters in one place, exactly the value that the paper gives in the row **above** (bold: the same four digits); ${unshifted.length} have by any definition the value of their own row.${conclusion}
- By the signed cosine, learned filters are more coherent than random ones of their shape ${rows.map(({ name, learned, random }) => `${(learned.signed / random.signed.mean).toFixed(1)} times in ${name}`).join(", ")}.`;
}

export function figures({ layers }) {
  const names = ["random: mean and range", "learned", "paper: random", "paper: learned"];
  const colours = [colourOf(0), colourOf(1), PAPER, colourOf(3)];
  const random = layers.map(({ name, random }) => ({ name, ...random.signed }));
  const learned = layers.filter((layer) => layer.learned);
  const papers = (key, at) =>
    Plot.dot(layers, {
      ...{ x: "name", y: ({ paper }) => paper[key], symbol: "diamond", r: 6 },
      ...{ stroke: colours[at], strokeWidth: 2 },
    });
  return {
    "": chart({
      ...{ title: `Coherence by layer: largest cosine of two filters in one place`, names, colours },
      x: axis("layer of VGG-16", { domain: layers.map(({ name }) => name), type: "point" }),
      y: axis("largest cosine of two filters", {
        ...{ type: "log", domain: [0.05, 1], grid: true, ticks: [0.05, 0.1, 0.2, 0.5, 1], tickFormat: "~g" },
      }),
      marks: [
        Plot.ruleX(random, { x: "name", y1: "least", y2: "greatest", stroke: colours[0], strokeWidth: 3 }),
        Plot.dot(random, { x: "name", y: "mean", r: 4, fill: colours[0] }),
        Plot.dot(learned, { x: "name", y: ({ learned }) => learned.signed, r: 5, fill: colours[1] }),
        papers("random", 2),
        papers("learned", 3),
      ],
    }),
  };
}
