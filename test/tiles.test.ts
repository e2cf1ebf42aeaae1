// unpool/tiles: grids, plans, rows to tiles and back.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pair } from "../src/geometry.js";
import { scene } from "../src/image/scene.js";
import {
  cutTiles,
  gridOf,
  joinTiles,
  mapInOrder,
  planOfFile,
  planTiles,
  type TilePlan,
  usualOverlap,
} from "../src/tiles/index.js";
import { bytesInUse } from "./heap.js";
import { collect, planesOf, rejects } from "./rows.js";
import { numbers, relativeDistance, SEEDED, simd } from "./support.js";

/** Rows, channels x width each, of planes channels x height x width. */
function* rowsOf(planes: Float32Array, { channels, height, width }: TilePlan): Generator<Float32Array> {
  for (let y = 0; y < height; ++y) {
    const row = new Float32Array(channels * width);
    for (let c = 0; c < channels; ++c) {
      const start = (c * height + y) * width;
      row.set(planes.subarray(start, start + width), c * width);
    }
    yield row;
  }
}

const joined = async (plan: TilePlan, tiles: Float32Array[]) =>
  planesOf(await collect(joinTiles(plan, tiles)), plan.channels);

/** Any image, any tile, overlaps up to all but one pixel of a tile: there many tiles share a pixel. */
const plans: fc.Arbitrary<TilePlan> = fc
  .record({
    channels: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 60 }),
    width: fc.integer({ min: 1, max: 60 }),
    tile: fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 })),
    multiple: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
  })
  .map(({ tile, multiple, share, ...image }) => {
    const units = [0, 1].map((axis) => Math.min(multiple[axis]!, tile[axis]!)) as [number, number];
    const limits = [0, 1].map((axis) => tile[axis]! - (tile[axis]! % units[axis]!));
    const overlap = Math.floor(share * Math.min(...limits));
    return planTiles(image, { tile, multiple: units, overlap });
  });

const axes = (plan: TilePlan) =>
  [
    { starts: plan.tops, tile: plan.tileHeight, length: plan.height },
    { starts: plan.lefts, tile: plan.tileWidth, length: plan.width },
  ] as const;

test("a grid covers its image with the fewest tiles that overlap enough, evenly spread", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      for (const { starts, tile, length } of axes(plan)) {
        assert.is(starts[0], 0);
        assert.is(starts.at(-1)! + tile, length);
        const steps = starts.slice(1).map((start, i) => start - starts[i]!);
        for (const step of steps) {
          assert.ok(step > 0 && tile - step >= plan.overlap, `a step of ${step}, tiles of ${tile}`);
        }
        if (steps.length > 0) {
          assert.ok(Math.max(...steps) - Math.min(...steps) <= 1);
          // one tile less would not reach
          assert.ok((starts.length - 1) * (tile - plan.overlap) + plan.overlap < length);
        }
      }
      assert.is(plan.count, plan.tops.length * plan.lefts.length);
    }),
    SEEDED,
  );
});

test("tiles begin at i (L - t) / (n - 1), rounded, halves up", () => {
  assert.equal(gridOf({ height: 10, width: 12 }, 4, 4, 1), {
    tops: [0, 3, 6],
    lefts: [0, 3, 5, 8],
    count: 12,
  });
  assert.equal(gridOf({ height: 224, width: 500 }, 224, 224, 16), {
    tops: [0],
    lefts: [0, 138, 276],
    count: 3,
  });
});

test("a plan has the fewest tiles within the size asked for, no larger than they must be, in whole multiples", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 32 }),
      (height, tile, multiple, overlap) => {
        const limit = tile - (tile % multiple);
        fc.pre(limit > overlap);
        const plan = planTiles({ channels: 1, height, width: 1 }, { tile, multiple, overlap });
        if (height <= tile) {
          assert.equal([plan.tileHeight, plan.count], [height, 1]);
          return;
        }
        assert.ok(plan.tileHeight <= limit);
        assert.is(plan.tileHeight % multiple, 0);
        assert.is(plan.count, gridOf({ height, width: 1 }, limit, 1, overlap).count);
        const smaller = plan.tileHeight - multiple;
        assert.ok(plan.count * (smaller - overlap) + overlap < height, "smaller tiles would do");
      },
    ),
    SEEDED,
  );
});

