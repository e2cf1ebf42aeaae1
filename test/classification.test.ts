// The experiment on CIFAR-10: features against the plain reference, the classifier against NumPy, interrupted runs and
// numbers of threads against each other. Threads need their module where it lies, so that one is not bundled.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openCifar10, readImages } from "../experiments/paper/cifar10.mjs";
import { openCache } from "../experiments/paper/classification/cache.mjs";
import { classify } from "../experiments/paper/classification/classifier.mjs";
import { measureStatistics, openExtractor } from "../experiments/paper/classification/extractor.mjs";
import { computeFeatures } from "../experiments/paper/classification/features.mjs";
import { halfTable, toHalf } from "../experiments/paper/classification/float16.mjs";
import { CHUNK } from "../experiments/paper/classification/gram.mjs";
import { PLANS } from "../experiments/paper/classification/plans.mjs";
import { solveRidge } from "../experiments/paper/classification/ridge.mjs";
import { PENALTIES } from "../experiments/paper/classification/targets.mjs";
import perform from "../experiments/paper/classification/worker.mjs";
import { createLayerSync } from "../src/index.js";
import { cifarBytes } from "./cifar.js";
import { workspace } from "./command.js";
import known from "./fixtures/classification.json";
import { convolve } from "./reference.js";
import { bits, numbers, relativeDistance } from "./support.js";

const { folder, file } = workspace(test);
const { openStudy } = await import(pathToFileURL(resolve("experiments/paper/classification/study.mjs")).href);

type Task = Parameters<typeof perform>[0];
const run = async (task: Task): Promise<unknown> => perform(task);

test("halves: every one of them comes back, and numbers between are rounded to the nearest, ties to even", () => {
  const table = halfTable();
  const numbers = Float32Array.from({ length: 1 << 16 }, (_, code) => table[code]!);
  const codes = toHalf(numbers);
  for (let code = 0; code < 1 << 16; ++code) {
    if (!Number.isNaN(table[code]!)) assert.is(codes[code], code);
    else assert.ok(Number.isNaN(table[codes[code]!]!));
  }
  assert.equal(
    [...toHalf(new Float32Array([1 / 3, 65519, 65520, 2 ** -25, 3 * 2 ** -25, -1e-9]))],
    [0x3555, 0x7bff, 0x7c00, 0, 2, 0x8000],
    "as NumPy rounds them",
  );
});

test("ridge regression gives NumPy's solutions for all penalties at once", () => {
  const { gram, targets, penalties, solutions } = known.system;
  const found = solveRidge(Float32Array.from(gram), Float64Array.from(targets), penalties, {
    tolerance: 1e-7,
  });
  found.solutions.forEach((solution: Float64Array, at: number) => {
    const distance = relativeDistance(solution, solutions[at]!);
    assert.ok(distance < 2e-5, `penalty ${penalties[at]}: ${distance}`);
  });
});

test("ridge regression of nothing is nothing", () => {
  const { solutions, iterations } = solveRidge(new Float32Array([2, 0, 0, 3]), new Float64Array(4), [1, 2]);
  assert.is(iterations, 0);
  assert.equal(solutions, [new Float64Array(4), new Float64Array(4)]);
});

/** Features and labels as test/fixtures/classification.py draws them, in files. */
function drawn(width: number, seed: number) {
  const [train, tests] = [500, 60];
  const labels = Uint8Array.from({ length: train + tests }, (_, image) => (image * 7) % 10);
  const noise = numbers((train + tests) * width, seed);
  const centres = numbers(10 * width, seed + 1);
  const scale = 0.4 / Math.sqrt(width / 20);
  const value = (_: unknown, i: number) => {
    // the sum in double precision: noise and centres are float32, which steps of 1/16 forgive
    const centre = centres[labels[Math.floor(i / width)]! * width + (i % width)]!;
    return Math.round(16 * (noise[i]! + scale * centre)) / 16;
  };
  const halves = toHalf(Float32Array.from(noise, (_, i) => value(_, i)));
  const pieces = (from: number, to: number) => {
    const paths = [];
    for (let first = from; first < to; first += CHUNK) {
      const piece = halves.slice(first * width, Math.min(to, first + CHUNK) * width);
      paths.push(file(`drawn-${width}/${first}.f16`, new Uint8Array(piece.buffer)));
    }
    return paths;
  };
  return {
    store: { width, train: pieces(0, train), test: pieces(train, train + tests) },
    labels: { train: labels.slice(0, train), test: labels.slice(train) },
  };
}

