// What the table and the report say of an inversion.

import type { Encoding } from "./encoding.js";
import { count, decibels, mebibytes, milliseconds, percent, ratio, shape, similarity } from "./format.js";
import type { Inversion } from "./invert.js";
import { isSparsifier, iterates } from "./methods.js";
import { typedSize } from "./options.js";
import type { Result } from "./reconstruct.js";

export const COLUMNS = ["method", "relative error", "PSNR dB", "SSIM", "iterations", "stopped", "ms"];

/** Shorter than the library's words, for a column. */
const STOPPED: { [word in Result["stopped"]]?: string } = { discrepancy: "at noise" };

/** A row of the table; one step neither iterates nor stops. */
export function cells(result: Result): string[] {
  const step = !iterates(result.method);
  return [
    result.method,
    ratio(result.relativeError),
    decibels(result.psnr),
    similarity(result.ssim),
    step ? "–" : String(result.iterations),
    step ? "–" : (STOPPED[result.stopped] ?? result.stopped),
    milliseconds(result.milliseconds),
  ];
}

/** The same of an inversion, with what the decoders were given and how they went about it. */
export function inversionFacts(title: string, inversion: Inversion): [name: string, text: string][] {
  const all = facts(title, inversion);
  const { switches, rounding, results, layer } = inversion;
  if (rounding) {
    const scales = layer.rectifier === "crelu" ? "plane" : "filter";
    const how = rounding.format === "float16" ? "" : `, one scale a ${scales}`;
    all.push(["values", `${rounding.format}${how}, error ${percent(rounding.relativeError)}`]);
  }
  if (switches !== "known") {
    const instead = switches === "fixed" ? "the middle of each region stands for them" : "they are estimated";
    const own = results.flatMap(({ method }) => (isSparsifier(method) ? [method] : []));
    const others = own.length > 0 ? ` (${own.join(", ")}: of their own)` : "";
    all.push(["switches", `not given to decoders; ${instead}${others}`]);
  }
  for (const { method, solver, reason, poolResidual } of results) {
    if (method !== "least-squares" || !solver) continue;
    const pooled = poolResidual === null ? "" : `; pool residual ${ratio(poolResidual)}`;
    all.push(["decoder", `${solver}; ${reason}${pooled}`]);
  }
  return all;
}

/** What was encoded by what into how much. */
export function facts(title: string, encoding: Encoding): [name: string, text: string][] {
  const { layer, image, memoryBytes, wasmBytes, encodeMilliseconds } = encoding;
  const { channels, filters, kernel, stride, padding, pool, rectifier, seed, unitNorm } = layer;
  const values = channels * image.height * image.width;
  return [
    ["picture", `${title}, ${image.width} x ${image.height}, ${channels === 1 ? "grey" : "colour"}`],
    ["input", `${shape([channels, image.height, image.width])} = ${count(values)} numbers (N)`],
    [
      "filters",
      `${filters} of ${shape(kernel)}, stride ${typedSize(stride)}, padding ${typedSize(padding)}, seed ${seed}${unitNorm ? ", unit norm" : ""}`,
    ],
    ["pooling", `${shape(pool)}${rectifier === "none" ? "" : `, after ${rectifier}`}${unseen(layer)}`],
    [
      "code",
      `${shape(layer.codeShape)} = ${count(layer.codeLength)} numbers (m), m/N = ${measurements(encoding)}, in ${milliseconds(encodeMilliseconds)} ms`,
    ],
    ["memory", `kernel ${mebibytes(memoryBytes)}, wasm ${count(wasmBytes)} bytes`],
  ];
}

/** m/N: numbers in the code for each of the picture's. */
export function measurements({ layer }: Encoding): string {
  return (layer.codeLength / (layer.channels * layer.height * layer.width)).toFixed(2);
}

/** Rows and columns that no pooled patch reaches: no decoder can know them. */
function unseen({ height, width, kernel, stride, padding, pool, codeShape }: Encoding["layer"]): string {
  const [rows, columns] = [height, width].map((size, axis) => {
    const lastPatch = (codeShape[axis + 1]! * pool[axis]! - 1) * stride[axis]!;
    return Math.max(0, size + padding[axis]! - lastPatch - kernel[axis]!);
  });
  if (rows === 0 && columns === 0) return "";
  return `; the last ${rows} rows and ${columns} columns lie outside every region`;
}
