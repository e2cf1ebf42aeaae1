// What the experiments do to a tile: encode it, round the values as a file would, and decode.

import { createLayerSync } from "../../build/index.js";
import { quantise } from "../../build/quantise.js";

/**
 * @typedef {import("../../src/geometry.js").LayerSpec} LayerSpec
 * @typedef {{ spec: LayerSpec, values?: import("../../src/code/quantise.js").ValueFormat, iterations?: number }} Work
 * @param {Work} work without `values` they stay float32.
 */
export function openLayer({ spec, values, iterations = 100 }) {
  const layer = createLayerSync(spec);
  return {
    memoryBytes: layer.memoryBytes,
    /** @param {Float32Array} tile */
    thereAndBack(tile) {
      const code = layer.encode(tile);
      const rounded = values ? quantise(code.values, layer.codeShape[0], values) : code;
      const noise = "noise" in rounded ? rounded.noise : 0;
      const planes = layer.decode({ ...code, values: rounded.values }, { iterations, noise });
      return { planes, iterations: layer.report?.iterations ?? 0 };
    },
  };
}
