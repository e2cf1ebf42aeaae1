// What a code costs and what it is worth: error against numbers and bits a pixel.

import { psnr } from "../../build/analysis.js";
import { createLayerSync } from "../../build/index.js";
import { quantise } from "../../build/quantise.js";
import { crops, REPORTED_ON } from "../photographs.mjs";
import { planewiseBits } from "./code-length.mjs";
import { pngBits, throughJpeg } from "./pictures.mjs";
import { mean, relativeError, round } from "./statistics.mjs";

export { figures, markdown } from "./rate-report.mjs";

export const title = "Rate and error";
export const claim =
  "The switches carry a great deal of the information about a picture (section 4, on Table 3). The paper counts neither numbers nor bits: this goes beyond it.";
export const needs = ["images"];

/** Formats of a value, and the bits that each takes as it stands. */
const FORMATS = { float32: 32, float16: 16, int8: 8, int6: 6, int4: 4 };
/** Whole numbers that a format has: its symbols are -largest to largest. */
const LARGEST = { int8: 127, int6: 31, int4: 7 };
/** Bits of the scale of a plane, where a format has one. */
const SCALE = 32;

const KERNEL = 5;
/** Sparse codes: of this layer, with so many entries for each of the picture's numbers. */
const SPARSE = { filters: 64, pool: 4, shares: [0.02, 0.05, 0.1, 0.2, 0.4] };
/** Codes without switches, which the decoder estimates. */
const WITHOUT = { pool: 2, filters: [16, 32, 64], format: "int8" };
const QUALITIES = [5, 10, 20, 35, 50, 65, 80, 90, 95, 98, 100];

export async function result({ quick, seed, data, progress }) {
  const size = quick ? 96 : 224;
  const names = quick ? REPORTED_ON.slice(0, 1) : REPORTED_ON;
  const pictures = crops(names, size, 1, data("images"));
  const filters = quick ? [8, 64] : [4, 8, 16, 32, 64];
  const pools = [2, 4, 8];
  const area = size ** 2;

  const work = [
    ...pools.flatMap((pool) =>
      filters.map((count) => () => pooled({ pool, filters: count, seed }, pictures)),
    ),
    ...(quick ? SPARSE.shares.slice(0, 3) : SPARSE.shares).map(
      (share) => () => sparse({ share, seed }, pictures),
    ),
    ...(quick ? [64] : WITHOUT.filters).map((count) => () => unswitched({ filters: count, seed }, pictures)),
    () => QUALITIES.map((quality) => jpeg(quality, pictures)),
  ];
  const points = work.flatMap((measure, at) => {
    progress(at, work.length);
    return measure().map(({ measured, ...point }) => ({ ...point, ...averages(measured, area) }));
  });
  const lossless = mean(pictures.map(({ x }) => pngBits(x, size, size))) / area;
  return { size, photographs: names, points, png: round(lossless, 2) };
}

/**
 * Means over the photographs, for a pixel. PSNR is the mean of decibels; null where a picture came back without error.
 * @param {{ numbers: number, bits: number, coded: number, switchBits?: number, estimate: Float32Array,
 *   x: Float32Array }[]} measured `bits` as they stand, `coded` with an adaptive coder, `switchBits` of one switch so coded
 */
function averages(measured, area) {
  const per = (key) => mean(measured.map((one) => one[key])) / area;
  const decibels = mean(measured.map(({ estimate, x }) => psnr(estimate, x)));
  return {
    ...{ numbers: round(per("numbers"), 4), bits: round(per("bits"), 3), coded: round(per("coded"), 3) },
    error: Number(mean(measured.map(({ estimate, x }) => relativeError(estimate, x))).toPrecision(3)),
    psnr: Number.isFinite(decibels) ? round(decibels, 2) : null,
    ...("switchBits" in measured[0] && { switchBits: round(mean(measured.map((one) => one.switchBits)), 3) }),
  };
}

function layerOf({ filters, pool, seed }, { x }) {
  const size = Math.sqrt(x.length / 3);
  const input = { channels: 3, height: size, width: size };
  return createLayerSync({ input, filters, kernel: KERNEL, padding: (KERNEL - 1) / 2, pool, seed });
}

