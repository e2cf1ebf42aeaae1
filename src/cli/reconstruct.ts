// One picture through one layer: encoded once, reconstructed three ways, each way timed and measured.

import { psnr, relativeError } from "../image/metrics.js";
import { type Layer, type Method, type Picture, type Report, type Stopped, toImageData } from "../index.js";
import { differenceMap } from "./pictures/difference.js";
import type { PlanarImage } from "./pictures/planar.js";
import type { Steps } from "./progress.js";
import { similarity } from "./similarity.js";
import { timed } from "./timed.js";

/** What --json prints of one reconstruction. */
export interface Result {
  method: Method;
  relativeError: number;
  /** null: no error at all. */
  psnr: number | null;
  /** null: the picture is smaller than the window. */
  ssim: number | null;
  iterations: number;
  stopped: Stopped;
  milliseconds: number;
}

export interface Reconstruction {
  result: Result;
  picture: Picture;
  difference: Picture;
  residuals: number[];
}

export interface SolverOptions {
  iterations: number;
  tolerance?: number;
}

export function reconstruct(
  layer: Layer,
  image: PlanarImage,
  original: Picture,
  options: SolverOptions,
  progress: Steps,
): { encodeMilliseconds: number; reconstructions: Reconstruction[] } {
  const { planes, width, height } = image;
  const solver = { ...options, onStep: (iteration: number) => progress.at(iteration) };

  const measure = (method: Method, run: () => { estimate: Float32Array; report: Report }): Reconstruction => {
    const [{ estimate, report }, milliseconds] = timed(run);
    progress.stage(`measuring ${method}`);
    const picture = toImageData(estimate, width, height);
    const decibels = psnr(estimate, planes);
    const { iterations, stopped, residuals } = report;
    return {
      result: {
        method,
        relativeError: relativeError(estimate, planes),
        psnr: decibels === Infinity ? null : decibels,
        ssim: similarity(original, picture),
        iterations,
        stopped,
        milliseconds,
      },
      picture,
      difference: differenceMap(estimate, image),
      residuals: [...residuals],
    };
  };

  progress.stage("encoding");
  const [code, encodeMilliseconds] = timed(() => layer.encode(planes));

  progress.stage("synthesis");
  const synthesis = measure("synthesis", () => ({
    estimate: layer.decode(code, { method: "synthesis" }),
    report: layer.report,
  }));

  progress.stage("iterative hard thresholding", options.iterations);
  const thresholding = measure("iht", () => {
    const sparse = layer.sparsify(planes, { ...solver, method: "iht" });
    return { estimate: layer.decode(sparse), report: sparse.report };
  });

  progress.stage("least squares", options.iterations);
  const leastSquares = measure("least-squares", () => ({
    estimate: layer.decode(code, { ...solver, method: "least-squares" }),
    report: layer.report,
  }));

  return { encodeMilliseconds, reconstructions: [synthesis, thresholding, leastSquares] };
}

/** Steps of progress that `reconstruct` reports. */
export function progressSteps({ iterations }: SolverOptions): number {
  return 2 * iterations + 5;
}
