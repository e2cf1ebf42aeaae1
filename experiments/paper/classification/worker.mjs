// What a thread does: features, inner products, solutions. A task is plain data and so is what comes of it; what is
// large lies in files or in memory that threads share.

import { PIXELS, readImages } from "../cifar10.mjs";
import { measureStatistics, openExtractor } from "./extractor.mjs";
import { MEASURED, readPiece } from "./features.mjs";
import { toHalf } from "./float16.mjs";
import { addFeatureProducts, imageProducts, scores } from "./gram.mjs";
import { solveRidge } from "./ridge.mjs";
import { centredTargets } from "./targets.mjs";

/** Pieces whose products of features are summed in one go, in float32: 500 images. */
const TOGETHER = 4;

/** The extractor of the last task: the next is mostly of the same. */
let last = { key: "", extractor: undefined };

function extractorOf(features, statistics) {
  const key = JSON.stringify([features, statistics]);
  if (last.key !== key) last = { key, extractor: openExtractor(features, statistics) };
  return last.extractor;
}

const WORKS = {
  /** Statistics of an extractor, and how many features it gives. */
  statistics({ features, set }) {
    const pixels = readImages(set, 0, Math.min(set.count, MEASURED));
    const statistics = measureStatistics(features, pixels);
    return { statistics, width: openExtractor(features, statistics).length };
  },

  /** Features of images `from` to `to`, as halves: images x width. */
  features({ features, statistics, set, from, to }) {
    const { length, compute } = extractorOf(features, statistics);
    const pixels = readImages(set, from, to);
    const halves = new Uint16Array((to - from) * length);
    for (let image = 0; image < to - from; ++image) {
      const values = compute(pixels.subarray(image * PIXELS, (image + 1) * PIXELS));
      halves.set(toHalf(values), image * length);
    }
    return halves;
  },

  /** Rows `from` to `to` of the matrix of inner products; of training images also what is symmetric to them. */
  imageProducts({ halves, standard, matrix, size, from, to, places }) {
    const across = Math.min(size, to);
    const products = imageProducts(new Uint16Array(halves), standard, places, [0, across]);
    const whole = new Float32Array(matrix);
    for (let row = from, i = 0; row < to; ++row) {
      for (let column = 0; column < across; ++column, ++i) {
        whole[row * size + column] = products[i];
        if (row < size) whole[column * size + row] = products[i];
      }
    }
  },

  /** Rows `from` to `to` of the matrix of features' inner products, and what is symmetric to them, over some pieces. */
  featureProducts({ paths, standard, matrix, from, to }) {
    const { width } = standard;
    const sum = new Float64Array((to - from) * to);
    for (let first = 0; first < paths.length; first += TOGETHER) {
      const halves = joined(paths.slice(first, first + TOGETHER).map(readPiece));
      addFeatureProducts(sum, halves, standard, [from, to]);
    }
    const whole = new Float32Array(matrix);
    for (let row = from, i = 0; row < to; ++row) {
      for (let column = 0; column < to; ++column, ++i) {
        const value = sum[i] / width;
        whole[row * width + column] = value;
        whole[column * width + row] = value;
      }
    }
  },

  /** Classes of rows of the matrix, for each penalty, from those of others. */
  classifyImages({ matrix, size, known, asked, labels, penalties }) {
    const whole = new Float32Array(matrix);
    const part = new Float32Array(known.length ** 2);
    known.forEach((row, i) => {
      for (let j = 0; j < known.length; ++j) part[i * known.length + j] = whole[row * size + known[j]];
    });
    const { targets, shares } = centredTargets(labels, known);
    const { solutions } = solveRidge(part, targets, penalties);
    const row = new Float32Array(known.length);
    const classes = penalties.map(() => new Uint8Array(asked.length));
    asked.forEach((image, at) => {
      for (let j = 0; j < known.length; ++j) row[j] = whole[image * size + known[j]];
      solutions.forEach((solution, penalty) => {
        classes[penalty][at] = largest(shares, (one) => inner(row, solution, one * known.length));
      });
    });
    return classes;
  },

  /** Classes of the images of pieces, for each penalty, from the sums of products of features over others. */
  classifyFeatures({ matrices, standard, targets, shares, paths, penalties }) {
    const { width } = standard;
    const sum = new Float32Array(width * width);
    for (const matrix of matrices) {
      const part = new Float32Array(matrix);
      for (let i = 0; i < sum.length; ++i) sum[i] += part[i];
    }
    const { solutions } = solveRidge(sum, targets, penalties);
    const weights = new Float32Array(penalties.length * targets.length);
    solutions.forEach((solution, penalty) => {
      weights.set(solution, penalty * targets.length);
    });
    const classes = penalties.map(() => []);
    for (const path of paths) {
      const halves = readPiece(path);
      const images = halves.length / width;
      const result = scores(weights, halves, standard);
      for (let image = 0; image < images; ++image) {
        classes.forEach((list, penalty) => {
          const scoreOf = (one) => result[(penalty * shares.length + one) * images + image] / width;
          list.push(largest(shares, scoreOf));
        });
      }
    }
    return classes.map((list) => Uint8Array.from(list));
  },
};

function joined(pieces) {
  const all = new Uint16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The class with the largest score; `shares` are the means of the targets, which were subtracted before. */
function largest(shares, scoreOf) {
  let [best, at] = [-Infinity, 0];
  shares.forEach((share, one) => {
    const score = share + scoreOf(one);
    if (score > best) [best, at] = [score, one];
  });
  return at;
}

function inner(row, solution, from) {
  let sum = 0;
  for (let i = 0; i < row.length; ++i) sum += row[i] * solution[from + i];
  return sum;
}

/** @param {{ work: keyof typeof WORKS }} task */
export default (task) => WORKS[task.work](/** @type {any} */ (task));