test("the plan of the photograph of 3.4 megapixels", () => {
  const plan = planTiles({ channels: 3, height: 1512, width: 2268 }, { multiple: 2 });
  assert.equal([plan.tileHeight, plan.tileWidth, plan.count], [204, 222, 88]);
  assert.equal(plan.tops, [0, 187, 374, 561, 747, 934, 1121, 1308]);
});

test("the plan of a file is the one that its tiles were cut by", () => {
  const plan = planTiles({ channels: 3, height: 700, width: 500 }, { tile: [96, 128], overlap: 10 });
  const { channels, height, width, overlap, tileHeight, tileWidth } = plan;
  const input = { channels, height: tileHeight, width: tileWidth };
  assert.equal(planOfFile({ spec: { input }, image: { height, width, overlap } }), plan);
  const untiled = planOfFile({ spec: { input } });
  assert.equal([untiled.height, untiled.width, untiled.count], [tileHeight, tileWidth, 1]);
  const signal = planOfFile({ spec: { input: { channels: 2, length: 32 } } });
  assert.equal([signal.channels, signal.height, signal.width, signal.count], [2, 1, 32, 1]);
});

test("what is cut and joined again is the image, bit for bit, for any size, tile and overlap", async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.nat(), async (plan, seed) => {
      const image = numbers(plan.channels * plan.height * plan.width, seed);
      const tiles = await collect(cutTiles(plan, rowsOf(image, plan)));
      assert.is(tiles.length, plan.count);
      assert.equal(await joined(plan, tiles), image);
    }),
    SEEDED,
  );
});

test("tiles are what lies under them, row by row", async () => {
  const plan = planTiles({ channels: 2, height: 5, width: 6 }, { tile: [3, 4], overlap: 1 });
  const image = Float32Array.from({ length: 60 }, (_, i) => i);
  const tiles = await collect(cutTiles(plan, rowsOf(image, plan)));
  assert.equal(
    [plan.tops, plan.lefts],
    [
      [0, 2],
      [0, 2],
    ],
  );
  assert.equal(
    [...tiles[3]!],
    [0, 30].flatMap((plane) => [14, 15, 16, 17, 20, 21, 22, 23, 26, 27, 28, 29].map((at) => plane + at)),
  );
});

/** What tile i counts at a coordinate, before all are divided by their sum: a straight line up each overlap but for an eighth at either end. */
function weight(starts: readonly number[], tile: number, i: number, at: number): number {
  const up = at + 0.5 - starts[i]!;
  const down = starts[i]! + tile - at - 0.5;
  const ramp = (t: number) => Math.max(0, Math.min(1, (t - 1 / 8) / (6 / 8)));
  const before = i === 0 ? 1 : ramp(up / (starts[i - 1]! + tile - starts[i]!));
  const after = i === starts.length - 1 ? 1 : ramp(down / (starts[i]! + tile - starts[i + 1]!));
  return before * after;
}

const covering = (starts: readonly number[], tile: number, at: number) =>
  [...starts.keys()].filter((i) => starts[i]! <= at && at < starts[i]! + tile);

test("tiles that disagree are joined to their weighted mean, and one alone passes through bit for bit", async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.nat(), async (plan, seed) => {
      const { channels, height, width, tileHeight, tileWidth, tops, lefts, count } = plan;
      const tiles = Array.from({ length: count }, (_, i) =>
        numbers(channels * tileHeight * tileWidth, seed + i),
      );
      const image = await joined(plan, tiles);
      for (let i = 0; i < image.length; ++i) {
        const [c, y, x] = [Math.floor(i / width / height), Math.floor(i / width) % height, i % width];
        let [sum, all, tilesHere] = [0, 0, 0];
        for (const row of covering(tops, tileHeight, y)) {
          for (const column of covering(lefts, tileWidth, x)) {
            const w = weight(tops, tileHeight, row, y) * weight(lefts, tileWidth, column, x);
            const tile = tiles[row * lefts.length + column]!;
            const value = tile[(c * tileHeight + y - tops[row]!) * tileWidth + x - lefts[column]!]!;
            sum += w * value;
            all += w;
            ++tilesHere;
          }
        }
        const wanted = sum / all;
        if (tilesHere === 1) assert.is(image[i], Math.fround(wanted));
        else assert.ok(Math.abs(image[i]! - wanted) < 1e-6, `${image[i]} is not ${wanted}`);
      }
    }),
    { ...SEEDED, numRuns: 40 },
  );
});

