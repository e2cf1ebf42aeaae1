// Tables and charts of the experiment.

import * as Plot from "@observablehq/plot";
import { axis, chart, colourOf, PAPER as PAPER_COLOUR } from "../chart.mjs";
import { table } from "../format.mjs";
import { PAPER } from "./plans.mjs";

const withError = ({ accuracy, error }) => `${accuracy.toFixed(1)} ± ${error.toFixed(1)}`;
const signed = (value, digits) => value.toFixed(digits).replace("-", "−");
const points = ({ points: value, error }) => `${signed(value, 1)} ± ${error.toFixed(1)} points`;
const grouped = (value) => value.toLocaleString("en-US");
const sizes = (kernels) => kernels.map((side) => `${side} × ${side}`).join(", ");

/** What a row's classifier is given. */
function described({ kind, name, depth, filters, kernels, grid, order }) {
  if (kind === "pixels") return "the pixels";
  if (kind === "learned") return `${depth} of cifar10_quick's layers`;
  const layers = filters.map((count, at) => `${count} of ${kernels[at]} × ${kernels[at]}`).join(", ");
  const left = 32 / 2 ** depth;
  const notes = [
    ...(grid < left ? [`pooled on to ${grid} × ${grid}`] : []),
    ...(order === "norm-relu" ? ["normalised before ReLU"] : []),
  ];
  return [`${name}: ${layers}`, ...notes].join("; ");
}

export function markdown({ images, kernels, rows, network, differences, chance }) {
  const { threeOverOne, threeOverTwo, threeOverPixels, oneOverPixels } = differences;
  const rowsOf = (wanted) =>
    rows
      .filter(wanted)
      .map((row) => [
        ...[
          described(row),
          grouped(row.features),
          withError(row),
          row.draws.map((one) => one.toFixed(1)).join(", "),
        ],
        ...[row.validation.toFixed(1), row.penalties.join(", "), row.paper ? row.paper.toFixed(1) : "–"],
      ]);
  const head = [
    "a linear classifier on",
    "features",
    "test accuracy, %",
    "draws",
    "held out, %",
    "penalty",
    "paper, %",
  ];
  return `
${grouped(images.train)} training images and ${grouped(images.test)} test images; the paper's classifiers saw ${grouped(PAPER.images)} and were tried on 10,000. A layer is a convolution padded by half its filters, ReLU, batch normalisation, 2 × 2 max pooling; filters are N(0, 1)/√(M l²); the statistics of each filter's activations, and those that colours are normalised by, are of the first 250 training images. The classifier is ridge regression of the ten classes on standardised features. ± is the standard error over the test images (of one classifier the binomial one). *Draws*: accuracies of single draws of the filters. *Held out*: accuracy on training images that were held out, by which kernels and penalties were chosen; no choice looked at a test image.

${table(
  head,
  rowsOf((row) => row.main),
)}

- Three random layers over one: ${points(threeOverOne)}; over two: ${points(threeOverTwo)}; over pixels: ${points(threeOverPixels)}. One random layer over pixels: ${points(oneOverPixels)}. (Errors of differences are of the same images, paired. The commonest class alone has ${chance.accuracy.toFixed(1)} %.)

${curveTable(rows, images)}
${variants(rows, differences, head, rowsOf)}
**Learned filters.** Caffe's cifar10_quick, trained on all 50,000 images; only the linear classifier on top was trained on the ${grouped(images.train)} here. Its own linear layers, trained on all images, classify ${withError(network)} % of these test images. The paper's learned networks are others and larger.

${table(
  head,
  rowsOf((row) => row.kind === "learned"),
)}

**Kernels**, chosen for each depth by accuracy on held-out ones of ${grouped(kernels[0].images)} training images, with fewer filters:

${table(
  ["layers", "tried: held-out accuracy, %", "chosen"],
  kernels.map(({ tried, chosen }, at) => [
    at + 1,
    tried.map(({ kernels: sides, validation }) => `${sides.join(", ")}: ${validation.toFixed(1)}`).join("; "),
    sizes(chosen),
  ]),
)}

**All 50,000 images**, where they are at hand: \`npm run paper classification -- --cifar10 DIR\`, DIR with data_batch_1.bin to data_batch_5.bin and test_batch.bin. About 65 minutes on two cores and 7 GB of memory, as estimated from the parts. A run that is stopped goes on where it was.
`;
}

