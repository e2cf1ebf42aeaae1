// The paper's reconstruction: one step, x^ = W'M(W x), scaled to the norm of x.

import { norm } from "./statistics.mjs";

/** estimate, scaled to the norm of x. */
export function scaledTo(x, estimate) {
  const factor = norm(x) / norm(estimate);
  return estimate.map((value) => factor * value);
}

/**
 * x^ of a layer, scaled to the norm of x.
 * @param {import("../../src/layer.js").Layer} layer
 * @param {Float32Array} x
 * @param {import("../../src/layer.js").Code} code what the layer keeps of x
 */
export function oneStep(layer, x, code = layer.encode(x)) {
  return scaledTo(x, layer.decode({ ...code, kind: "sparse" }));
}

/**
 * Regions that keep their largest entry, which may be negative: not that of largest magnitude, and not, as with ReLU,
 * none where all are negative. `values` and `switches` are the code; `layer` with `lifted` is the same with all entries
 * raised above 0 by a bias: there the largest entry is what ReLU keeps, and decoding knows that none exceeds it.
 * @param {(more?: object) => import("../../src/layer.js").Layer} make a layer without biases, with such fields more
 * @param {Float32Array} x
 */
export function keepLargest(make, x) {
  const unlifted = make();
  const most = unlifted.encode(x).values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // a power of two loses the fewest bits
  const lift = 2 ** Math.ceil(Math.log2(most) + 1);
  const bias = new Float32Array(unlifted.geometry.filters).fill(lift);
  const layer = make({ rectifier: "relu", bias });
  const lifted = layer.encode(x);
  return { layer, lifted, values: lifted.values.map((value) => value - lift), switches: lifted.switches };
}