for (const { width, seed, right, answers } of known.cases) {
  test(`a classifier of 500 images with ${width} features chooses and answers as NumPy's does`, async () => {
    const { store, labels } = drawn(width, seed);
    const [fit] = await classify(store, labels, [500], run);
    const at = PENALTIES.indexOf(fit!.penalty);
    assert.ok(Math.max(...right) - right[at]! <= 2, `penalty ${fit!.penalty}`);
    assert.ok(Math.abs(500 * fit!.validation - right[at]!) <= 2, `${500 * fit!.validation} of 500 right`);
    assert.is(fit!.heldOut, 500);
    const expected = answers[at]!;
    const clear = expected.filter((answer) => answer >= 0).length;
    assert.ok(clear > 20, `${clear} answers are clear`);
    expected.forEach((answer, image) => {
      if (answer >= 0) assert.is(fit!.classes![image], answer, `test image ${image}`);
    });
  });
}

test("products of images and products of features make the same classifier", async () => {
  const { store, labels } = drawn(20, 5);
  const few = { ...store, width: 20 };
  const [byFeatures] = await classify(few, labels, [500], run);
  const { classifyByImages, hold } = await import("../experiments/paper/classification/by-images.mjs");
  const halves = hold(few, 500, 60);
  const byImages = await classifyByImages({ width: 20, halves, labels, images: 500, run });
  assert.equal(byImages, byFeatures);
});

test("of many features one fold alone is held out; the classifier of all images is the same", async () => {
  const { store, labels } = drawn(20, 5);
  const { classifyByFeatures } = await import("../experiments/paper/classification/by-features.mjs");
  const options = { store, labels, images: 500, run };
  const [all, one] = [await classifyByFeatures(options), await classifyByFeatures({ ...options, many: 19 })];
  assert.equal([all.heldOut, one.heldOut], [500, 125]);
  assert.ok(Math.abs(all.validation - one.validation) < 0.1, `${one.validation} beside ${all.validation}`);
  const differing = all.classes!.filter((answer, image) => answer !== one.classes![image]).length;
  assert.ok(
    differing < 6,
    `${differing} of 60 answers differ, under penalties ${all.penalty} and ${one.penalty}`,
  );
});

test("a feature that is constant changes nothing", async () => {
  const { store, labels } = drawn(20, 5);
  const widened = store.train.concat(store.test).map((path) => {
    const bytes = readFileSync(path);
    const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const rows = halves.length / 20;
    const wider = Uint16Array.from({ length: rows * 21 }, (_, i) =>
      i % 21 === 20 ? 0x2e66 : halves[Math.floor(i / 21) * 20 + (i % 21)]!,
    );
    writeFileSync(`${path}.wider`, new Uint8Array(wider.buffer));
    return `${path}.wider`;
  });
  const wide = { width: 21, train: widened.slice(0, 4), test: widened.slice(4) };
  const [[narrow], [fit]] = [
    await classify(store, labels, [500], run),
    await classify(wide, labels, [500], run),
  ];
  assert.ok(Math.abs(fit!.validation - narrow!.validation) < 0.01);
});

