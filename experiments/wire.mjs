// What a code costs on the wire, beside the picture that it is of: `npm run build && node experiments/wire.mjs [K...]`.
// Prints means over centre crops of photographs as Markdown tables (docs/format.md has them).
//
// Every row goes the whole way: encode, serialise, parse, decode with the file's noise, round to bytes. PSNR is of the mean
// squared error over all pictures, in 8-bit pixels.

import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { parse, serialise } from "../build/code.js";
import { createLayerSync } from "../build/index.js";
import { crops, REPORTED_ON } from "./photographs.mjs";

const SIZE = 224;
const FORMATS = /** @type {const} */ (["float32", "float16", "int8", "int6", "int4"]);
const pictures = crops(REPORTED_ON, SIZE, 1).map(({ x }) => ({ x, pixels: toPixels(x) }));
const filterCounts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [16, 8, 4];

const sum = (list, of) => list.reduce((total, item) => total + of(item), 0);
const mean = (list, of) => sum(list, of) / list.length;
const bytes = (count) => Math.round(count).toLocaleString("en");
const decibels = (mse) => (mse === 0 ? "exact" : (10 * Math.log10(255 ** 2 / mse)).toFixed(1));

const raw = 3 * SIZE * SIZE;
const png = mean(
  pictures,
  ({ pixels }) => encodePng({ width: SIZE, height: SIZE, channels: 3, data: rgb(pixels) }).length,
);
console.log(
  `${pictures.length} photographs, ${SIZE} x ${SIZE}: raw ${bytes(raw)} bytes, as PNG ${bytes(png)}\n`,
);

for (const filters of filterCounts) {
  const spec = { input: { channels: 3, height: SIZE, width: SIZE }, filters, kernel: 5, padding: 2, pool: 2 };
  const layer = createLayerSync(spec);
  const values = layer.codeShape.reduce((product, length) => product * length, 1);
  console.log(
    `K = ${filters}: ${bytes(values)} values, ${(values / raw).toFixed(2)} for each number of the picture\n`,
  );
  console.log("| values | bytes | of raw | deflated | PSNR | JPEG of at most the deflated bytes | PSNR |");
  console.log(`|${" --- |".repeat(7)}`);
  for (const format of FORMATS) {
    const rows = [];
    for (const { x, pixels } of pictures) {
      const code = layer.encode(x);
      const options = { values: format, colour: /** @type {const} */ ("rgb") };
      const plain = await serialise(code, spec, options);
      const deflated = await serialise(code, spec, { ...options, deflate: true });
      const file = await parse(plain);
      const back = toPixels(layer.decode(/** @type {any} */ (file.code), { noise: file.noise }));
      const rival = jpegWithin(pixels, deflated.length);
      const error = squared(back, pixels);
      rows.push({ plain: plain.length, deflated: deflated.length, error, rival });
    }
    const plain = mean(rows, (row) => row.plain);
    const cells = [
      format,
      bytes(plain),
      (plain / raw).toFixed(2),
      bytes(mean(rows, (row) => row.deflated)),
      decibels(mean(rows, (row) => row.error)),
      `${bytes(mean(rows, ({ rival }) => rival.bytes))}, quality ${qualities(rows.map(({ rival }) => rival.quality))}`,
      decibels(mean(rows, ({ rival }) => rival.error)),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  console.log();
  layer.dispose();
}

/** Planes in [0, 1] to planes of bytes. */
function toPixels(x) {
  return Uint8Array.from(x, (value) => Math.min(255, Math.max(0, Math.round(255 * value))));
}

function rgb(planes, channels = 3) {
  const area = SIZE * SIZE;
  const data = new Uint8Array(channels * area).fill(255);
  for (let i = 0; i < area; ++i) for (let c = 0; c < 3; ++c) data[channels * i + c] = planes[c * area + i];
  return data;
}

/** Mean squared error. */
function squared(a, b) {
  return sum([...a.keys()], (i) => (a[i] - b[i]) ** 2) / a.length;
}

/** The best JPEG, by this encoder, in at most so many bytes; the quality 100 if it is smaller. */
function jpegWithin(pixels, most) {
  const data = rgb(pixels, 4);
  for (let quality = 100; quality > 0; --quality) {
    const { data: encoded } = jpeg.encode({ data, width: SIZE, height: SIZE }, quality);
    if (encoded.length > most) continue;
    const { data: back } = jpeg.decode(encoded, { useTArray: true, formatAsRGBA: false });
    return { bytes: encoded.length, quality, error: squared(back, rgb(pixels)) };
  }
  throw new Error(`no JPEG has at most ${most} bytes`);
}

function qualities(list) {
  const [least, most] = [Math.min(...list), Math.max(...list)];
  return least === most ? least : `${least} to ${most}`;
}
