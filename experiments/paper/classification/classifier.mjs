// The linear classifier: ridge regression of the classes, each 1 for its images and 0 for others, on standardised
// features; the largest of ten wins. The penalty is the one under which training images that were held out are classified
// best; the test images are looked at once.
//
// Of n images with D features the solution comes from the n x n products of images or from the D x D products of
// features, whichever is smaller. With ml-matrix, the numeric library that is most used here, products run at 0.3 and a
// Cholesky factorisation at 0.15 thousand million multiplications a second: a quarter of an hour for what takes this
// 10 s.

import { classifyByFeatures } from "./by-features.mjs";
import { classifyByImages, hold } from "./by-images.mjs";

/**
 * @typedef {{ width: number, train: string[], test: string[] }} Store features as computeFeatures gives them
 * @typedef {{ train: Uint8Array, test: Uint8Array }} Labels
 * @typedef {{ images: number, penalty: number, validation: number, heldOut: number,
 *   classes?: Uint8Array }} Fit of the first `images`; `validation`: share of the `heldOut` training images that were
 *   classified rightly when they were held out; `classes`: of the test images, if there are any
 */

/**
 * A classifier of the first training images for each of `sizes`, tried on all test images.
 * @param {Store} store
 * @param {Labels} labels
 * @param {number[]} sizes each a multiple of CHUNK, or all
 * @param {(task: any) => Promise<any>} run a thread pool's
 * @returns {Promise<Fit[]>}
 */
export async function classify(store, labels, sizes, run) {
  const { width } = store;
  const few = (images) => images <= width;
  const most = Math.max(0, ...sizes.filter(few));
  const halves = most > 0 ? hold(store, most, labels.test.length) : undefined;
  const fits = [];
  for (const images of sizes) {
    fits.push(
      await (few(images)
        ? classifyByImages({ width, halves, labels, images, run })
        : classifyByFeatures({ store, labels, images, run })),
    );
  }
  return fits;
}
