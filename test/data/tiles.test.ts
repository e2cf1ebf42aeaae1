// Photographs in tiles: memory, seams, and the same bits by one worker and two. experiments/tiles.mjs prints the figures.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { layerOf, thereAndBack } from "../../experiments/tiles/joined.mjs";
import { ASTRONAUT, LARGE, openRows, part } from "../../experiments/tiles/pictures.mjs";
import { estimateMemory, type LayerSpec } from "../../src/geometry.js";
import { planTiles } from "../../src/tiles/index.js";

const MIB = 2 ** 20;
/** How much larger errors may be at the seams than anywhere else. */
const MOST = 1.2;

async function crop(path: string[], place: { top: number; left: number; height: number; width: number }) {
  const rows = await part(path, place);
  return { size: { channels: 3, height: place.height, width: place.width }, rows: () => rows };
}

test("two workers take at most 32 MiB of kernel memory for the photograph of 3.4 megapixels", async () => {
  const { channels, height, width } = await openRows(LARGE);
  assert.equal([channels, height, width], [3, 1512, 2268]);
  const plan = planTiles({ channels, height, width }, { multiple: 2 });
  assert.is(plan.count, 88);
  const bytes = 2 * estimateMemory(layerOf(plan) as LayerSpec);
  assert.ok(bytes <= 32 * MIB, `${bytes / MIB} MiB`);
});

const STRIP = { top: 600, left: 900, height: 300, width: 430 };

for (const [filters, worst] of [
  [64, 1e-7],
  [16, 1e-5],
] as const) {
  test(`a part of it, K = ${filters}: one worker and two give the same bits, and no seam shows`, async () => {
    const picture = await crop(LARGE, STRIP);
    const one = await thereAndBack({ ...picture, layer: { filters }, workers: 1 });
    const two = await thereAndBack({ ...picture, layer: { filters }, workers: 2 });
    assert.is(one.plan.count, 4);
    assert.is(two.sha256, one.sha256);
    assert.is(two.memoryBytes, 2 * one.memoryBytes);
    assert.ok(one.all < worst, `the error is ${one.all}`);
    assert.ok(one.overlap <= MOST, `${one.overlap} times in the overlaps`);
    assert.ok(one.beside <= MOST, `${one.beside} times beside them`);
  });
}

for (const [filters, values] of [
  [64, "int8"],
  [16, "int8"],
  [8, undefined],
] as const) {
  test(`K = ${filters}, ${values ?? "float32"}: no seam shows where values are rounded or few`, async () => {
    const picture = await crop(ASTRONAUT, { top: 0, left: 0, height: 256, width: 256 });
    const { plan, overlap, beside } = await thereAndBack({
      ...picture,
      layer: { filters },
      values,
      tile: 112,
    });
    assert.is(plan.count, 9);
    assert.ok(overlap <= MOST, `${overlap} times in the overlaps`);
    assert.ok(beside <= MOST, `${beside} times beside them`);
  });
}

test.run();
