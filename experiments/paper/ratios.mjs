// How long W'z and W W'z are beside a code z of M_k: the quantities of the model-RIP and of the paper's Figure 3.

import { randomCodes } from "./one-pass.mjs";
import { norm } from "./statistics.mjs";

/**
 * |W'z| / |z|, and |(W W'z)_S| / |z|, S the support of z.
 * @param {import("../../src/layer.js").Layer} layer without biases
 * @param {{ values: Float32Array, switches: any }} z
 */
export function ratios(layer, { values, switches }) {
  const x = layer.decode({ kind: "sparse", values, switches });
  const back = layer.encode(x, { switches }).values;
  const size = norm(values);
  return {
    synthesis: norm(x) / size,
    support: norm(back.map((value, i) => (values[i] === 0 ? 0 : value))) / size,
  };
}

/**
 * The ratios of random codes with k non-zeros, uniform on [-1, 1], or, if `positive`, on [0, 1].
 * @returns {{ synthesis: number[], support: number[] }}
 */
export function randomRatios(layer, k, count, { seed, positive = false }, onCode = (_done) => {}) {
  const next = randomCodes(layer, k, seed);
  const result = { synthesis: [], support: [] };
  for (let i = 0; i < count; ++i) {
    const { values, switches } = next();
    const { synthesis, support } = ratios(layer, {
      values: positive ? values.map(Math.abs) : values,
      switches,
    });
    result.synthesis.push(synthesis);
    result.support.push(support);
    onCode(i + 1);
  }
  return result;
}