/** Accuracies over sizes of the training sample, and where they lead if they go on so. */
function curveTable(rows, images) {
  const curves = rows.filter((row) => row.curve);
  const far = images.train < PAPER.images;
  const beyond = far
    ? `, and what a power law through these and the held-out accuracies gives at ${grouped(PAPER.images)}. That is an extrapolation by a factor of ${Math.round(PAPER.images / images.train)}, no measurement; an error that goes on falling as a power takes ever more features, so a classifier of few features, of pixels most of all, ends below it`
    : "";
  const head = [
    "a linear classifier on",
    ...curves[0].curve.map((point) => grouped(point.images)),
    ...(far ? ["exponent of the error", `at ${grouped(PAPER.images)}, extrapolated`] : []),
    "paper",
  ];
  const cells = curves.map((row) => [
    ...[described(row), ...row.curve.map(withError)],
    ...(far ? [signed(row.power.exponent, 3), row.power.accuracy.toFixed(1)] : []),
    row.paper ? row.paper.toFixed(1) : "–",
  ]);
  return `**How much of it is the number of images.** Test accuracy in % of the same classifiers with fewer training images${beyond}.

${table(head, cells)}`;
}

/** Networks that are not in Table 1, where there are any. */
function variants(rows, { threeOverOnePooled: gain }, head, rowsOf) {
  const isVariant = ({ main, kind }) => !main && kind === "random";
  if (!rows.some(isVariant)) return "";
  const conclusion =
    Math.abs(gain.points) < 2 * gain.error
      ? ": no difference that these images could show. What three layers of Table 1 gain over one is, here, what pooling gains"
      : "";
  return `
**What depth is worth, and what pooling is.** Layers whose maps are pooled on to the 4 × 4 that three layers leave, so that all classifiers see the same resolution and as many features, and the other order of ReLU and batch normalisation, where it was tried:

${table(head, rowsOf(isVariant))}

- Three layers over one that is pooled on to the same resolution: ${points(gain)}${conclusion}.
`;
}

export function figures({ rows, images }) {
  return { "": byDepth(rows, images), curve: learningCurves(rows) };
}

/** The paper's marks; their labels stay clear of each other where the values are close. */
const PAPER_FILLS = {
  random: { fill: PAPER_COLOUR, dy: 6 },
  learned: { fill: "var(--plot-background)", dy: -5 },
};

