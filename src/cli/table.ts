// Results on a terminal of 80 columns.

import type { CommandName } from "./batch/task.js";
import type { Results } from "./batch/works.js";
import {
  COLUMNS,
  cells,
  DECODED_COLUMNS,
  decodedCells,
  decodedFacts,
  encodedFacts,
  inversionFacts,
  measurements,
} from "./facts.js";
import { count, milliseconds, ratio, shape, WIDTH } from "./format.js";
import { factLines, framed, GAP, quietTable } from "./lines.js";

/** A picture that was worked on. */
export interface Entry<Result> {
  title: string;
  result: Result;
}

/** How a command shows one result, and many. */
interface Renderer<Result> {
  one(entry: Entry<Result>): string[];
  /** Of the table of many, after the picture and its size; the same of every result. */
  columns(result: Result): string[];
  row(result: Result): string[];
}

/** Letters of a title in the table of many; the columns beside it leave no more. */
const TITLE = 18;

const RENDERERS: { [Name in CommandName]: Renderer<Results[Name]> } = {
  encode: {
    one: ({ title, result }) => [...factLines(encodedFacts(title, result)), "", ...fileLines(result)],
    columns: () => ["tiles", "code", "m/N", "bytes", "ms"],
    row: (result) => [
      count(result.tiles?.count ?? 1),
      shape(result.layer.codeShape),
      measurements(result),
      count(result.bytes),
      milliseconds(result.encodeMilliseconds),
    ],
  },
  decode: {
    one: ({ title, result }) => [
      ...factLines(decodedFacts(title, result)),
      "",
      ...quietTable(DECODED_COLUMNS, [decodedCells(result)], [0, 2]),
      "",
      ...fileLines(result),
    ],
    columns: () => ["tiles", "decoder", "iterations", "ms", "memory"],
    row: (result) => {
      const [method, iterations, , milliseconds, memory] = decodedCells(result);
      return [count(result.tiles?.count ?? 1), result.solver ?? method!, iterations!, milliseconds!, memory!];
    },
  },
  invert: {
    one: ({ title, result }) => [
      ...factLines(inversionFacts(title, result)),
      "",
      ...quietTable(COLUMNS, result.results.map(cells), [0, 5]),
      "",
      ...fileLines(result),
    ],
    columns: ({ results }) => [...results.map(({ method }) => method), "ms"],
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
  const head = ["picture", "size", ...columns(entries[0]!.result)];
  const rows = entries.map(({ title, result }) => [
    shortened(title),
    shape([result.image.width, result.image.height]),
    ...row(result),
  ]);
  const tables = fitting(head, rows).map((columns) => {
    const pick = (cells: readonly string[]) => columns.map((column) => cells[column]!);
    return [...quietTable(pick(head), rows.map(pick), [0]), ""];
  });
  return framed([...tables.flat(), `  ${folder}`]);
}

/** How many of all were finished before. */
export function skippedLine(skipped: number, all: number): string {
  const some = all === 1 ? "it was finished before" : `${skipped} of ${all} were finished before`;
  return `  ${some}: skipped\n`;
}

/** The columns of as few tables of WIDTH as hold all, about as many in each; the first two stand in every one. */
function fitting(head: readonly string[], rows: readonly string[][]): number[][] {
  const widths = head.map((_, column) =>
    [head, ...rows].reduce((most, cells) => Math.max(most, cells[column]!.length + GAP), 0),
  );
  let tables = split(widths, WIDTH);
  for (let narrower = WIDTH - 1; narrower > 0; --narrower) {
    const balanced = split(widths, narrower);
    if (balanced.length > tables.length) break;
    tables = balanced;
  }
  return tables;
}

/** The columns of tables that are at most so wide, if they can be. */
function split(widths: readonly number[], most: number): number[][] {
  const tables: number[][] = [];
  let width = Infinity;
  for (let column = 2; column < widths.length; ++column) {
    width += widths[column]!;
    if (width > most) {
      tables.push([0, 1]);
      width = widths[0]! + widths[1]! + widths[column]!; // with the indent, without the last gap
    }
    tables.at(-1)!.push(column);
  }
  return tables;
}

/** The file; or the folder and the names in it: pictures first, what else there is in a line of its own. */
function fileLines({ files }: { files: readonly string[] }): string[] {
  if (files.length === 1) return [`  ${files[0]}`];
  const folder = files[0]!.replace(/[^/\\]*$/, "");
  const names = files.map((file) => file.slice(folder.length));
  const lines: string[] = [];
  for (const some of [names.slice(0, -2), names.slice(-2)]) {
    let line = "";
    for (const name of some) {
      if (line !== "" && line.length + GAP + name.length > WIDTH) {
        lines.push(line);
        line = "";
      }
      line += `  ${name}`;
    }
    if (line !== "") lines.push(line);
  }
  return [`  ${folder || "."}`, ...lines];
}

function shortened(title: string): string {
  const letters = [...title];
  if (letters.length <= TITLE) return title;
  // cameras number their files at the end, collections at the beginning
  const tail = TITLE >> 1;
  return [...letters.slice(0, TITLE - 1 - tail), "…", ...letters.slice(-tail)].join("");
}