/** Pooled codes in every format, by least squares. */
function pooled({ pool, filters, seed }, pictures) {
  const layer = layerOf({ filters, pool, seed }, pictures[0]);
  const codes = pictures.map(({ x }) => ({ x, ...layer.encode(x) }));
  const points = Object.keys(FORMATS).map((format) => ({
    ...{ family: `pool ${pool}`, filters, format },
    measured: codes.map(({ x, values, switches }) => {
      const { values: rounded, noise } = inFormat(values, filters, format);
      const { bits, coded } = costOfValues(rounded, filters, format);
      return {
        ...{ x, numbers: values.length },
        bits: bits + values.length * Math.log2(pool ** 2),
        coded: coded + planewiseBits(switches, filters, pool ** 2),
        switchBits: planewiseBits(switches, filters, pool ** 2) / switches.length,
        estimate: layer.decode({ values: rounded, switches }, { noise }),
      };
    }),
  }));
  layer.dispose();
  return points;
}

/** Pooled codes of which only the values are stored. */
function unswitched({ filters, seed }, pictures) {
  const { pool, format } = WITHOUT;
  const layer = layerOf({ filters, pool, seed }, pictures[0]);
  const measured = pictures.map(({ x }) => {
    const { values, noise } = inFormat(layer.encode(x).values, filters, format);
    const estimate = layer.decode({ values }, { switches: "unknown", noise });
    return { x, numbers: values.length, ...costOfValues(values, filters, format), estimate };
  });
  layer.dispose();
  return [{ family: `pool ${pool}, without switches`, filters, format, measured }];
}

/** Sparse codes in every format, multiplied out. Filters have no mean to speak of: that of each channel is stored apart. */
function sparse({ share, seed }, pictures) {
  const { filters, pool } = SPARSE;
  const layer = layerOf({ filters, pool, seed }, pictures[0]);
  const codes = pictures.map(({ x }) => {
    const area = x.length / 3;
    const means = [0, 1, 2].map((plane) => Math.fround(mean(x.subarray(plane * area, (plane + 1) * area))));
    const k = Math.round(share * x.length);
    const meanless = x.map((value, i) => value - means[Math.floor(i / area)]);
    return { x, means, k, code: layer.sparsify(meanless, { k }) };
  });
  const points = Object.keys(FORMATS).map((format) => ({
    ...{ family: "sparse", filters, format, share },
    measured: codes.map(({ x, means, k, code }) => {
      const { values } = inFormat(code.values, filters, format);
      // which entries there are is sent before what they are
      const support = code.values.map((value) => (value === 0 ? 0 : 1));
      const counted = (i) => support[i] === 1;
      const cost = costOfValues(values, filters, format, counted);
      const head = 3 * 32 + planewiseBits(support, filters, 2);
      const area = x.length / 3;
      return {
        ...{ x, numbers: k + 3 },
        bits: head + cost.bits + k * Math.log2(pool ** 2),
        coded: head + cost.coded + planewiseBits(code.switches, filters, pool ** 2, counted),
        estimate: layer.decode({ ...code, values }).map((value, i) => value + means[Math.floor(i / area)]),
      };
    }),
  }));
  layer.dispose();
  return points;
}

function jpeg(quality, pictures) {
  const measured = pictures.map(({ x }) => {
    const size = Math.sqrt(x.length / 3);
    const { planes, bits } = throughJpeg(x, size, size, quality);
    return { x, numbers: x.length, bits, coded: bits, estimate: planes };
  });
  return { family: "JPEG", quality, measured };
}

/** Values as they come back from a format, and the noise that is in them; none is told of where nothing is rounded. */
function inFormat(values, planes, format) {
  return format === "float32" ? { values, noise: undefined } : quantise(values, planes, format);
}

/**
 * Bits of the values that count: as they stand, and with an adaptive coder for whole numbers.
 * @param {(i: number) => boolean} [counted]
 */
function costOfValues(values, planes, format, counted = () => true) {
  let count = 0;
  for (let i = 0; i < values.length; ++i) if (counted(i)) ++count;
  const largest = LARGEST[format];
  if (!largest) return { bits: count * FORMATS[format], coded: count * FORMATS[format] };
  const scales = planes * SCALE;
  return {
    bits: scales + count * FORMATS[format],
    coded: scales + planewiseBits(wholeNumbers(values, planes, largest), planes, 2 * largest + 1, counted),
  };
}

/** The whole numbers that rounded values stand for, from 0: the largest of a plane stands for `largest`. */
function wholeNumbers(values, planes, largest) {
  const length = values.length / planes;
  const whole = new Uint16Array(values.length);
  for (let plane = 0; plane < planes; ++plane) {
    const from = plane * length;
    const most = values.subarray(from, from + length).reduce((so, value) => Math.max(so, Math.abs(value)), 0);
    for (let i = from; i < from + length; ++i) {
      whole[i] = largest + (most > 0 ? Math.round((values[i] * largest) / most) : 0);
    }
  }
  return whole;
}
