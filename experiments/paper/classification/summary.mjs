// From what classifiers said to what is reported: accuracies in %, with standard errors.

import { deviation, mean, round } from "../statistics.mjs";
import { PAPER } from "./plans.mjs";

/**
 * @param {{ labels: import("./classifier.mjs").Labels, kernels: any[], pixels: any, random: any[], learned: any[],
 *   trained: number[] }} parts as the study gives them
 */
export function summarise({ labels, kernels, pixels, random, learned, trained }) {
  const right = (classes) => classes.map((one, image) => (one === labels.test[image] ? 1 : 0));
  const rowOf = (parts, about) => row(parts, right, about);
  const rows = [
    rowOf([pixels], { name: "pixels", kind: "pixels", main: true }),
    ...random.map(({ network, kernels: chosen, fits }) => {
      const { depth, filters, grid, order, main } = network;
      const paper = main ? PAPER.random[depth - 1] : null;
      return rowOf(fits, {
        kind: "random",
        name: `${depth} random`,
        main,
        depth,
        filters,
        kernels: chosen,
        grid,
        order,
        paper,
      });
    }),
    ...learned.map((part, at) =>
      rowOf([part], {
        kind: "learned",
        name: `${at + 1} learned`,
        main: false,
        depth: at + 1,
        paper: PAPER.learned[at],
      }),
    ),
  ];
  const marks = rows.map(({ marks }) => marks);
  const of = (wanted) =>
    rows.findIndex(({ kind, depth, main }) => main && kind === "random" && depth === wanted);
  const pooled = rows.findIndex(
    ({ main, kind, depth, order }) => !main && kind === "random" && depth === 1 && order === "relu-norm",
  );
  return {
    images: { train: labels.train.length, test: labels.test.length },
    chance: accuracyOf(right(new Array(labels.test.length).fill(commonest(labels.train)))),
    kernels: kernels.map(({ tried, images, chosen }) => ({
      ...{ images, chosen },
      tried: tried.map(({ kernels: sizes, validation }) => ({
        kernels: sizes,
        validation: percent(validation),
      })),
    })),
    rows: rows.map(({ marks: _, ...rest }) => rest),
    network: accuracyOf(right(trained)),
    differences: {
      threeOverOne: difference(marks[of(3)], marks[of(1)]),
      threeOverTwo: difference(marks[of(3)], marks[of(2)]),
      threeOverPixels: difference(marks[of(3)], marks[0]),
      oneOverPixels: difference(marks[of(1)], marks[0]),
      ...(pooled >= 0 ? { threeOverOnePooled: difference(marks[of(3)], marks[pooled]) } : {}),
    },
  };
}

const percent = (share) => round(100 * share, 1);

/** `marks`: 1 for each image that was classified rightly, 0 for others, or a mean of such. */
function accuracyOf(marks) {
  return { accuracy: percent(mean(marks)), error: percent(standardError(marks)) };
}

/** Of the mean over images; of one classifier that is the binomial one. */
function standardError(marks) {
  return deviation(marks) / Math.sqrt(marks.length);
}

/** Of two classifiers on the same images, image by image. */
function difference(a, b) {
  const each = a.map((mark, image) => mark - b[image]);
  return { points: percent(mean(each)), error: percent(standardError(each)) };
}

/** One row: means over the draws of its filters. */
function row(parts, right, about) {
  const sizes = parts[0].fits.map(({ images }) => images);
  const curve = sizes.map((images, at) => {
    const fits = parts.map(({ fits }) => fits[at]);
    const marks = meanOf(fits.map(({ classes }) => right(classes)));
    const { heldOut } = fits[0];
    const validation = percent(mean(fits.map(({ validation }) => validation)));
    return {
      images,
      ...accuracyOf(marks),
      marks,
      validation,
      heldOut,
      penalties: fits.map(({ penalty }) => penalty),
    };
  });
  const { accuracy, error, marks, validation, penalties } = curve.at(-1);
  return {
    ...{ ...about, features: parts[0].width, accuracy, error },
    draws: parts.map(({ fits }) => percent(mean(right(fits.at(-1).classes)))),
    ...{ validation, penalties, marks },
    ...(curve.length > 1
      ? { curve: curve.map(({ marks: _, ...point }) => point), power: powerLaw(curve) }
      : {}),
  };
}

const meanOf = (lists) => lists[0].map((_, image) => mean(lists.map((list) => list[image])));

/**
 * Errors over sizes of samples as a power law, error = factor * images^exponent, by least squares on the logarithms, with
 * weights that are the numbers of images judged. Held-out images are judged by a classifier of three quarters of a sample.
 */
function powerLaw(curve) {
  const points = curve.flatMap(({ images, accuracy, marks, validation, heldOut }) => [
    { x: Math.log(images), y: Math.log(1 - accuracy / 100), weight: marks.length },
    { x: Math.log(0.75 * images), y: Math.log(1 - validation / 100), weight: heldOut },
  ]);
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const average = (of) => points.reduce((sum, point) => sum + point.weight * of(point), 0) / total;
  const [x, y] = [average((point) => point.x), average((point) => point.y)];
  const exponent = average((point) => (point.x - x) * (point.y - y)) / average((point) => (point.x - x) ** 2);
  const at = (images) => percent(1 - Math.exp(y + exponent * (Math.log(images) - x)));
  return { exponent: round(exponent, 3), images: PAPER.images, accuracy: at(PAPER.images) };
}

function commonest(labels) {
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
