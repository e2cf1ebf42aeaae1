// Numbers and shapes as the table and the report show them.

/** 774400 -> "774,400" */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A relative error: four decimals, or a power of ten once those say nothing. */
export function ratio(value: number): string {
  return value === 0 || value >= 0.001 ? value.toFixed(4) : value.toExponential(1);
}

/** Decibels; null is a reconstruction without any error. */
export function decibels(value: number | null): string {
  return value === null ? "∞" : value.toFixed(2);
}

/** An SSIM; null where the picture is smaller than its window. */
export function similarity(value: number | null): string {
  return value === null ? "–" : value.toFixed(4);
}

/** A small share, in two digits: 0.00382 -> "0.38 %" */
export function percent(value: number): string {
  return `${Number((100 * value).toPrecision(2))} %`;
}

/** For a column of milliseconds: from 100 seconds on in seconds, and says so. */
export function milliseconds(value: number): string {
  if (value >= 1e5) return `${count(Math.round(value / 1000))} s`;
  return count(Number(value.toFixed(value < 100 ? 1 : 0)));
}

/** 834.2 -> "834 ms", 123456 -> "123 s" */
export function duration(value: number): string {
  return value >= 1e5 ? milliseconds(value) : `${milliseconds(value)} ms`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** [3, 224, 224] -> "3 x 224 x 224" */
export function shape(sizes: readonly number[]): string {
  return sizes.join(" x ");
}

/** Columns of a terminal. */
export const WIDTH = 80;

/** A term and what it means, in lines of WIDTH at most: the text stands so far from the left, a longer word in a line of its own. */
export function definition(term: string, text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line += line === "" ? word : ` ${word}`;
    }
  }
  return [...lines, line].map((words, i) => `${(i === 0 ? `  ${term}` : "").padEnd(indent)}${words}`);
}
