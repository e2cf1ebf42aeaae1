// Table 1: how well a linear classifier does on what layers of random filters make of CIFAR-10's images.

import { join } from "node:path";
import { openCifar10 } from "./cifar10.mjs";
import { CHUNK } from "./classification/gram.mjs";
import { KERNELS, planFor } from "./classification/plans.mjs";
import { openStudy, randomLayers } from "./classification/study.mjs";
import { summarise } from "./classification/summary.mjs";
import { FOLDS } from "./classification/targets.mjs";
import { Failure } from "./files.mjs";
import { CIFAR10_QUICK_FILE } from "./models.mjs";

export { figures, markdown } from "./classification/report.mjs";

export const title = "Table 1: random filters classify CIFAR-10";
export const claim =
  "Section 4.1, Table 1: a linear classifier on one, two and three layers of random filters (convolution, ReLU, batch " +
  "normalisation, 2 × 2 max pooling) classifies 66.5 %, 74.6 % and 74.8 % of CIFAR-10's test images, on layers of learned " +
  "filters 68.1 %, 83.3 % and 89.3 %.";
export const needs = ["cifar10", "filters"];

/** Layers of cifar10_quick that give features; the whole network has two linear ones more. */
const LEARNED = { depths: [1, 2, 3], whole: 5 };

/** Training images: each fold has a piece. */
const LEAST = FOLDS * CHUNK;

export async function result({ quick, seed, data, cifar10, progress, limit }) {
  const images = openCifar10(cifar10);
  if (images.train.count < LEAST) {
    throw new Failure(
      `${cifar10} has ${images.train.count} training images; cross-validation takes ${LEAST} at least`,
    );
  }
  const plan = planFor(images.train.count, quick);
  const study = openStudy({
    images,
    plan,
    weights: join(data("filters"), CIFAR10_QUICK_FILE),
    progress,
    limit,
  });
  try {
    const kernels = [];
    for (const candidates of KERNELS) kernels.push(await study.chooseKernels(candidates, seed));
    const pixels = await study.fit({ kind: "pixels" }, true);
    const random = [];
    for (const network of plan.networks) {
      const chosen = kernels[network.depth - 1].chosen;
      const fits = [];
      for (let draw = 0; draw < network.seeds; ++draw) {
        fits.push(await study.fit(randomLayers(network, chosen, seed + draw), network.curve));
      }
      random.push({ network, kernels: chosen, fits });
    }
    const learned = [];
    for (const depth of LEARNED.depths) learned.push(await study.fit(study.learnedLayers(depth), false));
    const trained = await study.largestOutput(study.learnedLayers(LEARNED.whole));
    return summarise({ labels: study.labels, kernels, pixels, random, learned, trained });
  } finally {
    await study.close();
  }
}
