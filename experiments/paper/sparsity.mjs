// Table 2 of the paper for the first two blocks: how many activations of VGG-16 are not zero.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLayerSync } from "../../build/index.js";
import { createNetworkSync } from "../../build/network.js";
import { CHOSEN_ON, crops, REPORTED_ON } from "../photographs.mjs";
import { axis, lines } from "./chart.mjs";
import { table } from "./format.mjs";
import { VGG16_FILE, vgg16 } from "./models.mjs";
import { photograph, planesOf, shrunk, throughJpeg } from "./pictures.mjs";
import { deviation, mean, round } from "./statistics.mjs";

export const title = "Sparsity of VGG-16's activations";
export const claim =
  "The activations of a real network are sparse, and the sparser the deeper (section 4, Table 2: % of non-zeros after ReLU or pooling; of its 18 rows the 6 of blocks 1 and 2, whose weights are at hand).";
export const needs = ["images", "filters"];

/** Rows of the table, in the order of the network. */
const LAYERS = ["c(1,1)", "c(1,2)", "p(1)", "c(2,1)", "c(2,2)", "p(2)"];
const PAPER = [49.1, 69.7, 80.8, 67.4, 49.7, 70.7];

/** The network's own input size. */
const SIZE = 224;
/** Nothing is chosen here: every photograph that is large enough counts. */
const PHOTOGRAPHS = [...CHOSEN_ON, ...REPORTED_ON].filter((name) => !name.startsWith("64px"));

export async function result({ quick, data, progress }) {
  const bytes = readFileSync(join(data("filters"), VGG16_FILE));
  const [names, count] = quick ? [REPORTED_ON.slice(0, 2), 1] : [PHOTOGRAPHS, 5];
  const variations = variationsOf(vgg16(bytes, SIZE).preprocess);
  const total = names.length * (1 + variations.length);
  let done = 0;

  const photographs = names.map((name) => {
    progress(done++, total, name);
    const taken = crops([name], SIZE, count, data("images"));
    return { name, percent: meanOf(taken.map(({ x }) => percentages(vgg16(bytes, SIZE), x))) };
  });
  const all = photographs.map(({ percent }) => percent);
  const compared = variations.map(({ what, of }) => {
    const measured = names.map((name) => {
      progress(done++, total, `${name}, ${what}`);
      const { x, size, preprocess } = of(data("images"), name);
      return percentages({ ...vgg16(bytes, size), ...(preprocess && { preprocess }) }, x);
    });
    return { what, percent: meanOf(measured) };
  });
  return {
    ...{ layers: LAYERS, paper: PAPER, size: SIZE, crops: count, photographs },
    mean: meanOf(all),
    deviation: LAYERS.map((_, i) => round(deviation(all.map((row) => row[i])), 1)),
    variations: compared,
  };
}

/**
 * % of positive numbers in each row of the table.
 * @param {import("./models.mjs").Model} model
 */
function percentages({ input, layers, preprocess }, x) {
  const network = createNetworkSync({ input, layers });
  const activations = network.activations(preprocess(x));
  const [c11, p1, c21, p2] = activations;
  // what the second convolution of each block gives before it is pooled
  const [c12, c22] = [1, 3].map((i) => {
    const [channels, height, width] = network.shapes[i - 1];
    const layer = createLayerSync({ ...layers[i], pool: 1, input: { channels, height, width } });
    const { values } = layer.encode(activations[i - 1]);
    layer.dispose();
    return values;
  });
  network.dispose();
  return [c11, c12, p1, c21, c22, p2].map(percentPositive);
}

function percentPositive(values) {
  let positive = 0;
  for (let i = 0; i < values.length; ++i) if (values[i] > 0) ++positive;
  return (100 * positive) / values.length;
}

function meanOf(rows) {
  return LAYERS.map((_, i) => round(mean(rows.map((row) => row[i])), 1));
}

