// An image cut into tiles, each encoded and decoded, and joined again; measured on the way.

import { createHash } from "node:crypto";
import { cutTiles, joinTiles, mapInOrder, planTiles } from "../../build/tiles.js";
import { openPool } from "./pool.mjs";
import { seamErrors } from "./seams.mjs";

/** The layer of the figures: 5 x 5 filters, pool 2, padding 2, unless told otherwise. */
export function layerOf(plan, { filters = 64, kernel = 5, padding = 2, pool = 2, ...rest } = {}) {
  const input = { channels: plan.channels, height: plan.tileHeight, width: plan.tileWidth };
  return { input, filters, kernel, padding, pool, ...rest };
}

/**
 * @param {{ size: { channels: number, height: number, width: number },
 *   rows: () => AsyncIterable<Float32Array> | Iterable<Float32Array>,
 *   layer?: object, values?: string, iterations?: number, workers?: number, tile?: number, overlap?: number,
 *   seams?: import("../../src/tiles/plan.js").TilePlan }} task `rows` from the top, as often as asked for; `seams`: of
 * another plan, at whose seams errors are taken.
 */
export async function thereAndBack({ size, rows, layer, values, iterations, workers = 2, seams, ...tiling }) {
  const plan = planTiles(size, { multiple: layer?.pool ?? 2, ...tiling });
  const started = performance.now();
  const pool = await openPool(workers, { spec: layerOf(plan, layer), values, iterations });
  try {
    const errors = seamErrors(seams ?? plan);
    const hash = createHash("sha256");
    const truth = (async function* () {
      yield* rows();
    })();
    const tiles = mapInOrder(cutTiles(plan, rows()), workers, pool.thereAndBack);
    let y = 0;
    for await (const row of joinTiles(plan, tiles)) {
      hash.update(row);
      errors.row(y++, row, (await truth.next()).value);
    }
    return {
      plan,
      memoryBytes: pool.memoryBytes,
      iterations: pool.iterations() / plan.count,
      seconds: (performance.now() - started) / 1000,
      sha256: hash.digest("hex"),
      ...errors.result(),
    };
  } finally {
    await pool.close();
  }
}
