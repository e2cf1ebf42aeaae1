// A process of its own: a PNG of any height through tiles and back into a PNG, and the most memory that it took.
// `node experiments/tiles/rss.mjs WIDTH HEIGHT`; a height of 0 opens the layer and does nothing. Prints JSON.

import { readFileSync } from "node:fs";
import { readRows } from "../../build/picture-rows.js";
import { writePngRows } from "../../build/png-rows.js";
import { scene } from "../../build/scene.js";
import { cutTiles, joinTiles, mapInOrder, planTiles } from "../../build/tiles.js";
import { layerOf } from "./joined.mjs";
import { openLayer } from "./there-and-back.mjs";

/** Few, because memory does not depend on them and time does. */
const ITERATIONS = 5;

const [width, height] = process.argv.slice(2).map(Number);
const size = { channels: 3, width, height };

/** Rows without end: one small scene, again and again, side by side and below itself. */
function* endless() {
  const period = 128;
  const planes = scene(period, period, 1);
  for (let y = 0; ; y = (y + 1) % period) {
    yield Float32Array.from({ length: 3 * width }, (_, i) => {
      const [c, x] = [Math.floor(i / width), i % width];
      return planes[(c * period + y) * period + (x % period)];
    });
  }
}

function* first(count, rows) {
  for (const row of rows) {
    if (count-- === 0) return;
    yield row;
  }
}

const plan = planTiles({ ...size, height: height || 1512 }, { multiple: 2 });
const layer = openLayer({ spec: layerOf(plan), iterations: ITERATIONS });
let bytes = 0;
if (height > 0) {
  const { rows } = await readRows("generated", writePngRows(size, first(height, endless())));
  const tiles = mapInOrder(cutTiles(plan, rows), 1, (tile) => layer.thereAndBack(tile).planes);
  for await (const chunk of writePngRows(size, joinTiles(plan, tiles))) bytes += chunk.length;
}
const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "latin1"))[1]) * 1024;
console.log(JSON.stringify({ peak, bytes, tiles: height > 0 ? plan.count : 0, kernel: layer.memoryBytes }));