test("across an overlap of 16 a tile counts nothing at its two outermost pixels, and 1/12 more with each pixel inwards", async () => {
  const plan = planTiles({ channels: 1, height: 1, width: 48 }, { tile: 32, overlap: 16 });
  assert.equal(plan.lefts, [0, 16]);
  const [row] = await collect(joinTiles(plan, [new Float32Array(32), new Float32Array(32).fill(1)]));
  const seam = [...row!.subarray(16, 32)];
  assert.equal([...row!.subarray(0, 16), ...row!.subarray(32)], [...Array(16).fill(0), ...Array(16).fill(1)]);
  assert.equal(
    seam,
    Array.from({ length: 16 }, (_, i) => Math.fround(Math.max(0, Math.min(1, (i - 1.5) / 12)))),
  );
});

test("no row is read before a tile needs it, and no tile before a row does", async () => {
  const plan = planTiles({ channels: 1, height: 20, width: 9 }, { tile: [8, 5], overlap: 2 });
  assert.equal([plan.tops, plan.lefts.length], [[0, 6, 12], 3]);
  let rowsRead = 0;
  async function* counted() {
    for (const row of rowsOf(new Float32Array(180), plan)) {
      ++rowsRead;
      yield row;
    }
  }
  const read: number[] = [];
  for await (const _ of cutTiles(plan, counted())) read.push(rowsRead);
  assert.equal(read, [8, 8, 8, 14, 14, 14, 20, 20, 20]);

  let tilesRead = 0;
  function* tiles() {
    for (; tilesRead < 9; ++tilesRead) yield new Float32Array(8 * plan.tileWidth);
  }
  const needed: number[] = [];
  for await (const _ of joinTiles(plan, tiles())) needed.push(tilesRead + 1);
  assert.equal(needed, [...Array(6).fill(3), ...Array(6).fill(6), ...Array(8).fill(9)]);
});

test("a source that reuses one array for all rows, or for all tiles, is copied in time", async () => {
  const plan = planTiles({ channels: 2, height: 30, width: 20 }, { tile: 12, overlap: 5 });
  const image = numbers(1200, 4);
  const one = (source: Iterable<Float32Array> | AsyncIterable<Float32Array>) =>
    (async function* () {
      let buffer: Float32Array | undefined;
      for await (const array of source) {
        buffer ??= new Float32Array(array.length);
        buffer.set(array);
        yield buffer;
        buffer.fill(Number.NaN);
      }
    })();
  const again = collect(joinTiles(plan, one(cutTiles(plan, one(rowsOf(image, plan))))));
  assert.equal(planesOf(await again, 2), image);
});

test("an image of 20,000 rows takes two bands and the tiles under way", async () => {
  const plan = planTiles({ channels: 3, height: 20_000, width: 120 }, { tile: 64 });
  function* rows() {
    for (let y = 0; y < plan.height; ++y) yield new Float32Array(360).fill(y);
  }
  const before = bytesInUse();
  let [y, most] = [0, 0];
  for await (const row of joinTiles(
    plan,
    mapInOrder(cutTiles(plan, rows()), 2, async (tile) => tile),
  )) {
    assert.is(row[y % 360], y);
    if (++y % 2000 === 0) most = Math.max(most, bytesInUse() - before);
  }
  const band = 4 * 3 * plan.tileHeight * plan.width;
  const tile = 4 * 3 * plan.tileHeight * plan.tileWidth;
  // tiles: four in order, one being cut, one being joined; the rows of the image are 29 MB
  assert.ok(most < 2 * band + 6 * tile + 65_536, `${most} bytes`);
});

