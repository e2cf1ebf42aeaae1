// One picture through one layer: encoded once, reconstructed in several ways, each timed and measured.

import { quantise, type ValueFormat } from "../code/quantise.js";
import { psnr, relativeError } from "../image/metrics.js";
import {
  type Code,
  type Layer,
  type Picture,
  type Report,
  type Solver,
  type Stopped,
  toImageData,
} from "../index.js";
import type { PlanarImage } from "../pictures/planar.js";
import {
  asDecoder,
  askedIterations,
  asSparsifier,
  isSparsifier,
  type MethodName,
  type MethodOptions,
  methodsOf,
  mostIterations,
} from "./methods.js";
import { differenceMap } from "./pictures/difference.js";
import type { Steps } from "./progress.js";
import { similarity } from "./similarity.js";
import { timed } from "./timed.js";

/** What --json prints of one reconstruction. */
export interface Result {
  method: MethodName;
  /** Of least squares: the solver that ran, and why that one. */
  solver: Solver | null;
  reason: string | null;
  relativeError: number;
  /** null: no error at all. */
  psnr: number | null;
  /** null: the picture is smaller than the window. */
  ssim: number | null;
  iterations: number;
  stopped: Stopped;
  /** Work, in units of one W x over all that pooling sees. */
  products: number;
  /** |max - |v|| / |v| of the reconstruction's own maxima; null where the switches were not estimated. */
  poolResidual: number | null;
  milliseconds: number;
}

export interface Reconstruction {
  result: Result;
  picture: Picture;
  difference: Picture;
  residuals: number[];
}

/** How the values were rounded before decoding. */
export interface Rounding {
  format: ValueFormat;
  /** |rounded - values| / |values|. */
  relativeError: number;
  /** Standard deviation of the errors, as the decoders are told. */
  noise: number;
}

export interface SolverOptions extends MethodOptions {
  tolerance?: number;
  inequalities: boolean;
  quantise?: ValueFormat;
}

export interface Reconstructed {
  encodeMilliseconds: number;
  /** Of the code that encode made; null: its values are those of float32. */
  rounding: Rounding | null;
  reconstructions: Reconstruction[];
}

export function reconstruct(
  layer: Layer,
  image: PlanarImage,
  original: Picture,
  options: SolverOptions,
  progress: Steps,
): Reconstructed {
  const { planes, width, height } = image;
  const { tolerance, switches, inequalities, quantise: format } = options;

  const measure = (method: MethodName, run: () => { estimate: Float32Array; report: Report }) => {
    const [{ estimate, report }, milliseconds] = timed(run);
    progress.stage(`measuring ${method}`);
    const picture = toImageData(estimate, width, height);
    const decibels = psnr(estimate, planes);
    const { solver = null, reason, iterations, stopped, products, poolResidual, residuals } = report;
    return {
      result: {
        ...{ method, solver, reason: reason || null },
        relativeError: relativeError(estimate, planes),
        psnr: decibels === Infinity ? null : decibels,
        ssim: similarity(original, picture),
        ...{ iterations, stopped, products },
        poolResidual: Number.isNaN(poolResidual) ? null : poolResidual,
        milliseconds,
      },
      picture,
      difference: differenceMap(estimate, image),
      residuals: [...residuals],
    };
  };

  progress.stage("encoding");
  const [code, encodeMilliseconds] = timed(() => layer.encode(planes));
  const [stored, noise] = rounded(code, layer, format);
  // whoever does not know the switches is not handed them
  const known = switches === "known" ? stored : { values: stored.values };

  const reconstructions = methodsOf(options).map((method) => {
    const most = mostIterations(method, options);
    const onStep = (step: number) => progress.at(Math.min(step, most));
    const solver = { iterations: askedIterations(method, options), tolerance, onStep };
    progress.stage(method, most);
    if (!isSparsifier(method)) {
      return measure(method, () => ({
        estimate: layer.decode(known, {
          ...solver,
          method: asDecoder(method),
          switches,
          inequalities,
          noise,
        }),
        report: layer.report,
      }));
    }
    return measure(method, () => {
      const { report, ...sparse } = layer.sparsify(planes, { ...solver, method: asSparsifier(method) });
      const [values] = rounded(sparse, layer, format);
      return { estimate: layer.decode(values), report };
    });
  });

  const rounding = format
    ? { format, relativeError: relativeError(stored.values, code.values), noise }
    : null;
  return { encodeMilliseconds, rounding, reconstructions };
}

/** The code as it is stored, and the noise of that. */
function rounded(code: Code, { codeShape }: Layer, format: ValueFormat | undefined): [Code, noise: number] {
  if (!format) return [code, 0];
  const { values, noise } = quantise(code.values, codeShape[0], format);
  return [{ ...code, values }, noise];
}

/** Steps of progress that `reconstruct` reports. */
export function progressSteps(options: SolverOptions): number {
  // encoding; each method, and measuring it
  return methodsOf(options).reduce((sum, method) => sum + mostIterations(method, options) + 1, 1);
}
