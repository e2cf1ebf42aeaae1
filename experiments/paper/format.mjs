// Results as files: the same result gives the same bytes.

/** JSON with two spaces a level and a list of numbers or names in one line. */
export function json(value) {
  const inOneLine = (_, items) => `[${items.replace(/,\n\s+/g, ", ")}]`;
  // a line break in the text of a JSON file never belongs to a string
  return `${JSON.stringify(value, null, 2).replace(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, inOneLine)}\n`;
}

/**
 * A table in Markdown; numbers are printed as they are.
 * @param {(string | number)[]} head
 * @param {(string | number)[][]} rows
 */
export function table(head, rows) {
  // a bar would end its cell
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The page of an experiment: title, claim, command, figures, tables. */
export function document({ experiment, title, claim, quick, seed }, body, figures) {
  const options = [...(quick ? ["--quick"] : []), ...(seed > 0 ? [`--seed ${seed}`] : [])];
  const command = [`npm run paper ${experiment}`, ...(options.length > 0 ? ["--", ...options] : [])].join(
    " ",
  );
  const [first, ...others] = figures;
  const picture = (name) => `![${title}](${name})`;
  return `${[
    `# ${title}`,
    `> ${claim}`,
    `Printed by \`${command}\`.`,
    ...(first ? [picture(first)] : []),
    body.trim(),
    ...others.map(picture),
  ].join("\n\n")}\n`;
}
