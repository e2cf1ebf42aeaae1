// Parts of the service by themselves: its cache, its memory, its reckoning; and whatever requests may hold.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LayerCache, type Lease } from "../src/edge/cache.js";
import { costOf } from "../src/edge/cost.js";
import { MemoryBudget } from "../src/edge/memory.js";
import { PROBLEMS } from "../src/edge/problems.js";
import { UnpoolError } from "../src/errors.js";
import { estimateMemory, type LayerSpec } from "../src/geometry.js";
import type { Layer } from "../src/layer.js";
import type { Solver } from "../src/plan.js";
import { planesOf, pngOf, post, serviceWith, succeeds } from "./edge-calls.js";
import { hasCode } from "./refusals.js";
import { coarseNumbers, inputLength, SEEDED, simd, specs } from "./support.js";

const spec = (seed: number, size = 8): LayerSpec => ({
  input: { channels: 1, height: size, width: size },
  ...{ filters: 2, kernel: 3, seed },
});
const BYTES = estimateMemory(spec(0));

test("a layer is kept for the next request of the same specification, however it is written", async () => {
  const cache = new LayerCache(simd, 10 * BYTES);
  const first = await cache.lease(spec(1));
  first.release();
  assert.is(cache.idleBytes, BYTES);
  const again = await cache.lease({ ...spec(1), kernel: [3, 3], stride: 1, rectifier: "none" });
  assert.is(again.codec, first.codec);
  assert.is(cache.idleBytes, 0);
  const other = await cache.lease(spec(2));
  assert.is.not(other.codec, first.codec);
});

test("layers that were used least recently are disposed once those kept are more than the cache holds", async () => {
  const cache = new LayerCache(simd, 2 * BYTES);
  const leases: Lease<Layer>[] = [];
  for (const seed of [1, 2, 3]) leases.push(await cache.lease(spec(seed)));
  leases[1]!.release();
  leases[0]!.release();
  assert.is(cache.idleBytes, 2 * BYTES);
  leases[2]!.release();
  await Promise.resolve();
  assert.is(cache.idleBytes, 2 * BYTES);
  assert.is(cache.size, 2);
  // the first of all was asked for least recently
  assert.throws(() => leases[0]!.codec.memoryBytes, hasCode("disposed"));
  assert.is(leases[1]!.codec.memoryBytes, BYTES);
  assert.is(leases[2]!.codec.memoryBytes, BYTES);
});

test("a layer that is in use is not disposed, whoever else releases it", async () => {
  const cache = new LayerCache(simd, 0);
  const [one, two] = await Promise.all([cache.lease(spec(1)), cache.lease(spec(1))]);
  assert.is(one.codec, two.codec);
  one.release();
  one.release(); // a second time is none
  await Promise.resolve();
  assert.is(two.codec.memoryBytes, BYTES);
  assert.is(cache.size, 1);
  two.release();
  await Promise.resolve();
  assert.is(cache.size, 0);
  assert.is(cache.idleBytes, 0);
  assert.throws(() => two.codec.memoryBytes, hasCode("disposed"));
});

test("a layer that could not be made is tried again by the next request", async () => {
  let failures = 1;
  const flaky = {
    ...simd,
    createLayer: async (given: LayerSpec) => {
      if (failures-- > 0) throw new UnpoolError("too-large", "this host has no memory for another layer");
      return simd.createLayer(given);
    },
  };
  const cache = new LayerCache(flaky, 10 * BYTES);
  const both = await Promise.allSettled([cache.lease(spec(1)), cache.lease(spec(1))]);
  for (const { status } of both) assert.is(status, "rejected");
  assert.is((both[0] as PromiseRejectedResult).reason.code, "busy-service");
  const lease = await cache.lease(spec(1));
  assert.is(cache.size, 1);
  lease.release();
  assert.is(cache.idleBytes, BYTES);
});

test("a budget is what all shares may hold, and a share may not hold more", () => {
  const budget = new MemoryBudget(100);
  const [one, two] = [budget.open(Infinity), budget.open(Infinity)];
  one.take(60, "the body");
  two.take(40, "the body");
  assert.is(budget.reserved, 100);
  const code = (wanted: string) => (error: unknown) => (error as { code: string }).code === wanted;
  assert.throws(() => two.take(1, "the layer"), code("busy-service"));
  assert.throws(() => two.take(61, "the layer"), hasCode("too-large"));
  one.give(10);
  two.take(10, "the layer");
  one.release();
  two.release();
  assert.is(budget.reserved, 0);
});

