// Ridge regression from the products of images with each other: for fewer images than features.

import { readPiece } from "./features.mjs";
import { CHUNK } from "./gram.mjs";
import { openMoments } from "./moments.mjs";
import { choosePenalty, FOLDS, PENALTIES, range } from "./targets.mjs";

/** Images whose products with all others one task computes. */
const ROWS = 500;

/**
 * Features of the first training images and of the test images in memory that threads share.
 * @param {import("./classifier.mjs").Store} store
 * @param {number} images of the training images
 * @param {number} tests
 */
export function hold({ width, train, test }, images, tests) {
  const halves = new Uint16Array(new SharedArrayBuffer(2 * width * (images + tests)));
  let at = 0;
  for (const path of [...train.slice(0, Math.ceil(images / CHUNK)), ...test]) {
    const piece = readPiece(path);
    halves.set(piece, at);
    at += piece.length;
  }
  return halves;
}

/**
 * @param {{ width: number, halves: Uint16Array, labels: import("./classifier.mjs").Labels, images: number,
 *   run: (task: any) => Promise<any> }} options `halves` as `hold` gives them; `images`: the first so many
 * @returns {Promise<import("./classifier.mjs").Fit>}
 */
export async function classifyByImages({ width, halves, labels, images: size, run }) {
  const moments = openMoments(width, 1);
  moments.add(halves.subarray(0, size * width), labels.train.subarray(0, size), 0);
  const standard = moments.standard();
  const tests = labels.test.length;
  const matrix = new SharedArrayBuffer(4 * size * (size + tests));
  const blocks = blocksOf(size, 0, 0).concat(blocksOf(tests, size, halves.length / width - tests));
  await Promise.all(
    blocks.map((block) =>
      run({ work: "imageProducts", halves: halves.buffer, standard, matrix, size, ...block }),
    ),
  );
  const solve = (known, asked, penalties) =>
    run({ work: "classifyImages", matrix, size, known, asked, labels: labels.train, penalties });
  const folds = range(0, FOLDS).map((fold) => {
    const isHeld = (image) => Math.floor(image / CHUNK) % FOLDS === fold;
    const all = range(0, size);
    return { held: all.filter(isHeld), known: all.filter((image) => !isHeld(image)) };
  });
  const tried = await Promise.all(
    folds.map(async ({ held, known }) => ({ held, classes: await solve(known, held, PENALTIES) })),
  );
  const chosen = choosePenalty(tried, labels.train);
  const [classes] = tests > 0 ? await solve(range(0, size), range(size, size + tests), [chosen.penalty]) : [];
  return { images: size, ...chosen, classes };
}

/** Rows of the matrix, from `row`, and where their images are, from `place`; the longest rows first. */
function blocksOf(count, row, place) {
  return range(0, Math.ceil(count / ROWS))
    .map((block) => {
      const [from, to] = [block * ROWS, Math.min(count, (block + 1) * ROWS)];
      return { from: row + from, to: row + to, places: [place + from, place + to] };
    })
    .reverse();
}
