// Large images in tiles: `npm run build && node experiments/tiles.mjs [large] [overlaps] [ramps] [memory] [--quick]`.
// Prints Markdown tables, all or those that are named (docs/tiles.md has them). --quick: on crops.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cutTiles, planTiles } from "../build/tiles.js";
import { layerOf, thereAndBack } from "./tiles/joined.mjs";
import { ASTRONAUT, LARGE, openRows, part } from "./tiles/pictures.mjs";
import { errorsBy, RAMPS } from "./tiles/ramps.mjs";
import { openLayer } from "./tiles/there-and-back.mjs";

const quick = process.argv.includes("--quick");
const MIB = 2 ** 20;
const mebibytes = (bytes) => `${(bytes / MIB).toFixed(1)} MiB`;
const small = (error) => error.toExponential(1);
const times = ({ overlap, beside }) => `${overlap.toFixed(2)}, ${beside.toFixed(2)}`;

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  console.log(["", line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n"));
}

/** A part of a picture, to be read again and again. */
async function crop(path, place) {
  const rows = await part(path, place);
  return { size: { channels: 3, height: place.height, width: place.width }, rows: () => rows };
}

async function photograph() {
  if (quick) return crop(LARGE, { top: 600, left: 700, height: 300, width: 700 });
  const { rows: _, ...size } = await openRows(LARGE);
  return {
    size,
    async *rows() {
      yield* (await openRows(LARGE)).rows;
    },
  };
}

/** Where figures by overlap are taken: nine tiles. */
const [SIDE, TILE] = quick ? [256, 112] : [512, 224];
const astronaut = () => crop(ASTRONAUT, { height: SIDE, width: SIDE });

/** The photograph of 3.4 megapixels, by one worker and by two. */
async function large() {
  const picture = await photograph();
  const lines = [];
  for (const filters of [64, 16]) {
    const runs = [];
    for (const workers of [1, 2]) runs.push(await thereAndBack({ ...picture, layer: { filters }, workers }));
    if (runs[0].sha256 !== runs[1].sha256) throw new Error("two workers give other bits than one");
    const { plan, overlap, beside, rest, memoryBytes, iterations, sha256 } = runs[1];
    const { count, tileHeight, tileWidth } = plan;
    lines.push([
      filters,
      `${count} of ${tileHeight} × ${tileWidth}`,
      mebibytes(memoryBytes),
      small(rest),
      overlap.toFixed(2),
      beside.toFixed(2),
      iterations.toFixed(0),
      runs.map(({ seconds }) => `${seconds.toFixed(0)} s`).join(", "),
      sha256.slice(0, 16),
    ]);
  }
  table(
    [
      ...["K", "tiles", "kernels, two workers", "error", "in overlaps", "beside them", "iterations"],
      ...["one worker, two", "SHA-256, both"],
    ],
    lines,
  );
}

/** @type {[title: string, layer: object, values?: string][]} */
const CASES = [
  ["K = 64", { filters: 64 }],
  ["K = 16", { filters: 16 }],
  ["K = 8", { filters: 8 }],
  ["K = 64, int8", { filters: 64 }, "int8"],
  ["K = 16, int8", { filters: 16 }, "int8"],
  ["K = 16, pool 4", { filters: 16, pool: 4 }],
  ["K = 16, relu", { filters: 16, rectifier: "relu" }],
  ["K = 64, no padding", { filters: 64, padding: 0 }],
  ["K = 16, no padding", { filters: 16, padding: 0 }],
];
const OVERLAPS = [8, 16, 32, 48];
const DEFAULT = OVERLAPS.indexOf(16);
/** Pixels from the middle of an overlap of 16 or a little more. */
const DISTANCES = [0, 4, 8, 12, 16, 32, 64];

/** Errors at the seams by overlap and by distance, and of the whole image in one piece at the same places. */
async function overlaps() {
  const picture = await astronaut();
  const [byOverlap, byDistance] = [[], []];
  for (const [title, layer, values] of CASES) {
    const runs = [];
    for (const overlap of OVERLAPS) {
      runs.push(await thereAndBack({ ...picture, layer, values, overlap, tile: TILE }));
    }
    const tiled = runs[DEFAULT];
    const whole = await thereAndBack({
      ...picture,
      layer,
      values,
      workers: 1,
      tile: SIDE,
      seams: tiled.plan,
    });
    byOverlap.push([title, small(tiled.rest), ...runs.map(times), small(whole.rest), times(whole)]);
    const distances = DISTANCES.slice(1).map((to, i) => tiled.between(DISTANCES[i], to).toFixed(2));
    byDistance.push([title, ...distances]);
  }
  const heads = OVERLAPS.map((overlap) => `overlap ${overlap}`);
  table(["layer", "error", ...heads, "whole", "whole, there"], byOverlap);
  table(["layer", ...DISTANCES.slice(1).map((to, i) => `${DISTANCES[i]}–${to}`)], byDistance);
}

/** What other ways to blend leave in the overlaps. */
async function ramps() {
  const { size, rows } = await astronaut();
  const lines = [];
  for (const [title, layer, values] of CASES) {
    const plan = planTiles(size, { tile: TILE, multiple: layer.pool ?? 2 });
    const { thereAndBack } = openLayer({ spec: layerOf(plan, layer), values });
    const tiles = [];
    for await (const tile of cutTiles(plan, rows())) tiles.push(thereAndBack(tile).planes);
    const errors = Object.values(RAMPS).map((ramp) => errorsBy(ramp, plan, tiles, rows()).overlap);
    lines.push([title, ...errors.map((error) => error.toFixed(3))]);
  }
  table(["layer", ...Object.keys(RAMPS)], lines);
}

/** What a process takes at most, for images of one width and many heights. */
async function memory() {
  const script = fileURLToPath(new URL("tiles/rss.mjs", import.meta.url));
  const width = 2268;
  const lines = [0, 441, 1512, ...(quick ? [] : [6048, 24_192])].map((height) => {
    const { stdout } = spawnSync(process.execPath, [script, width, height].map(String), { encoding: "utf8" });
    const { peak, tiles, kernel } = JSON.parse(stdout);
    const pixels = height > 0 ? `${((width * height) / 1e6).toFixed(1)} million` : "nothing, the layer open";
    return [pixels, `${width} × ${height}`, tiles, mebibytes(kernel), mebibytes(peak)];
  });
  table(["pixels", "image", "tiles", "kernel", "most memory of the process"], lines);
}

const sections = { large, overlaps, ramps, memory };
const named = process.argv.slice(2).filter((word) => word in sections);
for (const name of named.length > 0 ? named : Object.keys(sections)) await sections[name]();
