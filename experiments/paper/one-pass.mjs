// One feed-forward pass over random codes in the paper's 1-D setting (section 4, Figure 2), in each way in which its
// words can be read. All products are the kernel's.
//
//   x = W'z,  z in M_k;   h = W x;   x^ = W' of what a reading keeps of h

import { createLayerSync } from "../../build/index.js";
import { drawCode, norm, relativeError, uniform } from "./statistics.mjs";

/** l x M x K = 5 x 32 x 96, D = 32, k = 10 non-zeros, uniform on [-1, 1]. */
export const SETTING = { channels: 32, length: 32, filters: 96, kernel: 5, k: 10 };

/**
 * A function that measures a code; see `readings` in rip-1d.mjs for what the numbers are.
 * @param {{ seed: number, channels?: number, length?: number, unitNorm?: boolean }} spec filters N(0, 1/(M l)), or of
 *   norm 1 each
 * @returns {{ layer: import("../../src/layer.js").Layer, positions: number, measure: (z: import("../../src/layer.js").Code)
 *   => Record<keyof typeof import("./rip-1d.mjs").readings, number> }} `positions` n, of a filter
 */
export function onePass({ seed, channels = SETTING.channels, length = SETTING.length, unitNorm = false }) {
  const { filters, kernel } = SETTING;
  const spec = { input: { channels, length }, filters, kernel, seed, unitNorm };
  const layer = createLayerSync({ ...spec, pool: "global" });
  const everything = createLayerSync({ ...spec, pool: 1 });
  // pools by the largest value; all 28 activations of a filter are never below 0, where ReLU would keep none
  const signed = createLayerSync({ ...spec, pool: "global", rectifier: "relu" });
  const synthesis = (values, switches) => layer.decode({ kind: "sparse", values, switches });
  const positions = length - kernel + 1;

  /** `z` is of layer.codeShape. */
  const measure = (z) => {
    const k = z.values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
    const onSupport = (values) => values.map((value, i) => (z.values[i] === 0 ? 0 : value));
    const x = synthesis(z.values, z.switches);
    const h = everything.encode(x).values;
    const ofSupport = onSupport(layer.encode(x, { switches: z.switches }).values);
    const pooled = layer.encode(x);
    const known = largest(pooled, k);
    const highest = largest(signed.encode(x), k);
    const size = norm(z.values);
    const error = ({ values, switches }) => relativeError(synthesis(values, switches), x);
    const estimate = synthesis(known.values, known.switches);
    return {
      synthesis: norm(x) / size,
      all: norm(h) / size,
      support: norm(ofSupport) / size,
      kept: norm(known.values) / size,
      trueSupport: error({ values: ofSupport, switches: z.switches }),
      trueFilters: error({ values: onSupport(pooled.values), switches: pooled.switches }),
      known: relativeError(estimate, x),
      scaled: relativeError(bestScale(estimate, x), x),
      fixed: error({ values: known.values, switches: known.switches.map(() => 0) }),
      signed: error(highest),
    };
  };
  return { layer, positions, measure };
}

/**
 * The k entries of largest magnitude: the block-sparsification of M(z, k). Among equals the first ones.
 * @param {import("../../src/layer.js").Code} code
 */
export function largest({ values, switches }, k) {
  const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]) || a - b);
  const kept = new Float32Array(values.length);
  for (const i of order.slice(0, k)) kept[i] = values[i];
  return { values: kept, switches };
}

/** estimate times the number that brings it closest to x. */
function bestScale(estimate, x) {
  let product = 0;
  x.forEach((value, i) => {
    product += value * estimate[i];
  });
  const scale = product / norm(estimate) ** 2;
  return estimate.map((value) => scale * value);
}

/**
 * Random codes of a layer: a function that gives another one each time, in the same arrays.
 * @param {import("../../src/layer.js").Layer} layer
 * @returns {() => import("../../src/layer.js").Code}
 */
export function randomCodes(layer, k, seed) {
  const [filters, rows, columns] = layer.codeShape;
  const { geometry } = layer;
  const entries = filters * rows * columns;
  const draw = uniform(seed);
  const order = Uint32Array.from({ length: entries }, (_, i) => i);
  const Switches = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[geometry.switchBytes];
  const code = { values: new Float32Array(entries), switches: new Switches(entries) };
  return () => {
    drawCode(draw, k, geometry.pool[0] * geometry.pool[1], code, order);
    return code;
  };
}
