// The platform table, for a terminal and for docs/platforms.md.

import { cpus } from "node:os";
import type { Row } from "./check.js";
import type { Digests } from "./program.js";

const HEAD = ["host", "version", "engine", "tier", "CPU", "digests", "ms"];
const SIGNS = { same: "✓", different: "✗ differ", failed: "✗ failed", "not found": "– not found" };

export function text(rows: readonly Row[], expected: Digests): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === HEAD.length - 1 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join("  "),
  );
  lines.splice(1, 0, "─".repeat(lines[0]!.length));
  return [
    "",
    ...lines.map((line) => `  ${line}`.trimEnd()),
    "",
    ...notes(rows).map((note) => `  ${note}`),
    `  ${summary(rows, expected)}`,
    `  total ${expected.total}`,
  ].join("\n");
}

export function markdown(rows: readonly Row[], expected: Digests): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return `# The same bits on every host

Each host ran [one program](../test/conformance/program.ts): filters of five seeds, and over sixteen layers encode, synthesis, four runs of least squares with known switches and one with unknown ones, invertibility, and sparsify by nine methods; over three networks encode, activations and four decodings; and what the playground computes for each of its presets. ✓: the SHA-256 of every result, bit for bit, is the one in [digests.json](../test/conformance/digests.json).

\`npm run conformance -- --write-docs\` prints and writes this table. ms: from the start of the host to its last digest.

${line(HEAD)}
| --- | --- | --- | --- | --- | --- | ---: |
${rows.map((row) => line(cellsOf(row))).join("\n")}

${[...notes(rows), summary(rows, expected)].join("\n\n")}

Total digest \`${expected.total}\`. Machine: ${cpus()[0]?.model.trim()}, ${process.platform}.
`;
}

function cellsOf({ host, version = "", engine = "", tier = "", cpu, result, milliseconds }: Row): string[] {
  return [host, version, engine, tier, cpu, SIGNS[result], milliseconds?.toLocaleString("en") ?? ""];
}

/** What a row has to say beyond its cells; rows that say the same say it together. */
function notes(rows: readonly Row[]): string[] {
  const titles = new Map<string, string[]>();
  for (const { host, tier, result, note } of rows) {
    if (!note) continue;
    const saying = `${result}: ${note}`;
    titles.set(saying, [...(titles.get(saying) ?? []), tier ? `${host} (${tier})` : host]);
  }
  return [...titles].map(([saying, who]) => `${who.join(", ")} ${saying}.`);
}

function summary(rows: readonly Row[], expected: Digests): string {
  const count = (result: Row["result"]) => rows.filter((row) => row.result === result).length;
  const wrong = count("different") + count("failed");
  const each = Object.keys(expected).length;
  return `${count("same")} runs gave the committed ${each} digests, ${wrong} did not, ${count("not found")} not found.`;
}
