// Results on a terminal of 80 columns.

import Table from "cli-table3";
import type { CommandName } from "./batch/task.js";
import type { Results } from "./batch/works.js";
import type { Encoding } from "./encoding.js";
import { COLUMNS, cells, facts, measurements } from "./facts.js";
import { milliseconds, ratio, shape } from "./format.js";

/** A picture that was worked on. */
export interface Entry<Result> {
  title: string;
  result: Result;
}

/** How a command shows one result, and many. */
interface Renderer<Result> {
  one(entry: Entry<Result>): string[];
  columns: readonly string[];
  /** A row of the table of many, after the picture and its size. */
  row(result: Result): string[];
}

const QUIET = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", right: "", "right-mid": "" },
  ...{ mid: "─", "mid-mid": "", middle: "" },
};

/** Letters of a title in the table of many; the columns beside it leave no more. */
const TITLE = 18;

const RENDERERS: { [Name in CommandName]: Renderer<Results[Name]> } = {
  encode: {
    one: (entry) => [...factLines(entry), "", ...fileLines(entry.result)],
    columns: ["code", "m/N", "ms"],
    row: (result) => [
      shape(result.layer.codeShape),
      measurements(result),
      milliseconds(result.encodeMilliseconds),
    ],
  },
  invert: {
    one: (entry) => [
      ...factLines(entry),
      "",
      ...quietTable(COLUMNS, entry.result.results.map(cells), [0, 5]),
      "",
      ...fileLines(entry.result),
    ],
    columns: ["synthesis", "iht", "least-squares", "ms"],
    row: ({ results }) => [
      ...results.map(({ relativeError }) => ratio(relativeError)),
      milliseconds(results.reduce((sum, result) => sum + result.milliseconds, 0)),
    ],
  },
};

export function renderOne<Name extends CommandName>(command: Name, entry: Entry<Results[Name]>): string {
  return framed(RENDERERS[command].one(entry));
}

export function renderMany<Name extends CommandName>(
  command: Name,
  entries: readonly Entry<Results[Name]>[],
  folder: string,
): string {
  const { columns, row } = RENDERERS[command];
  const rows = entries.map(({ title, result }) => [
    shortened(title),
    shape([result.image.width, result.image.height]),
    ...row(result),
  ]);
  return framed([...quietTable(["picture", "size", ...columns], rows, [0]), "", `  ${folder}`]);
}

function framed(lines: readonly string[]): string {
  return ["", ...lines, "", ""].join("\n");
}

function factLines({ title, result }: Entry<Encoding>): string[] {
  return facts(title, result).map(([name, text]) => `  ${name.padEnd(9)}${text}`);
}

/** The folder and the names in it: pictures in one line, what else there is in the next. */
function fileLines({ files }: Encoding): string[] {
  const folder = files[0]!.replace(/[^/\\]*$/, "");
  const names = files.map((file) => file.slice(folder.length));
  const lines = [names.slice(0, -2), names.slice(-2)].filter((some) => some.length > 0);
  return [`  ${folder || "."}`, ...lines.map((some) => `  ${some.join("  ")}`)];
}

/** Indented like the rest, without the padding of its last column. */
function quietTable(head: readonly string[], rows: readonly string[][], left: readonly number[]): string[] {
  const table = new Table({
    head: [...head],
    chars: QUIET,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
    colAligns: head.map((_, column) => (left.includes(column) ? "left" : "right")),
  });
  table.push(...rows);
  return table
    .toString()
    .split("\n")
    .map((row) => `  ${row.slice(0, -2)}`);
}

function shortened(title: string): string {
  const letters = [...title];
  if (letters.length <= TITLE) return title;
  // cameras number their files at the end, collections at the beginning
  const tail = TITLE >> 1;
  return [...letters.slice(0, TITLE - 1 - tail), "…", ...letters.slice(-tail)].join("");
}
