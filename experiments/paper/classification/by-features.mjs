// Ridge regression from the products of features with each other: for more images than features. Pieces are read again
// and again, images are never all in memory.

import { CLASSES } from "../cifar10.mjs";
import { readPiece } from "./features.mjs";
import { CHUNK } from "./gram.mjs";
import { openMoments } from "./moments.mjs";
import { choosePenalty, FOLDS, PENALTIES, range } from "./targets.mjs";

/** Features whose products with others one task computes. */
const ROWS = 1024;
/** Features of which the products over each fold are kept apart. Of more, one fold alone is held out. */
const MANY = 4096;

/**
 * @param {{ store: import("./classifier.mjs").Store, labels: import("./classifier.mjs").Labels, images: number,
 *   run: (task: any) => Promise<any>, many?: number }} options `images`: the first so many; with more than `many` features
 *   one fold alone is held out
 * @returns {Promise<import("./classifier.mjs").Fit>}
 */
export async function classifyByFeatures({ store, labels, images: size, run, many = MANY }) {
  const { width } = store;
  const groups = width <= many ? FOLDS : 2;
  const pieces = range(0, Math.ceil(size / CHUNK)).map((at) => ({
    path: store.train[at],
    images: range(at * CHUNK, Math.min(size, (at + 1) * CHUNK)),
    group: Math.min(at % FOLDS, groups - 1),
  }));
  const moments = openMoments(width, groups);
  for (const { path, images, group } of pieces) {
    moments.add(readPiece(path), labels.train.subarray(images[0], images[0] + images.length), group);
  }
  const standard = moments.standard();
  const all = range(0, groups);
  const matrices = all.map(() => new SharedArrayBuffer(4 * width * width));
  const blocks = range(0, Math.ceil(width / ROWS)).reverse();
  await Promise.all(
    all.flatMap((group) => {
      const paths = pieces.filter((piece) => piece.group === group).map(({ path }) => path);
      return blocks.map((block) => {
        const [from, to] = [block * ROWS, Math.min(width, (block + 1) * ROWS)];
        return run({ work: "featureProducts", paths, standard, matrix: matrices[group], from, to });
      });
    }),
  );
  const solve = (known, paths, penalties) => {
    const aims = targetsOf(moments, standard, known);
    const parts = known.map((group) => matrices[group]);
    return run({ work: "classifyFeatures", matrices: parts, standard, ...aims, paths, penalties });
  };
  const tried = await Promise.all(
    all.slice(0, groups === FOLDS ? FOLDS : 1).map(async (fold) => {
      const out = pieces.filter(({ group }) => group === fold);
      const known = all.filter((group) => group !== fold);
      const held = out.flatMap(({ images }) => images);
      return {
        held,
        classes: await solve(
          known,
          out.map(({ path }) => path),
          PENALTIES,
        ),
      };
    }),
  );
  const chosen = choosePenalty(tried, labels.train);
  const [classes] = store.test.length > 0 ? await solve(all, store.test, [chosen.penalty]) : [];
  return { images: size, ...chosen, classes };
}

/** Products of the standardised features with the centred targets: classes x features. */
function targetsOf({ sums, counts }, { width, centre, scale }, groups) {
  const sizes = range(0, CLASSES).map((one) => groups.reduce((sum, group) => sum + counts[group][one], 0));
  const total = sizes.reduce((a, b) => a + b);
  const shares = sizes.map((size) => size / total);
  const targets = new Float64Array(CLASSES * width);
  for (let column = 0; column < width; ++column) {
    const standardised = sizes.map((size, one) => {
      const sum = groups.reduce((part, group) => part + sums[group][one][column], 0);
      return (sum - size * centre[column]) * scale[column];
    });
    const whole = standardised.reduce((a, b) => a + b);
    standardised.forEach((sum, one) => {
      targets[one * width + column] = sum - shares[one] * whole;
    });
  }
  return { targets, shares };
}
