// What a run prints: the machine, and a table a work.

import { cpus } from "node:os";

export function machine() {
  const { model } = cpus()[0];
  const { node, v8 } = process.versions;
  return {
    processor: model,
    cores: cpus().length,
    platform: `${process.platform} ${process.arch}`,
    node,
    v8,
  };
}

export function machineLine({ processor, cores, platform, node, v8 }, versions) {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${processor}, ${cores} cores, ${platform}; Node ${node} (V8 ${v8}); ${packages.join(", ")}`;
}

const COLUMNS = [
  ["minimum ms", (row) => row.minimum.toFixed(3)],
  ["median ms", (row) => row.median.toFixed(3)],
  ["spread", (row) => `${(100 * row.spread).toFixed(1)} %`],
  ["ratio", (row) => row.ratio.toFixed(2)],
  ["of minima", (row) => row.ratioOfMinima.toFixed(2)],
];

/** A table of what measure returns. */
export function table(rows) {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const line = (name, cells) =>
    `  ${name.padEnd(nameWidth)}${cells.map((cell) => cell.padStart(12)).join("")}`;
  const titles = COLUMNS.map(([title]) => title);
  const body = rows.map((row) =>
    line(
      row.name,
      COLUMNS.map(([, cell]) => cell(row)),
    ),
  );
  return [line("", titles), ...body].join("\n");
}
