// Inner products of standardised features, piece by piece, by the kernel: of images with images where there are fewer
// images than features, of features with features where there are fewer of those. The sums are divided by the number of
// features, so that a penalty means the same for either.

import { halfTable } from "./float16.mjs";
import { openMatrix } from "./products.mjs";

/** Images in a piece of features: what is written at once, multiplied at once, and held out together. */
export const CHUNK = 125;
/** Features that float32 sums over; the sums of these are in double precision. */
const COLUMNS = 2048;

/**
 * Features as they are kept, and how they are standardised: (x - centre) * scale.
 * @typedef {{ width: number, centre: Float32Array, scale: Float32Array }} Standard
 */

/**
 * A block of features, standardised.
 * @param {Uint16Array} halves images x width, of images `first` to `first + images`
 * @param {Standard} standard
 * @param {Float32Array} block images x columns, written
 */
function fill(block, halves, { width, centre, scale }, first, images, from, columns) {
  const table = halfTable();
  for (let image = 0, i = 0; image < images; ++image) {
    const at = (first + image) * width + from;
    for (let column = 0; column < columns; ++column) {
      block[i++] = (table[halves[at + column]] - centre[from + column]) * scale[from + column];
    }
  }
}

/**
 * Inner products of images `from` to `to` with images `start` to `end`.
 * @param {Uint16Array} halves features of all images
 * @param {Standard} standard
 * @returns {Float64Array} (to - from) x (end - start)
 */
export function imageProducts(halves, standard, [from, to], [start, end]) {
  const { width } = standard;
  const [rows, across] = [to - from, end - start];
  const result = new Float64Array(rows * across);
  for (let column = 0; column < width; column += COLUMNS) {
    const columns = Math.min(COLUMNS, width - column);
    const weights = new Float32Array(rows * columns);
    fill(weights, halves, standard, from, rows, column, columns);
    const vectors = Math.min(CHUNK, across);
    const matrix = openMatrix(weights, columns, vectors);
    const block = new Float32Array(vectors * columns);
    for (let first = start; first < end; first += vectors) {
      const images = Math.min(vectors, end - first);
      fill(block, halves, standard, first, images, column, columns);
      const products = matrix.apply(block);
      for (let row = 0; row < rows; ++row) {
        const [from, at] = [row * vectors, row * across + first - start];
        for (let image = 0; image < images; ++image) result[at + image] += products[from + image];
      }
    }
    matrix.close();
  }
  for (let i = 0; i < result.length; ++i) result[i] /= width;
  return result;
}

/**
 * Adds the inner products of features `from` to `to` with features 0 to `to`, over some images; not divided by anything.
 * @param {Float64Array} sum (to - from) x to
 * @param {Uint16Array} halves features of the images
 * @param {Standard} standard
 */
export function addFeatureProducts(sum, halves, standard, [from, to]) {
  const { width } = standard;
  const images = halves.length / width;
  const weights = transposed(halves, standard, from, to - from);
  const vectors = Math.min(to, 512);
  const matrix = openMatrix(weights, images, vectors);
  const rows = to - from;
  for (let first = 0; first < to; first += vectors) {
    // the last block overlaps the one before
    const start = Math.min(first, to - vectors);
    const products = matrix.apply(transposed(halves, standard, start, vectors));
    for (let row = 0; row < rows; ++row) {
      const [from, at] = [row * vectors, row * to + start];
      for (let vector = first - start; vector < vectors; ++vector) {
        sum[at + vector] += products[from + vector];
      }
    }
  }
  matrix.close();
}

/** Columns of features as rows: columns x images. */
function transposed(halves, { width, centre, scale }, from, columns) {
  const table = halfTable();
  const images = halves.length / width;
  const block = new Float32Array(columns * images);
  for (let image = 0; image < images; ++image) {
    const at = image * width + from;
    for (let column = 0, i = image; column < columns; ++column, i += images) {
      block[i] = (table[halves[at + column]] - centre[from + column]) * scale[from + column];
    }
  }
  return block;
}

/**
 * Inner products of images with vectors of weights.
 * @param {Float32Array} weights vectors x width
 * @param {Uint16Array} halves images x width
 * @param {Standard} standard
 * @returns {Float32Array} vectors x images
 */
export function scores(weights, halves, standard) {
  const { width } = standard;
  const images = halves.length / width;
  const block = new Float32Array(halves.length);
  fill(block, halves, standard, 0, images, 0, width);
  const matrix = openMatrix(weights, width, images);
  const result = matrix.apply(block).slice();
  matrix.close();
  return result;
}
