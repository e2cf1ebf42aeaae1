// Lines on a terminal: terms with what they mean, and tables without borders.

import Table from "cli-table3";
import { definition } from "./format.js";

const QUIET = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", right: "", "right-mid": "" },
  ...{ mid: "─", "mid-mid": "", middle: "" },
};

/** Spaces between columns, and before the first. */
export const GAP = 2;

/** With an empty line before and behind. */
export function framed(lines: readonly string[]): string {
  return ["", ...lines, "", ""].join("\n");
}

export function factLines(list: readonly [name: string, text: string][]): string[] {
  return list.flatMap(([name, text]) => definition(name, text, 11));
}

/** Indented like the rest, without the padding of its last column. */
export function quietTable(
  head: readonly string[],
  rows: readonly string[][],
  left: readonly number[],
): string[] {
  const table = new Table({
    head: [...head],
    chars: QUIET,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": GAP },
    colAligns: head.map((_, column) => (left.includes(column) ? "left" : "right")),
  });
  table.push(...rows);
  return table
    .toString()
    .split("\n")
    .map((row) => `  ${row.slice(0, -GAP)}`);
}
