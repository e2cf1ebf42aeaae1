// The layers of the conformance program as the thirteen numbers and the arrays that the flat interface takes:
// written without the library, from the specifications alone.

import type { LayerSpec, Pair } from "../../src/geometry.js";
import { FILTER_SEEDS, numbers, SPECS } from "../conformance/specs.js";

/** One layer and its input, for a host that reads JSON: arrays are base64 of their bytes. */
export interface Work {
  /** configure's arguments. */
  shape: number[];
  seed: number;
  unitNorm: boolean;
  weights?: string;
  bias?: string;
  input: string;
}

/** By the titles of test/conformance/digests.json. */
export interface Works {
  filters: Record<string, Work>;
  layers: Record<string, Work>;
}

export function works(): Works {
  const filters = FILTER_SEEDS.map((seed) => {
    const spec = { input: { channels: 3, height: 5, width: 7 }, filters: 61, kernel: [5, 7] as const, seed };
    return [`filters, seed ${seed}`, workOf(spec, 0)] as const;
  });
  const layers = Object.entries(SPECS).map(([title, spec], index) => {
    return [`${String(index + 1).padStart(2, "0")} ${title}`, workOf(spec, index)] as const;
  });
  return { filters: Object.fromEntries(filters), layers: Object.fromEntries(layers) };
}

function workOf(spec: LayerSpec, index: number): Work {
  const { input, filters, rectifier = "none", seed = 0, unitNorm = false, weights, bias } = spec;
  const signal = "length" in input;
  const [height, width] = signal ? [1, input.length] : [input.height, input.width];
  // a number stands for both axes, of a signal for its length alone
  const pair = (value: Pair, across: number) =>
    typeof value === "number" ? [signal ? across : value, value] : [...value];
  const kernel = pair(spec.kernel, 1);
  const stride = pair(spec.stride ?? 1, 1);
  const padding = pair(spec.padding ?? 0, 0);
  const output = [height, width].map((size, axis) =>
    Math.floor((size + 2 * padding[axis]! - kernel[axis]!) / stride[axis]! + 1),
  );
  const pool = spec.pool === "global" ? output : pair(spec.pool ?? 1, 1);
  const kind = ["none", "relu", "crelu"].indexOf(rectifier);
  return {
    shape: [input.channels, height, width, filters, ...kernel, ...stride, ...padding, ...pool, kind],
    seed,
    unitNorm,
    weights: weights && base64(weights),
    bias: bias && base64(bias),
    input: base64(numbers(input.channels * height * width, index)),
  };
}

function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
