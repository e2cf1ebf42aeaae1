// A tile, encoded and reconstructed in one way.

import { quantise, type ValueFormat } from "../../code/quantise.js";
import type { Code, Layer, LayerSpec, Report, Solver, Stopped } from "../../index.js";
import {
  asDecoder,
  askedIterations,
  asSparsifier,
  isSparsifier,
  type MethodName,
  type MethodOptions,
} from "../methods.js";
import { giveBack, layerOf } from "../models.js";
import { timed } from "../timed.js";
import type { OnStep } from "./jobs.js";

export interface SolverOptions extends MethodOptions {
  tolerance?: number;
  inequalities: boolean;
  quantise?: ValueFormat;
}

export interface InvertJob {
  spec: LayerSpec;
  /** channels x height x width. */
  planes: Float32Array;
  method: MethodName;
  options: SolverOptions;
}

export interface InvertedTile {
  /** channels x height x width. */
  estimate: Float32Array;
  encodeMilliseconds: number;
  /** Of the code that encode made; undefined: its values are those of float32. */
  rounding: TileRounding | undefined;
  run: TileRun;
}

/** How the values of a tile were rounded. */
export interface TileRounding {
  /** Standard deviation of the errors, as the decoder is told. */
  noise: number;
  /** Sums of squares: of the errors, and of the values before. */
  errors: number;
  values: number;
}

/** How a tile was reconstructed. */
export interface TileRun {
  solver: Solver | undefined;
  reason: string;
  iterations: number;
  stopped: Stopped;
  products: number;
  /** NaN where switches were not estimated. */
  poolResidual: number;
  /** After each iteration, relative to what the method began with. */
  residuals: number[];
  /** Sum of squares of that: of the code's values, or of the input for a sparse code. */
  weight: number;
  /** Of the decoder alone. */
  milliseconds: number;
}

export async function invertTile(
  { spec, planes, method, options }: InvertJob,
  onStep?: OnStep,
): Promise<InvertedTile> {
  const layer = await layerOf(spec);
  const [code, encodeMilliseconds] = timed(() => layer.encode(planes));
  const stored = rounded(code, layer, options.quantise);
  const sparse = isSparsifier(method);
  const [[estimate, report], milliseconds] = timed(() =>
    sparse
      ? sparsified(layer, planes, method, options, onStep)
      : decoded(layer, stored, method, options, onStep),
  );
  const { solver, reason, iterations, stopped, products, poolResidual, residuals } = report;
  giveBack(layer);
  return {
    estimate,
    encodeMilliseconds,
    rounding: options.quantise && {
      noise: stored.noise,
      errors: squares(code.values, stored.code.values),
      values: squares(code.values),
    },
    run: {
      ...{ solver, reason, iterations, stopped, products, poolResidual },
      residuals: [...residuals],
      weight: squares(sparse ? planes : stored.code.values),
      milliseconds,
    },
  };
}

function decoded(
  layer: Layer,
  { code, noise }: Stored,
  method: MethodName,
  options: SolverOptions,
  onStep?: OnStep,
): [estimate: Float32Array, report: Report] {
  const { tolerance, switches, inequalities } = options;
  // whoever does not know the switches is not handed them
  const known = switches === "known" ? code : { values: code.values };
  const estimate = layer.decode(known, {
    iterations: askedIterations(method, options),
    ...{ tolerance, onStep, switches, inequalities, noise },
    method: asDecoder(method),
  });
  return [estimate, layer.report];
}

function sparsified(
  layer: Layer,
  planes: Float32Array,
  method: MethodName,
  options: SolverOptions,
  onStep?: OnStep,
): [estimate: Float32Array, report: Report] {
  const { report, ...code } = layer.sparsify(planes, {
    iterations: askedIterations(method, options),
    ...{ tolerance: options.tolerance, onStep },
    method: asSparsifier(method),
  });
  return [layer.decode(rounded(code, layer, options.quantise).code), report];
}

interface Stored {
  code: Code;
  noise: number;
}

/** The code as it is stored, and the noise of that. */
function rounded(code: Code, { codeShape }: Layer, format: ValueFormat | undefined): Stored {
  if (!format) return { code, noise: 0 };
  const { values, noise } = quantise(code.values, codeShape[0], format);
  return { code: { ...code, values }, noise };
}

/** The sum of squares of the numbers, or of their differences from others. */
function squares(numbers: Float32Array, others?: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; ++i) {
    const difference = numbers[i]! - (others ? others[i]! : 0);
    sum += difference * difference;
  }
  return sum;
}