/** Accuracies with error bars over depth; the paper's values as marks. */
function byDepth(rows, images) {
  const series = [
    { name: "random filters", colour: colourOf(0), of: ({ kind, main }) => kind === "random" && main },
    {
      name: "random, pooled on to 4 × 4",
      colour: colourOf(2),
      of: ({ kind, main, order }) => kind === "random" && !main && order === "relu-norm",
    },
    { name: "learned filters (cifar10_quick)", colour: colourOf(1), of: ({ kind }) => kind === "learned" },
  ].filter(({ of }) => rows.some(of));
  const pixels = rows.find(({ kind }) => kind === "pixels");
  const marks = series.flatMap(({ colour, of }, at) => {
    const shift = { dx: 7 * (at - 1) };
    const points = rows.filter(of);
    const bar = {
      y1: (row) => row.accuracy - 1.96 * row.error,
      y2: (row) => row.accuracy + 1.96 * row.error,
    };
    return [
      Plot.ruleX(points, { x: "depth", ...bar, stroke: colour, strokeWidth: 2, ...shift }),
      Plot.dot(points, { x: "depth", y: "accuracy", r: 4.5, fill: colour, ...shift }),
    ];
  });
  const paperMarks = Object.entries(PAPER_FILLS).flatMap(([key, { fill, dy }]) => {
    const values = PAPER[key].map((accuracy, at) => ({ depth: at + 1, accuracy }));
    const place = { x: "depth", y: "accuracy", dx: 24 };
    return [
      Plot.dot(values, { ...place, symbol: "diamond", r: 5, stroke: PAPER_COLOUR, strokeWidth: 2, fill }),
      Plot.text(values, {
        ...{
          ...place,
          text: "accuracy",
          textAnchor: "start",
          dx: 34,
          dy,
          fill: PAPER_COLOUR,
          fontWeight: 600,
        },
      }),
    ];
  });
  return chart({
    title: `Test accuracy of a linear classifier, ${grouped(images.train)} training images`,
    names: [
      ...series.map(({ name }) => name),
      `paper, ${grouped(PAPER.images)}: random (filled), learned (hollow)`,
    ],
    colours: [...series.map(({ colour }) => colour), PAPER_COLOUR],
    x: axis("layers", { type: "point", domain: [1, 2, 3], padding: 0.4, tickFormat: "d" }),
    y: axis("test accuracy, % (bars: 95 %)", { domain: [25, 95], grid: true }),
    marks: [
      Plot.ruleY([pixels], { y: "accuracy", stroke: PAPER_COLOUR, strokeDasharray: "5 4", strokeWidth: 1.5 }),
      Plot.text([pixels], {
        ...{ y: "accuracy", text: ({ accuracy }) => `pixels alone: ${accuracy}`, frameAnchor: "right" },
        ...{ textAnchor: "end", dx: -4, dy: -8, fill: "currentColor" },
      }),
      ...marks,
      ...paperMarks,
    ],
  });
}

/** Accuracies over the number of training images, with the power law up to the paper's. */
function learningCurves(rows) {
  const curves = rows.filter((row) => row.curve);
  const names = curves.map(({ kind, depth }) => (kind === "pixels" ? "pixels" : `random layers: ${depth}`));
  const marks = curves.flatMap(({ curve, power, paper }, at) => {
    const colour = colourOf(at);
    const bar = { y1: (row) => row.accuracy - row.error, y2: (row) => row.accuracy + row.error };
    const beyond = law(power, curve.at(-1).images);
    const values = paper ? [{ images: PAPER.images, accuracy: paper }] : [];
    return [
      Plot.line(beyond, {
        x: "images",
        y: "accuracy",
        stroke: colour,
        strokeDasharray: "3 4",
        strokeWidth: 1.5,
      }),
      Plot.line(curve, { x: "images", y: "accuracy", stroke: colour, strokeWidth: 2 }),
      Plot.ruleX(curve, { x: "images", ...bar, stroke: colour, strokeWidth: 1.5, strokeOpacity: 0.7 }),
      Plot.dot(curve, { x: "images", y: "accuracy", fill: colour, r: 3.5 }),
      Plot.dot(values, {
        ...{ x: "images", y: "accuracy", symbol: "diamond", r: 6, stroke: colour, strokeWidth: 2 },
        ...{ fill: "var(--plot-background)" },
      }),
    ];
  });
  return chart({
    title:
      "Test accuracy over training images (bars: standard errors; dashed: power laws; diamonds: the paper's)",
    names,
    x: axis("training images", {
      ...{ type: "log", domain: [curves[0].curve[0].images * 0.9, 1.15 * PAPER.images], tickFormat: "~s" },
    }),
    y: axis("test accuracy, %", { grid: true, nice: true }),
    marks,
  });
}

/** Points of error = factor * images^exponent from a number of images to the paper's. */
function law({ exponent, accuracy, images }, from) {
  const steps = 24;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const at = from * (images / from) ** (step / steps);
    return { images: at, accuracy: 100 - (100 - accuracy) * (at / images) ** exponent };
  });
}
