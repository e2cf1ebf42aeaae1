// A table of rows { name, cells }, cells as they are to be printed.

export function plainTable(titles, rows) {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[at].length)),
  );
  const line = (name, cells) =>
    `  ${name.padEnd(nameWidth)}${cells.map((cell, at) => cell.padStart(widths[at] + 3)).join("")}`;
  return [line("", titles), ...rows.map(({ name, cells }) => line(name, cells))].join("\n");
}
