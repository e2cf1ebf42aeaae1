// The result on a terminal of 80 columns.

import Table from "cli-table3";
import { count, decibels, mebibytes, milliseconds, ratio, shape, similarity } from "./format.js";
import type { Inversion } from "./invert.js";
import { typedSize } from "./options.js";

const QUIET = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", right: "", "right-mid": "" },
  ...{ mid: "─", "mid-mid": "", middle: "" },
};

export const COLUMNS = ["method", "relative error", "PSNR dB", "SSIM", "iterations", "stopped", "ms"];

export function renderTable(title: string, inversion: Inversion): string {
  const table = new Table({
    head: COLUMNS,
    chars: QUIET,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
    colAligns: ["left", "right", "right", "right", "right", "left", "right"],
  });
  for (const result of inversion.results) table.push(cells(result));
  const lines = facts(title, inversion).map(([name, text]) => `  ${name.padEnd(9)}${text}`);
  const folder = inversion.files[0]!.replace(/[^/\\]*$/, "");
  const names = inversion.files.map((file) => file.slice(folder.length));
  const files = [names.slice(0, -2), names.slice(-2)].map((some) => `  ${some.join("  ")}`);
  // the table indented like the rest, without the padding of its last column
  const rows = table
    .toString()
    .split("\n")
    .map((row) => `  ${row.slice(0, -2)}`);
  return ["", ...lines, "", ...rows, "", `  ${folder || "."}`, ...files, ""].join("\n");
}

/** A row of the table; one step neither iterates nor stops. */
export function cells(result: Inversion["results"][number]): string[] {
  const step = result.method === "synthesis";
  return [
    result.method,
    ratio(result.relativeError),
    decibels(result.psnr),
    similarity(result.ssim),
    step ? "–" : String(result.iterations),
    step ? "–" : result.stopped,
    milliseconds(result.milliseconds),
  ];
}

/** What was encoded by what into how much. */
export function facts(title: string, inversion: Inversion): [name: string, text: string][] {
  const { layer, image, memoryBytes, wasmBytes, encodeMilliseconds } = inversion;
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
      `${shape(layer.codeShape)} = ${count(layer.codeLength)} numbers (m), m/N = ${(layer.codeLength / values).toFixed(2)}, in ${milliseconds(encodeMilliseconds)} ms`,
    ],
    ["memory", `kernel ${mebibytes(memoryBytes)}, wasm ${count(wasmBytes)} bytes`],
  ];
}

/** Rows and columns that no pooled patch reaches: no decoder can know them. */
function unseen({ height, width, kernel, stride, padding, pool, codeShape }: Inversion["layer"]): string {
  const [rows, columns] = [height, width].map((size, axis) => {
    const lastPatch = (codeShape[axis + 1]! * pool[axis]! - 1) * stride[axis]!;
    return Math.max(0, size + padding[axis]! - lastPatch - kernel[axis]!);
  });
  if (rows === 0 && columns === 0) return "";
  return `; the last ${rows} rows and ${columns} columns lie outside every region`;
}
