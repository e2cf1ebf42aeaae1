// The reference against PyTorch, and against what must hold of it whatever the numbers.

import { test } from "uvu";
import * as assert from "uvu/assert";
import torch from "./fixtures/torch.json";
import {
  analyseAt,
  analyseExactly32,
  type Code,
  codeSize,
  convolve,
  convolveTransposed,
  iht,
  keepLargest,
  leastSquares,
  operatorNormSquared,
  pool,
  type Shape,
  synthesise,
} from "./reference";

interface Case {
  name: string;
  shape: Shape;
  weights: number[];
  bias: number[];
  x: number[];
  values: number[];
  switches: number[];
  synthesis: number[];
  largestEigenvalue: number;
  leastSquares?: { values: number[]; solution: number[] };
}

const cases = torch as unknown as Case[];

function codeOf(values: number[], switches: number[]): Code {
  return { values: Float64Array.from(values), switches: Uint32Array.from(switches) };
}

/** Numbers between -1 and 1 that repeat no pattern of the layer. */
function irregular(length: number, seed: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => Math.sin((i + 1) * (i + seed)));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function relativeError(actual: Float64Array, expected: number[]): number {
  assert.is(actual.length, expected.length);
  return norm(actual.map((value, i) => value - expected[i]!)) / norm(Float64Array.from(expected));
}

for (const { name, shape, weights, bias, x, ...expected } of cases) {
  test(`${name}: values and switches equal PyTorch's exactly`, () => {
    const code = pool(shape, convolve(shape, weights, bias, x));
    assert.equal([...code.values], expected.values);
    assert.equal([...code.switches], expected.switches);
  });

  test(`${name}: the synthesis equals PyTorch's`, () => {
    const synthesis = synthesise(shape, weights, codeOf(expected.values, expected.switches));
    assert.ok(relativeError(synthesis, expected.synthesis) < 1e-11);
  });

  test(`${name}: the largest eigenvalue of W'W equals PyTorch's`, () => {
    const largest = operatorNormSquared(shape, weights);
    assert.ok(Math.abs(largest / expected.largestEigenvalue - 1) < 1e-9, `${largest}`);
  });

  test(`${name}: float32 arithmetic is exact on these numbers`, () => {
    const exact = convolve(shape, weights, bias, x);
    assert.equal([...analyseExactly32(shape, weights, bias, x)], [...exact]);
  });

  test(`${name}: the synthesis is the adjoint of the analysis at the switches`, () => {
    const u = irregular(x.length, 1);
    const z = irregular(expected.values.length, 2);
    const analysed = analyseAt(shape, weights, expected.switches, u);
    const synthesised = synthesise(shape, weights, {
      values: z,
      switches: Uint32Array.from(expected.switches),
    });
    const size = norm(analysed) * norm(z);
    assert.ok(Math.abs(dot(analysed, z) - dot(u, synthesised)) < 1e-13 * size);
  });

  test(`${name}: the transposed convolution is the adjoint of the convolution`, () => {
    const u = irregular(x.length, 3);
    const convolved = convolve(shape, weights, new Float64Array(shape.filters), u);
    const h = irregular(convolved.length, 4);
    const size = norm(convolved) * norm(h);
    assert.ok(Math.abs(dot(convolved, h) - dot(u, convolveTransposed(shape, weights, h))) < 1e-13 * size);
  });

  test(`${name}: without bias, the analysis at the switches gives the positive values again`, () => {
    const { values, switches } = pool(shape, convolve(shape, weights, new Float64Array(shape.filters), x));
    const again = analyseAt(shape, weights, switches, x);
    const kept = again.map((value, i) => (shape.rectifier !== "none" && values[i] === 0 ? 0 : value));
    assert.equal([...kept], [...values]);
  });

  test(`${name}: one step of IHT from zero is analysis, pooling and the k largest`, () => {
    const { values, switches } = pool(shape, convolve(shape, weights, new Float64Array(shape.filters), x));
    const k = Math.ceil(values.length / 3);
    assert.equal(iht(shape, weights, x, k, 1, 1), keepLargest(values, switches, k));
  });

  test(`${name}: IHT with step 1/L never raises the residual`, () => {
    const step = 1 / expected.largestEigenvalue;
    const k = Math.ceil(expected.values.length / 3);
    let last = norm(Float64Array.from(x));
    for (let iterations = 1; iterations <= 5; ++iterations) {
      const code = iht(shape, weights, x, k, step, iterations);
      const residual = norm(synthesise(shape, weights, code).map((value, i) => x[i]! - value));
      assert.ok(residual <= last * (1 + 1e-12), `${residual} after ${last}`);
      last = residual;
    }
  });

  if (expected.leastSquares) {
    const { values, solution } = expected.leastSquares;

    test(`${name}: the least-squares solution of a disturbed code equals PyTorch's`, () => {
      const decoded = leastSquares(shape, weights, bias, codeOf(values, expected.switches));
      assert.ok(relativeError(decoded, solution) < 1e-10);
    });

    test(`${name}: least squares recovers the input from its own code`, () => {
      const decoded = leastSquares(shape, weights, bias, codeOf(expected.values, expected.switches));
      assert.ok(relativeError(decoded, x) < 1e-12);
    });
  }
}

const pair: Shape = {
  channels: 1,
  height: 1,
  width: 5,
  filters: 1,
  kernel: [1, 1],
  stride: [1, 1],
  padding: [0, 0],
  pool: [1, 2],
  rectifier: "none",
};

test("without rectifier a region keeps the sign, the lowest position wins a tie, the remainder is dropped", () => {
  assert.equal(pool(pair, [-3, 3, 1, -2, 9]), codeOf([-3, -2], [0, 1]));
});

test("a rectified region without a positive entry has value 0 and switch 0", () => {
  assert.equal(pool({ ...pair, rectifier: "relu" }, [-3, -2, -4, 5, 9]), codeOf([0, 5], [0, 1]));
});

test("crelu pools the negatives of the activations into planes of their own", () => {
  assert.equal(codeSize({ ...pair, rectifier: "crelu" }), [2, 1, 2]);
  assert.equal(pool({ ...pair, rectifier: "crelu" }, [-3, 2, -4, -5, 9]), codeOf([2, 0, 3, 5], [1, 0, 0, 1]));
});

test("the k largest are chosen by magnitude, the lowest index first among equals", () => {
  assert.equal(keepLargest([1, -2, 2, 3], [5, 6, 7, 8], 2), codeOf([0, -2, 0, 3], [0, 6, 0, 8]));
});

test("the float32 reference rounds after every product and every sum, in its own order", () => {
  const shape: Shape = { ...pair, width: 3, kernel: [1, 3], pool: [1, 1] };
  const tenth = Math.fround(0.1);
  const product = Math.fround(tenth * tenth);
  const sum = Math.fround(Math.fround(product + product) + product);
  const exactly = analyseExactly32(shape, [tenth, tenth, tenth], [1], [tenth, tenth, tenth]);
  assert.equal([...exactly], [Math.fround(sum + 1)]);
});

test.run();
