// B, the prior's change of variables, against bilinear interpolation in float64, and its transpose.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import simdProbe from "../build/kernel.probe.wasm";
import scalarProbe from "../build/kernel.probe-scalar.wasm";
import { expandOnce, levelsOf } from "./closed-forms.js";
import { openProbe } from "./kernel/open.js";
import { bits, numbers, relativeDistance, SEEDED } from "./support.js";

const [simd, scalar] = [simdProbe, scalarProbe].map(
  (bytes) => new WebAssembly.Module(bytes as BufferSource),
) as [WebAssembly.Module, WebAssembly.Module];

type Probe = Record<string, (...args: number[]) => number>;

interface Shape {
  channels: number;
  height: number;
  width: number;
  padding: [number, number];
  weight: number;
  mixed: boolean;
  seed: number;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  channels: fc.integer({ min: 1, max: 6 }),
  height: fc.integer({ min: 1, max: 21 }),
  width: fc.integer({ min: 1, max: 21 }),
  padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  weight: fc.constantFrom(0, 0.5, 1, 2),
  mixed: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

const plain = { channels: 1, padding: [0, 0] as [number, number], weight: 1, mixed: false, seed: 1 };

/** Shapes of which random ones are few: one pixel, one row, one column, powers of two and one beside. */
const CORNERS: readonly Shape[] = [
  { ...plain, height: 1, width: 1 },
  { ...plain, height: 1, width: 64, channels: 3, mixed: true },
  { ...plain, height: 33, width: 1, channels: 2, padding: [1, 3] },
  { ...plain, height: 2, width: 2 },
  { ...plain, height: 17, width: 16, channels: 4, weight: 0.7 },
  { ...plain, height: 1, width: 1, channels: 6, mixed: true, padding: [2, 2] },
  { ...plain, height: 3, width: 65, channels: 1, weight: 2 },
];

function forAllShapes(check: (shape: Shape) => void): void {
  CORNERS.forEach(check);
  fc.assert(fc.property(shapes, check), { ...SEEDED, numRuns: 60 });
}

/** A probe with a layer of this shape, its prior set, and the two vectors over the prior's variables. */
function open(module: WebAssembly.Module, { channels, height, width, padding, weight, mixed, seed }: Shape) {
  const run = openProbe<Probe>(module);
  assert.ok(run.configure!(channels, height, width, 1, 1, 1, 1, 1, ...padding, 1, 1, 0));
  const { buffer } = run.memory;
  const mixing = new Float32Array(buffer, run.mixingPointer!(), channels * channels);
  mixing.set(numbers(channels * channels, seed + 7));
  run.setPrior!(weight, mixed ? 1 : 0);
  const [u, t] = [run.firstVariables!(), run.secondVariables!()];
  const vector = (at: number) => new Float32Array(buffer, at, run.variablesLength!());
  return { run, mixing: [...mixing], at: [u, t] as const, vectors: [vector(u), vector(t)] as const };
}

/** Where a number of level `depth` lies in such a vector. */
function placeOf(
  { channels, height, width, padding }: Shape,
  depth: number,
  c: number,
  y: number,
  x: number,
) {
  if (depth === 0) return ((y + padding[0]) * (width + 2 * padding[1]) + x + padding[1]) * channels + c;
  const image = (height + 2 * padding[0]) * (width + 2 * padding[1]) * channels;
  const levels = levelsOf(height, width);
  const before = levels.slice(1, depth).reduce((sum, [h, w]) => sum + h * w, 0);
  return 8 * Math.ceil(image / 8) + 8 + (before + y * levels[depth]![1] + x) * channels + c;
}

/** Every number of a vector that counts: the image's alone, or those of all levels, channel by channel. */
function places(shape: Shape, depths: number): number[][] {
  const levels = levelsOf(shape.height, shape.width).slice(0, depths);
  return Array.from({ length: shape.channels }, (_, c) =>
    levels.flatMap(([h, w], depth) =>
      Array.from({ length: h * w }, (_, i) => placeOf(shape, depth, c, Math.floor(i / w), i % w)),
    ),
  );
}

/** M B u in float64, channel by channel. */
function expected(shape: Shape, u: Float32Array, mixing: number[]): Float64Array[] {
  const { channels, height, width, weight, mixed } = shape;
  const planes = places(shape, Infinity).map((plane) =>
    expandOnce(
      plane.map((at) => u[at]!),
      height,
      width,
      weight,
    ),
  );
  if (!mixed) return planes;
  return planes.map((_, i) =>
    planes[0]!.map((_, pixel) =>
      planes.reduce((sum, plane, j) => sum + mixing[i * channels + j]! * plane[pixel]!, 0),
    ),
  );
}

/** Random numbers where they count, zeros elsewhere. */
function fill(vector: Float32Array, where: number[][], seed: number): void {
  const draws = numbers(vector.length, seed);
  vector.fill(0);
  for (const at of where.flat()) vector[at] = draws[at]!;
}

test("expand is bilinear interpolation of level upon level, weighted, then the mixture of channels", () => {
  forAllShapes((shape) => {
    const { run, mixing, at, vectors } = open(simd, shape);
    fill(vectors[0], places(shape, Infinity), shape.seed);
    const planes = expected(shape, vectors[0], mixing);
    run.expand!(...at);
    const found = places(shape, 1).map((plane) => plane.map((i) => vectors[1][i]!));
    // seven levels of five roundings each, and the mixture's
    assert.ok(
      relativeDistance(
        found.flat(),
        planes.flatMap((plane) => [...plane]),
      ) < 3e-6,
    );
  });
});

test("a delta of each level becomes its bilinear hat: a for three levels, 0.55 for those beyond", () => {
  for (const [height, width] of [
    [33, 20],
    [1, 70],
    [19, 1],
    [8, 8],
  ] as const) {
    const shape = { ...plain, height, width, weight: 0.75 };
    const { run, mixing, at, vectors } = open(simd, shape);
    levelsOf(height, width).forEach(([h, w], depth) => {
      for (const [y, x] of [
        [0, 0],
        [h - 1, w - 1],
        [h >> 1, w >> 1],
      ] as const) {
        vectors[0].fill(0);
        vectors[0][placeOf(shape, depth, 0, y, x)] = 1;
        run.expand!(...at);
        const hat = places(shape, 1)[0]!.map((i) => vectors[1][i]!);
        assert.ok(relativeDistance(hat, expected(shape, vectors[0], mixing)[0]!) < 1e-6);
      }
      // ones at one level are a constant: the product of the weights between it and the image
      vectors[0].fill(0);
      for (let i = 0; i < h * w; ++i) vectors[0][placeOf(shape, depth, 0, Math.floor(i / w), i % w)] = 1;
      run.expand!(...at);
      const constant = 0.75 ** Math.min(depth, 3) * 0.55 ** Math.max(depth - 3, 0);
      for (const i of places(shape, 1)[0]!) assert.ok(Math.abs(vectors[1][i]! / constant - 1) < 1e-6);
    });
  }
});

test("restrict is the transpose of expand: <B u, y> = <u, B' y>", () => {
  forAllShapes((shape) => {
    const { run, at, vectors } = open(simd, shape);
    const [all, image] = [places(shape, Infinity).flat(), places(shape, 1).flat()];
    fill(vectors[0], [all], shape.seed);
    const u = vectors[0].slice();
    run.expand!(...at);
    const forward = vectors[1].slice();
    fill(vectors[1], [image], shape.seed + 1);
    const y = vectors[1].slice();
    // what stands in the coarser levels before must not matter
    for (const i of all) vectors[1][i] = 5;
    for (const i of image) vectors[1][i] = y[i]!;
    run.restrict!(at[1]);
    const backward = vectors[1];
    let [left, right, size] = [0, 0, 0];
    for (const i of image) left += forward[i]! * y[i]!;
    for (const i of all) right += u[i]! * backward[i]!;
    for (const i of all) size += (u[i]! * backward[i]!) ** 2;
    for (const i of image) size += (forward[i]! * y[i]!) ** 2;
    assert.ok(Math.abs(left - right) <= 2e-6 * Math.sqrt(size * all.length), `${left}, ${right}`);
  });
});

test("restrict has the columns of expand as its rows, entry by entry", () => {
  for (const mixed of [false, true]) {
    const shape = { ...plain, channels: 2, height: 5, width: 7, padding: [1, 0] as [number, number], mixed };
    const { run, at, vectors } = open(simd, shape);
    const [all, image] = [places(shape, Infinity).flat(), places(shape, 1).flat()];
    const unit = (where: number) => {
      for (const vector of vectors) vector.fill(0);
      return where;
    };
    const columns = all.map((j) => {
      vectors[0][unit(j)] = 1;
      run.expand!(...at);
      return image.map((i) => vectors[1][i]!);
    });
    image.forEach((i, row) => {
      vectors[1][unit(i)] = 1;
      run.restrict!(at[1]);
      all.forEach((j, column) => {
        const difference = vectors[1][j]! - columns[column]![row]!;
        assert.ok(Math.abs(difference) <= 1e-6, `entry ${i}, ${j} is off by ${difference}`);
      });
    });
  }
});

test("padding and the gaps between levels stay zero, and u is only read", () => {
  forAllShapes((shape) => {
    const { run, at, vectors } = open(simd, shape);
    const [all, image] = [new Set(places(shape, Infinity).flat()), places(shape, 1)];
    fill(vectors[0], [[...all]], shape.seed);
    const before = bits(vectors[0]);
    run.expand!(...at);
    assert.is(bits(vectors[0]), before);
    assert.ok(vectors[1].every((value, i) => all.has(i) || value === 0));
    fill(vectors[1], image, shape.seed);
    run.restrict!(at[1]);
    assert.ok(vectors[1].every((value, i) => all.has(i) || value === 0));
  });
});

test("SIMD and scalar builds expand and restrict to the same bits", () => {
  forAllShapes((shape) => {
    const [a, b] = [simd, scalar].map((module) => {
      const { run, at, vectors } = open(module, shape);
      fill(vectors[0], places(shape, Infinity), shape.seed);
      run.expand!(...at);
      const image = bits(vectors[1]);
      run.restrict!(at[1]);
      return [image, bits(vectors[1])];
    });
    assert.equal(a, b);
  });
});

test.run();
