// This project, as built in ../build.

import { readFileSync } from "node:fs";
import { timed } from "../measure.mjs";
import { layerSpec, sizes } from "../works.mjs";

const built = await import("../../build/index.js").catch((cause) => {
  throw new Error("build/index.js does not load: run `npm run build` in the root first", { cause });
});
export const { createLayer, estimateMemory } = built;
export const { scene } = await import("../../build/scene.js");

/** Least squares of which every iteration costs the same: conjugate gradients with column scaling, nothing else. */
export const EQUATIONS = { method: "scaled", inequalities: false };

export const name = "unpool";
export const kind = "unpool";
export const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/**
 * Milliseconds of one step of a solver, between the first and the last of `calls` + 1 steps: packing the input
 * and handing out the result lie outside, as they do for a peer that keeps its state.
 */
function stepTime(calls, solve) {
  let first = 0;
  let last = 0;
  let steps = -1;
  solve({
    iterations: calls + 1,
    tolerance: 0,
    onStep() {
      last = performance.now();
      if (++steps === 0) first = last;
    },
  });
  if (steps < 1) throw new Error("a solver ended in its first step");
  return (last - first) / steps;
}

/** Opens a work with the filters of a seed. A batch is a loop over its items. */
export async function open(work, seed) {
  const layer = await createLayer({ ...layerSpec(work), seed });
  const { numbers, entries } = sizes(work);
  const itemsOf = (images) =>
    Array.from({ length: work.batch }, (_, i) => images.subarray(i * numbers, (i + 1) * numbers));

  /** The codes of all items as one, in the terms of check.mjs, with their signed values. */
  function joined(codes) {
    const values = new Float32Array(work.batch * entries);
    const switches = new Uint8Array(work.batch * entries);
    codes.forEach((code, i) => {
      values.set(code.values, i * entries);
      switches.set(code.switches, i * entries);
    });
    return { values, switches, keys: values.map(Math.abs) };
  }

  const overBatch = (items, time) => items.reduce((sum, item) => sum + time(item), 0);

  return {
    layer,
    weights: layer.weights,
    encodings(images) {
      const items = itemsOf(images);
      const out = layer.encode(items[0]);
      return [
        {
          name,
          by: name,
          sample: timed(() => {
            for (const item of items) layer.encode(item);
          }),
          code: () => joined(items.map((item) => layer.encode(item))),
        },
        {
          name: `${name}, with out`,
          by: name,
          sample: timed(() => {
            for (const item of items) layer.encode(item, { out });
          }),
        },
      ];
    },
    /** Steps of "iht" from zero. */
    thresholding(images, step) {
      const items = itemsOf(images);
      const { keep: k } = work;
      return {
        name: `${name}, IHT`,
        by: name,
        sample: async (calls) =>
          overBatch(items, (item) =>
            stepTime(calls, (options) => layer.sparsify(item, { method: "iht", k, step, ...options })),
          ),
        codeAfter: (iterations) =>
          joined(
            items.map((item) => layer.sparsify(item, { method: "iht", k, step, tolerance: 0, iterations })),
          ),
      };
    },
    /** Steps of least squares from the codes of the images. */
    leastSquares(images) {
      const codes = itemsOf(images).map((item) => layer.encode(item));
      return {
        name: `${name}, least squares`,
        by: name,
        sample: async (calls) =>
          overBatch(codes, (code) =>
            stepTime(calls, (options) => layer.decode(code, { ...EQUATIONS, ...options })),
          ),
      };
    },
    close: () => layer.dispose(),
  };
}