test("who stops early, or fails, closes the sources behind", async () => {
  const plan = planTiles({ channels: 1, height: 40, width: 40 }, { tile: 16, overlap: 4 });
  let closed = 0;
  function* rows() {
    try {
      yield* rowsOf(new Float32Array(1600), plan);
    } finally {
      ++closed;
    }
  }
  const whole = () =>
    joinTiles(
      plan,
      mapInOrder(cutTiles(plan, rows()), 2, (tile) => tile),
    );
  for await (const _ of whole()) break;
  assert.is(closed, 1);

  const broken = joinTiles(
    plan,
    mapInOrder(cutTiles(plan, rows()), 2, async (tile, i) => {
      if (i === 3) throw new RangeError("tile 3 is lost");
      return tile;
    }),
  );
  assert.match(await collect(broken).catch(({ message }) => message), "tile 3 is lost");
  assert.is(closed, 2);
});

const IMAGE = { channels: 3, height: 300, width: 400 };
const REFUSED: [title: string, () => unknown, code: string, message: RegExp][] = [
  ["no image", () => planTiles(undefined as never), "invalid-option", /the image's height is undefined/],
  [
    "half a pixel",
    () => planTiles({ ...IMAGE, width: 1.5 }),
    "invalid-option",
    /the image's width is 1\.5; it must be a whole number of pixels from 1 to 16777216/,
  ],
  ["no channels", () => planTiles({ ...IMAGE, channels: 0 }), "invalid-option", /number of channels is 0/],
  ["tiles of nothing", () => planTiles(IMAGE, { tile: 0 }), "invalid-option", /the tile's height is 0/],
  [
    "three numbers",
    () => planTiles(IMAGE, { tile: [1, 2, 3] as never }),
    "invalid-option",
    /the tile has 3 numbers; it must have one, or \[height, width\]/,
  ],
  [
    "an overlap as large as a tile",
    () => planTiles(IMAGE, { tile: 64, overlap: 64 }),
    "invalid-option",
    /an overlap of 64 pixels leaves nothing of tiles that are 64 high/,
  ],
  [
    "tiles that hold no multiple",
    () => planTiles(IMAGE, { tile: 7, multiple: 8, overlap: 0 }),
    "invalid-option",
    /tiles at most 7 pixels high hold no multiple of 8/,
  ],
  ["a negative overlap", () => planTiles(IMAGE, { overlap: -1 }), "invalid-option", /the overlap is -1/],
  [
    "tiles larger than the image",
    () => gridOf(IMAGE, 301, 40, 8),
    "invalid-option",
    /the tiles are 301 pixels high, more than the image, which is 300 high/,
  ],
  [
    "too many tiles",
    () => gridOf({ height: 1, width: 65538 }, 1, 2, 1),
    "too-large",
    /65537 tiles of 2 that overlap by 1; 65536 are the most along an axis/,
  ],
  [
    "a band beyond 2 GiB",
    () => planTiles({ channels: 3, height: 300, width: 2 ** 21 }),
    "too-large",
    /a band of 158 rows of 3 x 2097152 numbers takes 3976200192 bytes/,
  ],
];
for (const [title, run, code, message] of REFUSED) {
  test(`refused: ${title}`, () => rejects(async () => run(), code, message));
}

test("the most tiles along an axis are not refused, and an overlap larger than an axis that fits is none", () => {
  assert.is(gridOf({ height: 1, width: 65537 }, 1, 2, 1).count, 65536);
  assert.equal(planTiles({ channels: 1, height: 10, width: 400 }, { tile: 224, overlap: 16 }).tops, [0]);
});

test("refused: rows and tiles that are not those of the plan", async () => {
  const plan = planTiles({ channels: 2, height: 6, width: 5 }, { tile: 4, overlap: 1 });
  const row = new Float32Array(10);
  const tile = new Float32Array(24);
  const cut = (rows: unknown[]) => () => collect(cutTiles(plan, rows as Float32Array[]));
  const join = (tiles: unknown[]) => () => collect(joinTiles(plan, tiles as Float32Array[]));
  assert.equal([plan.count, plan.tileHeight, plan.tileWidth], [4, 4, 3]);
  await rejects(cut(Array(5).fill(row)), "invalid-input", /there are 5 of 6 rows/);
  await rejects(cut(Array(7).fill(row)), "invalid-input", /more rows than the 6 of the image/);
  await rejects(cut([row, row.subarray(1)]), "invalid-input", /row 1 has 9 numbers; 2 x 5 are 10/);
  await rejects(cut([[1, 2]]), "invalid-input", /row 0 is no Float32Array/);
  await rejects(join(Array(3).fill(tile)), "invalid-input", /there are 3 of 4 tiles/);
  await rejects(join(Array(5).fill(tile)), "invalid-input", /more tiles than the 4 of the image/);
  await rejects(join([tile.subarray(4)]), "invalid-input", /tile 0 has 20 numbers; 2 x 4 x 3 are 24/);
});

test("tiles decoded by one, two or three layers at once are the same bytes, and close to the image", async () => {
  const plan = planTiles({ channels: 3, height: 70, width: 54 }, { tile: 32, overlap: 8, multiple: 2 });
  assert.is(plan.count, 6);
  const image = scene(54, 70, 3);
  const spec = {
    input: { channels: 3, height: plan.tileHeight, width: plan.tileWidth },
    filters: 24,
    kernel: 5,
    padding: 2,
    pool: 2,
  };
  const runs = await Promise.all(
    [1, 2, 3].map(async (atOnce) => {
      const idle = Array.from({ length: atOnce }, () => simd.createLayerSync(spec));
      // whoever is idle takes the next tile, and some tiles take longer than others
      const there = async (tile: Float32Array, i: number) => {
        const layer = idle.pop()!;
        await new Promise((done) => setTimeout(done, (i * 7) % 5));
        const back = layer.decode(layer.encode(tile), { iterations: 30 });
        idle.push(layer);
        return back;
      };
      const rows = joinTiles(plan, mapInOrder(cutTiles(plan, rowsOf(image, plan)), atOnce, there));
      return planesOf(await collect(rows), 3);
    }),
  );
  assert.equal(runs[1], runs[0]);
  assert.equal(runs[2], runs[0]);
  const error = relativeDistance(runs[0]!, image);
  assert.ok(error < 0.01, `the error is ${error}`);
});

test("tiles of a layer without padding of half its kernel usually overlap by more", async () => {
  for (const [kernel, padding, overlap] of [
    [5, 2, 16],
    [5, 3, 16],
    [5, 1, 48],
    [5, undefined, 48],
    [1, undefined, 16],
    [4, 2, 16],
    [4, 1, 48],
    [[1, 9], [0, 4], 16],
    [[1, 9], 0, 48],
    [[9, 1], [4, 0], 16],
    [[9, 9], [4, 3], 48],
  ] as [Pair, Pair | undefined, number][]) {
    assert.is(usualOverlap({ kernel, padding }), overlap, `${kernel}, ${padding}`);
  }
  await rejects(
    async () => usualOverlap({ kernel: 0 }),
    "invalid-option",
    /the kernel's height is 0; .* from 1/,
  );
  await rejects(
    async () => usualOverlap({ kernel: 5, padding: -1 }),
    "invalid-option",
    /the padding's height is -1; .* from 0/,
  );
  await rejects(
    async () => usualOverlap({ kernel: [5, 2.5] }),
    "invalid-option",
    /the kernel's width is 2.5/,
  );
});

test("the program of docs/tiles.md prints what stands there", () => {
  const [, program, printed] = /```js\n(.*?)```\n\n```\n(.*?)```/s.exec(
    readFileSync("docs/tiles.md", "utf8"),
  )!;
  const stdout = execFileSync(process.execPath, ["--input-type=module", "-e", program!], {
    encoding: "utf8",
  });
  assert.is(stdout, printed);
});

test.run();
