// Codes recovered from activations by the paper's Algorithm 2, and how long W'z is beside them.
//
//   z1 = argmin |x - W'z|^2 + lambda |z|_1;  z2 = M_known(z1, k);  the same problem again on the support of z2
//
// The layer's "algorithm-2" takes z1 with one entry a region already: M_known's switches are chosen in each iteration.

import { ratios } from "./ratios.mjs";
import { mean, relativeError, round, summary, uniform } from "./statistics.mjs";

/** Shares of the least lambda that gives zero, 2 max |W x|. */
const LAMBDAS = [0.3, 0.1, 0.03, 0.01, 0.003];
/** The lambda that counts is the largest that leaves so much of the k non-zeros, in the mean; else the smallest. */
const ENOUGH = 0.9;
/** Of the l1 problem; the tolerance is of the duality gap over |x|^2. */
const ITERATIONS = 300;
const TOLERANCE = 1e-3;

/**
 * The ratios of codes of `inputs`, with the lambda that is chosen, and what every lambda gives.
 * @param {import("../../src/layer.js").Layer} layer without biases
 * @param {Float32Array[]} inputs
 * @param {{ k: number, seed: number }} options `k` non-zeros; `seed` of random signs
 * @param {(lambda: number) => void} onLambda called before each
 */
export function recoveredRatios(layer, inputs, { k, seed }, onLambda) {
  const tried = LAMBDAS.map((lambda) => {
    onLambda(lambda);
    return { lambda, codes: inputs.map((x) => recover(layer, x, k, lambda)) };
  });
  const chosen = tried.find(({ codes }) => mean(codes.map(({ share }) => share)) >= ENOUGH) ?? tried.at(-1);
  const draw = uniform(seed);
  const flipped = chosen.codes.map(({ values, switches }) => {
    const signs = { values: values.map((value) => (draw() < 0.5 ? -value : value)), switches };
    return ratios(layer, signs).synthesis;
  });
  const of = (name) => chosen.codes.map((code) => code[name]);
  return {
    lambda: chosen.lambda,
    residual: round(mean(of("residual")), 3),
    synthesis: summary(of("synthesis")),
    support: summary(of("support")),
    randomSigns: summary(flipped),
    each: of("synthesis").map((value) => round(value, 3)),
    lambdas: tried.map((one) => {
      const average = (name, digits) => round(mean(one.codes.map((code) => code[name])), digits);
      return {
        ...{ lambda: one.lambda, nonZero: average("share", 2) },
        ...{ residual: average("residual", 3), synthesis: average("synthesis", 3) },
      };
    }),
  };
}

/** One code: what it is, its ratios, |x - W'z| / |x|, and the share of its k entries that are not zero. */
function recover(layer, x, k, lambda) {
  const options = { method: "algorithm-2", k, lambda, iterations: ITERATIONS, tolerance: TOLERANCE };
  const { values, switches } = layer.sparsify(x, /** @type {any} */ (options));
  const estimate = layer.decode({ kind: "sparse", values, switches });
  const share = values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0) / k;
  return {
    values,
    switches,
    share,
    residual: relativeError(estimate, x),
    ...ratios(layer, { values, switches }),
  };
}