/** 260 training and 40 test images of noise, each class with a colour of its own. */
function images() {
  const labels = (count: number) => Array.from({ length: count }, (_, image) => (3 * image) % 10);
  const tinted = (count: number, first: number) => {
    const bytes = cifarBytes(labels(count), first);
    for (let i = 0; i < bytes.length; ++i) {
      const [image, at] = [Math.floor(i / 3073), i % 3073];
      if (at > 0 && Math.floor((at - 1) / 1024) === image % 3) bytes[i]! >>= 1;
    }
    return bytes;
  };
  file("images/train.bin", tinted(260, 0));
  file("images/test.bin", tinted(40, 7));
  return openCifar10(join(folder, "images"));
}

const random = (order: "relu-norm" | "norm-relu", grid = 16) => ({
  ...{ kind: "random" as const, order, grid, seed: 3 },
  layers: [
    { filters: 5, kernel: 3 },
    { filters: 6, kernel: 5 },
  ],
});

for (const order of ["relu-norm", "norm-relu"] as const) {
  test(`two random layers, ${order}, are those of the plain reference`, () => {
    const { train } = images();
    const pixels = readImages(train, 0, 8);
    const features = random(order, 4);
    const statistics = measureStatistics(features, pixels)!;
    const { length, compute } = openExtractor(features, statistics);
    const found = Array.from({ length: 8 }, (_, image) =>
      compute(pixels.subarray(image * 3072, (image + 1) * 3072)).slice(),
    );
    assert.is(length, 6 * 4 * 4);
    const expected = plainly(pixels, features);
    found.forEach((values, image) => {
      const distance = relativeDistance(values, expected[image]!);
      assert.ok(distance < 1e-4, `image ${image}: ${distance}`);
    });
  });
}

/** The same features, layer by layer over all images, in float64 and without folding anything. */
function plainly(bytes: Uint8Array, { layers, order, grid, seed }: ReturnType<typeof random>) {
  let [channels, side] = [3, 32];
  let planes: Float64Array[] = Array.from({ length: bytes.length / 3072 }, (_, image) =>
    Float64Array.from(bytes.subarray(image * 3072, (image + 1) * 3072)),
  );
  planes = normalise(planes, channels);
  layers.forEach(({ filters, kernel }, depth) => {
    const spec = { input: { channels, height: side, width: side }, filters, kernel };
    const { weights } = createLayerSync({ ...spec, seed: 1000 * seed + depth });
    const shape = {
      ...{ channels, height: side, width: side, filters, kernel: [kernel, kernel] as const },
      ...{ stride: [1, 1] as const, padding: [(kernel - 1) / 2, (kernel - 1) / 2] as const },
      ...{ pool: [2, 2] as const, rectifier: "none" as const },
    };
    const relu = (all: Float64Array[]) => all.map((h) => h.map((value) => Math.max(0, value)));
    const activations = planes.map((x) => convolve(shape, weights, new Float64Array(filters), x));
    planes =
      order === "relu-norm" ? normalise(relu(activations), filters) : relu(normalise(activations, filters));
    planes = planes.map((values) => maxima(values, filters, side, 2));
    [channels, side] = [filters, side / 2];
  });
  return planes.map((values) => maxima(values, channels, side, side / grid));
}

function normalise(all: Float64Array[], planes: number): Float64Array[] {
  const area = all[0]!.length / planes;
  const result = all.map((values) => values.slice());
  for (let plane = 0; plane < planes; ++plane) {
    const values = all.flatMap((one) => [...one.subarray(plane * area, (plane + 1) * area)]);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    for (const one of result) {
      for (let i = plane * area; i < (plane + 1) * area; ++i) one[i] = (one[i]! - mean) / deviation;
    }
  }
  return result;
}

function maxima(values: Float64Array, planes: number, side: number, region: number): Float64Array {
  const small = side / region;
  return Float64Array.from({ length: planes * small * small }, (_, i) => {
    const [plane, row, column] = [Math.floor(i / small ** 2), Math.floor(i / small) % small, i % small];
    let best = -Infinity;
    for (let y = row * region; y < (row + 1) * region; ++y) {
      for (let x = column * region; x < (column + 1) * region; ++x) {
        best = Math.max(best, values[(plane * side + y) * side + x]!);
      }
    }
    return best;
  });
}