/** The same photographs otherwise: what each thing that the paper leaves open would change. */
function variationsOf(preprocess) {
  const centre = (folder, name) => ({ x: crops([name], SIZE, 1, folder)[0].x, size: SIZE });
  const area = SIZE ** 2;
  /** The channels from red to blue, where the network was trained on blue to red. */
  const turned = (x) => Float32Array.from(x, (_, i) => x[i + (2 - 2 * Math.floor(i / area)) * area]);
  const origin = preprocess(new Float32Array(3 * area));
  const shrunkBy = (factor) => ({
    what: `whole, shrunk to 1/${factor}`,
    of: (folder, name) => {
      const pixels = shrunk(photograph(folder, name), factor);
      return { x: planesOf(pixels), size: [pixels.height, pixels.width] };
    },
  });
  return [
    { what: "centre crop", of: centre },
    ...[2, 4, 8].map(shrunkBy),
    {
      what: "through JPEG of quality 75",
      of: (folder, name) => {
        const { x, size } = centre(folder, name);
        return { x: throughJpeg(x, size, size, 75).planes, size };
      },
    },
    {
      what: "mean not subtracted",
      of: (folder, name) => ({
        ...centre(folder, name),
        preprocess: (x) => preprocess(x).map((value, i) => value - origin[i]),
      }),
    },
    {
      what: "red and blue swapped",
      of: (folder, name) => ({ ...centre(folder, name), preprocess: (x) => preprocess(turned(x)) }),
    },
    {
      what: "0 to 1 instead of 0 to 255",
      of: (folder, name) => ({
        ...centre(folder, name),
        preprocess: (x) => preprocess(x).map((value, i) => (value - origin[i]) / 255),
      }),
    },
  ];
}

export function markdown({
  layers,
  paper,
  size,
  crops: count,
  photographs,
  mean: ours,
  deviation,
  variations,
}) {
  const rows = (list, name) => list.map((one) => [one[name], ...one.percent.map(fixed)]);
  const apart = paper.map((value, i) => Math.abs(ours[i] - value));
  const furthest = apart.indexOf(Math.max(...apart));
  const inside = paper.filter((value, i) => {
    const { low, high } = range(photographs, i);
    return low <= value && value <= high;
  });
  const ranked = [...photographs].sort((a, b) => distance(a.percent, paper) - distance(b.percent, paper));
  const nearest = ranked[0];
  const reference = variations[0].percent;
  const changes = variations.slice(1).map(({ what, percent }) => {
    const change = percent.map((value, i) => Math.abs(value - reference[i]));
    const most = change.indexOf(Math.max(...change));
    return `- ${what}: at most ${fixed(change[most])} points, at ${layers[most]}; from the paper ${fixed(distance(percent, paper))} points on average instead of ${fixed(distance(reference, paper))}.`;
  });
  return `% of activations that are not zero; ${count === 1 ? "the centre crop" : `${count} crops`} of ${size} × ${size} of each of ${photographs.length} photographs.

${table(
  ["", ...layers],
  [
    ["paper", ...paper.map(fixed)],
    ["**mean of the photographs**", ...ours.map(fixed)],
    ["standard deviation between them", ...deviation.map(fixed)],
    ...rows(photographs, "name"),
  ],
)}

The mean differs from the paper's value by ${fixed(distance(ours, paper))} points on average and by ${fixed(apart[furthest])} at most, at ${layers[furthest]}, where photographs differ among each other by ${fixed(deviation[furthest])} (standard deviation). ${inside.length} of the paper's ${paper.length} values lie between the lowest and the highest photograph. The photograph nearest to the paper, ${nearest.name}, differs from it by ${fixed(distance(nearest.percent, paper))} points on average, the furthest by ${fixed(distance(ranked.at(-1).percent, paper))}: which pictures are counted decides more than how they are prepared.

The paper does not say on which pictures it counted, nor how they were prepared. The same photographs prepared otherwise, the mean of all:

${table(["", ...layers], [["paper", ...paper.map(fixed)], ...rows(variations, "what")])}

What each changes in the centre crop:

${changes.join("\n")}
`;
}

/** Lowest and highest photograph in a row of the table. */
function range(photographs, i) {
  const column = photographs.map(({ percent }) => percent[i]);
  return { low: Math.min(...column), high: Math.max(...column) };
}

/** Mean difference, points. */
function distance(a, b) {
  return mean(a.map((value, i) => Math.abs(value - b[i])));
}

function fixed(value) {
  return value.toFixed(1);
}

export function figures({ layers, paper, photographs, mean: ours }) {
  const points = (percent) => percent.map((y, i) => ({ x: layers[i], y }));
  return {
    "": lines({
      title: "Activations of VGG-16 that are not zero (bars: lowest and highest photograph)",
      x: axis("layer: c after ReLU, p after pooling", { domain: layers }),
      y: axis("not zero (%)", { domain: [0, 100], grid: true }),
      series: [
        { name: "photographs", points: points(ours).map((one, i) => ({ ...one, ...range(photographs, i) })) },
        { name: "paper, Table 2", points: points(paper), dash: "5 4" },
      ],
    }),
  };
}
