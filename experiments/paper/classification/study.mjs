// The parts of the experiment: each is computed once and kept in the cache, as a result of a few kilobytes.

import { join } from "node:path";
import { digestOf, openCache } from "./cache.mjs";
import { classify } from "./classifier.mjs";
import { computeFeatures, PIECE, readPiece } from "./features.mjs";
import { halfTable } from "./float16.mjs";
import { KERNELS, WHOLE } from "./plans.mjs";
import { openPool } from "./pool.mjs";

/** Where results and, until there is one, features are kept. */
const CACHE = join("build", "paper", "classification");
const NONE = { files: [], count: 0, labels: new Uint8Array() };

/** All that a result depends on besides its specification and its images: the programs. */
const PROGRAMS = [
  ...["kernel.wasm", "index.js", "network.js"].map((name) => `../../../build/${name}`),
  ...["../cifar10.mjs", "../models.mjs"],
  ...[
    "by-features",
    "by-images",
    "classifier",
    "extractor",
    "features",
    "float16",
    "gram",
    "moments",
    "products",
  ],
  ...["ridge", "targets", "worker"],
].map((name) => new URL(name.includes(".") ? name : `./${name}.mjs`, import.meta.url));

/**
 * @param {{ images: ReturnType<import("../cifar10.mjs").openCifar10>, plan: import("./plans.mjs").Plan,
 *   weights: string, progress: (done: number, total: number, what?: string) => void, limit?: () => unknown,
 *   root?: string, threads?: number }} options `weights`: path of the learned filters
 */
export function openStudy({ images, plan, weights, progress, limit, root = CACHE, threads }) {
  const train = firstOf(images.train, plan.train);
  const test = firstOf(images.test, plan.test);
  const labels = { train: train.labels, test: test.labels };
  const programs = digestOf([...PROGRAMS, weights]);
  const pool = openPool(threads);
  // async, so that a limit met while many tasks are handed out rejects as they do
  const run = async (task) => {
    limit?.();
    return pool.run(task);
  };
  let done = 0;
  const total = countParts(plan);

  /** One part of the work, from the cache if it is there: features, then what `finish` makes of them. */
  async function part(features, sets, name, finish) {
    const what = titleOf(features);
    progress(done, total, what);
    const counts = { train: sets.train.count, test: sets.test.count };
    const cache = openCache(root, { features, counts, images: images.digest, programs });
    if (!cache.has(name)) {
      const onPiece = (piece, pieces) => progress(done + (0.6 * piece) / pieces, total, what);
      const store = await computeFeatures({ features, ...sets, cache, run, onPiece });
      progress(done + 0.6, total, `${what}: classifier`);
      cache.write(name, JSON.stringify(await finish(store)));
      cache.drop(PIECE);
    }
    progress(++done, total, what);
    return JSON.parse(cache.read(name).toString());
  }

  /** Classifiers on these features, of all training images and, with `curve`, of fewer. */
  function fit(features, curve) {
    const sizes = [...(curve ? plan.curve.filter((size) => size < train.count) : []), train.count];
    return part(features, { train, test }, `fits-${sizes.join("-")}.json`, async (store) => ({
      width: store.width,
      fits: (await classify(store, labels, sizes, run)).map(plain),
    }));
  }

  /** Of kernels those with which most training images are classified rightly when they are held out. */
  async function chooseKernels(candidates, seed) {
    const sample = firstOf(train, plan.search.images);
    const tried = [];
    for (const kernels of candidates) {
      const filters = plan.search.filters.slice(0, kernels.length);
      const features = randomLayers({ filters, grid: WHOLE, order: "relu-norm" }, kernels, seed);
      const sets = { train: sample, test: NONE };
      const { validation } = await part(features, sets, "search.json", async (store) => {
        const [found] = await classify(
          store,
          { train: sample.labels, test: NONE.labels },
          [sample.count],
          run,
        );
        return { validation: found.validation };
      });
      tried.push({ kernels, validation });
    }
    const best = Math.max(...tried.map(({ validation }) => validation));
    return {
      tried,
      images: sample.count,
      chosen: tried.find(({ validation }) => validation === best).kernels,
    };
  }

  /** Of test images the number of the largest feature: the class that a whole network gives. */
  function largestOutput(features) {
    return part(features, { train: NONE, test }, "largest.json", async ({ width, test: paths }) =>
      paths.flatMap((path) => largestOf(readPiece(path), width)),
    );
  }

  const learnedLayers = (depth) => ({ kind: /** @type {const} */ ("learned"), path: weights, depth });
  return { labels, fit, chooseKernels, largestOutput, learnedLayers, close: pool.close };
}

/** A network of a plan as an extractor takes it. */
export function randomLayers({ filters, grid, order }, kernels, seed) {
  const layers = filters.map((count, depth) => ({ filters: count, kernel: kernels[depth] }));
  return { kind: /** @type {const} */ ("random"), layers, order, grid, seed };
}

/** Kernels to try, pixels, networks, and four of learned filters: three for their layers, one for all of them. */
function countParts({ networks }) {
  return KERNELS.flat().length + 1 + networks.reduce((sum, { seeds }) => sum + seeds, 0) + 4;
}

/** The first images of a set. */
function firstOf({ files, count, labels }, most) {
  const first = Math.min(count, most);
  return { files, count: first, labels: labels.subarray(0, first) };
}

function titleOf(features) {
  if (features.kind === "pixels") return "pixels";
  if (features.kind === "learned") return `learned filters, depth ${features.depth}`;
  const layers = features.layers.map(({ filters, kernel }) => `${filters} of ${kernel} × ${kernel}`);
  return `random filters, ${layers.join(", ")}`;
}

const plain = ({ classes, ...fit }) => ({ ...fit, classes: [...classes] });

/** Of each image the number of its largest feature. */
function largestOf(halves, width) {
  const table = halfTable();
  return Array.from({ length: halves.length / width }, (_, image) => {
    const values = Array.from(halves.subarray(image * width, (image + 1) * width), (half) => table[half]);
    return values.indexOf(Math.max(...values));
  });
}
