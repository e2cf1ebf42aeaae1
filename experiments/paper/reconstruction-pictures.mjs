// Pictures as in the paper's Figure 4, with captions, in one SVG. By itself it makes them of a photograph:
//
//   node experiments/paper/reconstruction-pictures.mjs PHOTOGRAPH.png     writes build/paper/reconstruction-photograph.svg

import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import jpeg from "jpeg-js";
import { toImageData } from "../../build/index.js";
import { crops } from "../photographs.mjs";
import { CLASS, escaped, STYLE } from "./chart.mjs";
import { folderOf } from "./data.mjs";
import { writeFiles } from "./files.mjs";
import { FED, throughDecoder } from "./reconstruction-images.mjs";
import { rounded } from "./statistics.mjs";
import { openVgg } from "./vgg.mjs";

/** Of a photograph's crop. */
const SIDE = 112;
// as drawn, in pixels
const [COLUMNS, PANEL, GAP, LINE, LINES] = [5, 140, 12, 15, 4];
/** Of a JPEG, 1 to 100. */
const QUALITY = 90;
/** Letters in a line of a caption. */
const LETTERS = 22;

/**
 * The picture itself, and what the decoder makes of each of FED; errors in activation and in image space.
 * @param {ReturnType<typeof openVgg>} vgg
 * @param {Float32Array} x 3 x side x side, in [0, 1]
 * @param {(name: string) => void} onEach called before each
 * @returns {{ caption: string, jpeg: string, activations?: number, error?: number }[]} JPEG in base64
 */
export function panels(vgg, x, seed, onEach) {
  const made = throughDecoder(vgg, x, 1, seed, onEach).map(({ name, picture, ...errors }) => ({
    ...{ caption: FED[name], jpeg: jpegOf(picture) },
    ...rounded(errors, 3),
  }));
  return [{ caption: "original", jpeg: jpegOf(x) }, ...made];
}

/** What lies outside [0, 1] is clamped. Noise as PNG would take four times as much, in the result and in the figure. */
function jpegOf(planes) {
  const side = Math.sqrt(planes.length / 3);
  return jpeg.encode(toImageData(planes, side, side), QUALITY).data.toString("base64");
}

/**
 * @param {string} title
 * @param {{ jpeg: string, caption: string, error?: number }[]} all
 */
export function montage(title, all) {
  const [width, row] = [COLUMNS * (PANEL + GAP) + GAP, PANEL + (LINES + 1) * LINE];
  const height = 36 + Math.ceil(all.length / COLUMNS) * row;
  const drawn = all.map(({ jpeg, caption, error }, i) => {
    const [x, y] = [GAP + (i % COLUMNS) * (PANEL + GAP), 36 + Math.floor(i / COLUMNS) * row];
    const lines = [...wrapped(caption), ...(error === undefined ? [] : [`error ${error.toFixed(2)}`])];
    const text = lines.map((line, at) => `<text x="${x}" y="${y + PANEL + (at + 1) * LINE}">${line}</text>`);
    const size = `width="${PANEL}" height="${PANEL}"`;
    return `<image x="${x}" y="${y}" ${size} href="data:image/jpeg;base64,${jpeg}"/>\n${text.join("\n")}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="${CLASS}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="12" fill="currentColor">
<style>${STYLE}</style>
<rect width="100%" height="100%" fill="var(--plot-background)"/>
<text x="${GAP}" y="22" font-weight="600">${escaped(title)}</text>
${drawn.join("\n")}
</svg>
`;
}

/** Lines of at most LETTERS letters, where words allow it. */
function wrapped(caption) {
  const lines = [];
  for (const word of caption.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= LETTERS) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [photograph] = process.argv.slice(2);
  if (photograph === undefined) {
    process.stderr.write("usage: node experiments/paper/reconstruction-pictures.mjs PHOTOGRAPH.png\n");
    process.exit(2);
  }
  const name = basename(photograph, ".png");
  const [{ x }] = crops([name], SIDE, 1, dirname(photograph));
  const made = panels(openVgg(folderOf("filters")), x, 0, () => {});
  const text = montage(
    `The activations of pool(1) of VGG-16, and what a decoder sees of them: ${name}`,
    made,
  );
  const files = [{ name: "reconstruction-photograph.svg", text }];
  process.stdout.write(`${writeFiles("build/paper", files).join("\n")}\n`);
}
