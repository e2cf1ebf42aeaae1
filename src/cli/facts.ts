// What tables and the report say of results.

import type { Decoded } from "./decode.js";
import type { Encoded } from "./encode.js";
import type { Encoding, Tiling } from "./encoding.js";
import {
  count,
  decibels,
  duration,
  mebibytes,
  milliseconds,
  percent,
  ratio,
  shape,
  similarity,
} from "./format.js";
import type { Inversion } from "./invert.js";
import { isSparsifier, iterates } from "./methods.js";
import { typedSize } from "./options/layer.js";
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

/** Of a code that was written: how its values are stored, and what it takes. */
export function encodedFacts(title: string, encoded: Encoded): [name: string, text: string][] {
  const { image, layer, values, deflate, bytes } = encoded;
  const raw = layer.channels * image.height * image.width;
  return [
    ...facts(title, encoded),
    ["values", `${values}${values === "float32" ? ", as they are" : ""}${deflate ? ", deflated" : ""}`],
    [
      "file",
      `${count(bytes)} bytes, ${(bytes / raw).toFixed(2)} times those of the pixels (8 bits a number)`,
    ],
  ];
}

export const DECODED_COLUMNS = ["method", "iterations", "stopped", "ms", "memory"];

/** How a code was decoded: a row of the table. */
export function decodedCells(decoded: Decoded): string[] {
  const { method, iterations, stopped, decodeMilliseconds, memoryBytes } = decoded;
  const step = method === "synthesis";
  return [
    method,
    step ? "–" : String(iterations),
    step ? "–" : (STOPPED[stopped] ?? stopped),
    milliseconds(decodeMilliseconds),
    mebibytes(memoryBytes),
  ];
}

/** The same of a decoded code, before the table. */
export function decodedFacts(title: string, decoded: Decoded): [name: string, text: string][] {
  const { image, layers, tiles, solver, reason } = decoded;
  const { channels, height, width } = image;
  const all: [string, string][] = [
    ["code", `${title}, ${layers === 1 ? "one layer" : `${layers} layers`}`],
    ["shape", shape([channels, height, width])],
  ];
  if (tiles) all.push(["tiles", tilesText(tiles)]);
  if (solver) all.push(["decoder", `${solver}; ${reason}`]);
  return all;
}

function tilesText({ count: number, height, width, overlap, atOnce }: Tiling): string {
  return `${count(number)} of ${height} x ${width}, overlap ${overlap}, ${atOnce} at once`;
}

/** What was encoded by what into how much. */
export function facts(title: string, encoding: Encoding): [name: string, text: string][] {
  const { layer, image, tiles, memoryBytes, wasmBytes, encodeMilliseconds } = encoding;
  const { channels, filters, kernel, stride, padding, pool, rectifier, seed, unitNorm } = layer;
  const values = channels * image.height * image.width;
  const numbers = `${shape(layer.codeShape)} = ${count(layer.codeLength)} numbers`;
  const all = tiles ? `${numbers} a tile, ${count(codeLength(encoding))} in all (m)` : `${numbers} (m)`;
  return [
    ["picture", `${title}, ${image.width} x ${image.height}, ${channels === 1 ? "grey" : "colour"}`],
    ["input", `${shape([channels, image.height, image.width])} = ${count(values)} numbers (N)`],
    ...(tiles ? [["tiles", tilesText(tiles)] as [string, string]] : []),
    [
      "filters",
      `${filters} of ${shape(kernel)}, stride ${typedSize(stride)}, padding ${typedSize(padding)}, seed ${seed}${unitNorm ? ", unit norm" : ""}`,
    ],
    ["pooling", `${shape(pool)}${rectifier === "none" ? "" : `, after ${rectifier}`}${unseen(layer)}`],
    ["code", `${all}, m/N = ${measurements(encoding)}, in ${duration(encodeMilliseconds)}`],
    [
      "memory",
      `kernel ${mebibytes(memoryBytes)}${tiles && tiles.atOnce > 1 ? ` (${tiles.atOnce} of ${mebibytes(memoryBytes / tiles.atOnce)})` : ""}, wasm ${count(wasmBytes)} bytes`,
    ],
  ];
}

/** m: numbers in the code, of all tiles. */
function codeLength({ layer, tiles }: Encoding): number {
  return layer.codeLength * (tiles?.count ?? 1);
}

/** m/N: numbers in the code for each of the picture's. */
export function measurements(encoding: Encoding): string {
  const { layer, image } = encoding;
  return (codeLength(encoding) / (layer.channels * image.height * image.width)).toFixed(2);
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
