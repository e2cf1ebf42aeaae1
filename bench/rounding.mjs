// How far activations in float32 are from those in float64: the package's, and a direct sum's.

import { createLayer } from "../build/index.js";
import { plainTable } from "./plain-table.mjs";
import { uniform } from "./seeded.mjs";

const works = [
  { channels: 3, kernel: 5 },
  { channels: 128, kernel: 3 },
  { channels: 32, kernel: 7 },
];
const SIDE = 24;
const FILTERS = 16;

const distance = (a, b) =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0) / b.reduce((sum, x) => sum + x * x, 0));

const rows = [];
for (const { channels, kernel } of works) {
  const next = uniform(7);
  const input = { channels, height: SIDE, width: SIDE };
  const layer = await createLayer({ input, filters: FILTERS, kernel, pool: 2, seed: 7 });
  const x = Float32Array.from({ length: channels * SIDE * SIDE }, () => Math.max(0, 2 * next() - 1));
  const { values, switches } = layer.encode(x);
  const { weights } = layer;
  const [, pooledRows, pooledColumns] = layer.codeShape;
  const exact = new Float64Array(values.length);
  const direct = new Float32Array(values.length);
  values.forEach((_, at) => {
    const k = Math.floor(at / (pooledRows * pooledColumns));
    const row = 2 * (Math.floor(at / pooledColumns) % pooledRows) + (switches[at] >> 1);
    const column = 2 * (at % pooledColumns) + (switches[at] & 1);
    for (let i = 0; i < kernel; ++i) {
      for (let j = 0; j < kernel; ++j) {
        for (let c = 0; c < channels; ++c) {
          const w = weights[((k * channels + c) * kernel + i) * kernel + j];
          const pixel = x[(c * SIDE + row + i) * SIDE + column + j];
          exact[at] += w * pixel;
          direct[at] = Math.fround(direct[at] + Math.fround(w * pixel));
        }
      }
    }
  });
  rows.push({
    name: `${kernel} x ${kernel}, ${channels} channels`,
    cells: [distance(direct, exact), distance(values, exact)].map((error) => error.toExponential(1)),
  });
}
console.log("relative error of activations, root mean square\n");
console.log(plainTable(["direct sum in float32", "unpool"], rows));