/** Names and bytes of all pieces. */
function piecesOf(path: string) {
  return readdirSync(path)
    .filter((name) => name.endsWith(".f16"))
    .sort()
    .map((name) => [name, bits(readFileSync(join(path, name)))]);
}

test("features that were interrupted go on where they stopped and are those of one run, byte for byte", async () => {
  const { train, test: tests } = images();
  const features = random("relu-norm");
  const compute = (name: string, perform: typeof run) => {
    const cache = openCache(join(folder, name), features);
    return { cache, done: computeFeatures({ features, train, test: tests, cache, run: perform }) };
  };
  const whole = compute("uninterrupted", run);
  const store = await whole.done;
  assert.equal([store.width, store.train.length, store.test.length], [6 * 8 * 8, 3, 1]);

  let left = 2;
  const stopped = compute("interrupted", async (task) => {
    if (task.work === "features" && left-- === 0) throw new Error("stopped");
    return run(task);
  });
  let message = "";
  await stopped.done.catch((error) => {
    message = error.message;
  });
  assert.is(message, "stopped");
  const kept = piecesOf(stopped.cache.folder).length;
  assert.ok(kept > 0 && kept < 4, `${kept} of 4 pieces were kept`);

  let computed = 0;
  await compute("interrupted", async (task) => {
    computed += 1;
    return run(task);
  }).done;
  assert.is(computed, 4 - kept, "what was kept is not computed again");
  assert.equal(piecesOf(stopped.cache.folder), piecesOf(whole.cache.folder));
});

test("another specification finds nothing of the first in the cache", () => {
  const root = join(folder, "keys");
  const first = openCache(root, random("relu-norm"));
  first.write("a", "1");
  for (const other of [random("norm-relu"), { ...random("relu-norm"), seed: 4 }, random("relu-norm", 4)]) {
    assert.not.ok(openCache(root, other).has("a"));
  }
  const again = openCache(root, random("relu-norm"));
  assert.ok(again.has("a"));
  again.drop("a");
  assert.not.ok(existsSync(again.path("a")));
});

/** A plan of one small network. */
const PLAN = {
  ...PLANS.quick!,
  ...{ train: 260, test: 40, curve: [250] },
  search: { images: 250, filters: [3, 4] },
};

/** What a study of the small images finds, in a cache and with threads of its own. */
async function study(name: string, threads: number, limit?: () => void) {
  const weights = file("filters.safetensors", "no learned filters here");
  const options = { images: images(), plan: PLAN, weights, progress: () => {}, limit, threads };
  const parts = openStudy({ ...options, root: join(folder, name) });
  try {
    const kernels = await parts.chooseKernels([[3], [5]], 1);
    const fits = await parts.fit(random("relu-norm"), true);
    return JSON.stringify({ kernels, fits });
  } finally {
    await parts.close();
  }
}

test("one thread, two threads and a run that was stopped at each of its tasks find the same", async () => {
  const one = await study("one", 1);
  assert.is(await study("two", 2), one);
  assert.is(await study("two", 2), one, "from the cache");
  assert.equal(JSON.parse(one).fits.fits.length, 2);
  let stops = 0;
  for (let found = ""; found === ""; ) {
    // each run does three tasks more than the one before could
    let tasks = 0;
    const limit = () => {
      if (++tasks > 3 * (stops + 1)) throw new Error("the time is up");
    };
    try {
      found = await study("stopped", 2, limit);
      assert.is(found, one);
    } catch (error) {
      assert.is((error as Error).message, "the time is up");
      stops += 1;
    }
  }
  assert.ok(stops >= 3, `stopped ${stops} times`);
  const left = readdirSync(join(folder, "stopped"), { recursive: true }).map(String);
  assert.not.ok(
    left.some((name) => name.endsWith(".f16") || name.endsWith(".tmp")),
    "features are gone at the end",
  );
});

test.run();