test("what a request held that its host has dropped is free some time after it should have ended", () => {
  const budget = new MemoryBudget(100);
  const now = performance.now();
  let ended = 0;
  const [late, dropped] = [budget.open(now - 1), budget.open(now - 20_000)];
  dropped.atEnd(() => {
    ended += 1;
  });
  dropped.take(60, "the body");
  late.take(10, "the body");
  const next = budget.open(Infinity);
  assert.is(ended, 1);
  assert.is(budget.reserved, 10);
  next.take(90, "the body");
  dropped.release();
  assert.is(ended, 1);
  assert.is(budget.reserved, 100);
});

test("no decoding multiplies more than was reckoned", () => {
  fc.assert(
    fc.property(
      specs,
      fc.constantFrom<"least-squares" | Solver>("least-squares", "scaled", "whitened", "hybrid"),
      fc.integer({ min: 1, max: 30 }),
      (given, method, iterations) => {
        const layer = simd.createLayerSync(given);
        const { channels, height, width, filters, kernel, stride, padding } = layer.geometry;
        const along = (axis: 0 | 1, size: number) =>
          Math.floor((size + 2 * padding[axis] - kernel[axis]) / stride[axis]) + 1;
        const product = filters * along(0, height) * along(1, width) * channels * kernel[0] * kernel[1];
        const { begin, iteration } = costOf(given);
        layer.decode(layer.encode(coarseNumbers(inputLength(layer))), { method, iterations, tolerance: 0 });
        assert.ok(layer.report.products * product <= begin + iterations * iteration);
        layer.dispose();
      },
    ),
    SEEDED,
  );
});

const small = await pngOf(13, 17);
const code = await succeeds(post(serviceWith(), "/encode?filters=3", small));

/** A value as clients write them, and as they should not. */
const text = fc.oneof(
  fc.constantFrom(
    "1",
    "2",
    "3",
    "5",
    "8",
    "3x5",
    "none",
    "global",
    "true",
    "int4",
    "float16",
    "relu",
    "crelu",
  ),
  fc.constantFrom("0", "-1", "1e3", "", "x", "16777216", "99999999999999999999", "NaN", "0x10", "３"),
  fc.string({ maxLength: 4 }),
);
const name = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom("filters", "kernel", "stride", "padding", "pool", "rectifier", "seed"),
  },
  { weight: 10, arbitrary: fc.constantFrom("values", "deflate", "tile", "overlap", "iterations", "method") },
  { weight: 5, arbitrary: fc.constantFrom("channels", "height", "width", "format", "tolerance", "unitNorm") },
  fc.string({ maxLength: 5 }),
);

test("whatever the query, the answer is a result or a refusal, and never a fault", async () => {
  const service = serviceWith({ limits: { work: 1e9 } });
  const statuses = new Set([200, ...Object.values(PROBLEMS).map(([status]) => status)]);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("/encode", "/decode", "/invert"),
      fc.array(fc.tuple(name, text), { maxLength: 4 }),
      fc.constantFrom<BodyInit>(small, code, planesOf(4, 4)),
      async (path, query, body) => {
        const response = await post(service, `${path}?${new URLSearchParams(query)}`, body);
        await response.arrayBuffer();
        assert.ok(statuses.has(response.status) && response.status < 500, String(response.status));
      },
    ),
    { ...SEEDED, numRuns: 600 },
  );
});

test("whatever happens to the bytes of a picture or a file, the answer is a result or a refusal", async () => {
  const service = serviceWith({ limits: { work: 1e9 } });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(["/encode?filters=2", small] as const, ["/decode?iterations=2", code] as const),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }),
      fc.option(fc.nat()),
      async ([path, whole], changes, end) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const response = await post(
          service,
          path,
          end === null ? bytes : bytes.subarray(0, end % bytes.length),
        );
        await response.arrayBuffer();
        assert.ok(response.status < 500, String(response.status));
      },
    ),
    { ...SEEDED, numRuns: 600 },
  );
});

test.run();
