// What the regression aims at, and how its penalty is chosen.

import { CLASSES } from "../cifar10.mjs";

/** Parts of the training images, piece by piece in turn, each held out once. */
export const FOLDS = 4;
/** Of the sum of squares of the weights, over the products divided by the number of features. */
export const PENALTIES = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];

/**
 * Of some images 1 for their class and 0 for others, less the share of the class among them.
 * @param {Uint8Array} labels of all images
 * @param {number[] | Uint32Array} images their numbers
 * @returns {{ targets: Float64Array, shares: number[] }} classes x images
 */
export function centredTargets(labels, images) {
  const shares = new Array(CLASSES).fill(0);
  for (const image of images) shares[labels[image]] += 1 / images.length;
  const targets = new Float64Array(CLASSES * images.length);
  for (let one = 0, i = 0; one < CLASSES; ++one) {
    for (const image of images) targets[i++] = (labels[image] === one ? 1 : 0) - shares[one];
  }
  return { targets, shares };
}

/**
 * The penalty under which most held-out images were classified rightly, the largest of several.
 * @param {{ held: ArrayLike<number>, classes: Uint8Array[] }[]} folds numbers of the images held out, and their classes for
 *   each penalty
 * @param {Uint8Array} labels
 * @returns {{ penalty: number, validation: number, heldOut: number }}
 */
export function choosePenalty(folds, labels) {
  const right = PENALTIES.map((_, at) =>
    folds.reduce((sum, { held, classes }) => sum + countRight(classes[at], labels, held), 0),
  );
  const heldOut = folds.reduce((sum, { held }) => sum + held.length, 0);
  const best = right.lastIndexOf(Math.max(...right));
  return { penalty: PENALTIES[best], validation: right[best] / heldOut, heldOut };
}

/** How many of these images have the class that was found. */
function countRight(classes, labels, images) {
  let right = 0;
  for (let i = 0; i < images.length; ++i) if (classes[i] === labels[images[i]]) right += 1;
  return right;
}

/** The whole numbers from `from` up to, without, `to`. */
export const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);
