// Least squares by plans against dense closed forms: whitened variables, inequalities, estimated switches, noise, starts.

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LayerSpec } from "../src/geometry.js";
import type { Layer } from "../src/layer.js";
import {
  equationsOf,
  excessesOf,
  norm,
  poolResidualOf,
  priorCovariance,
  regionsOf,
  smallestSolution,
  smoothInput,
} from "./closed-forms.js";
import * as reference from "./reference.js";
import { bits, inputLength, numbers, relativeDistance, shapeOf, simd } from "./support.js";

/** 64 values for 330 numbers. */
const FEW: LayerSpec = {
  input: { channels: 3, height: 11, width: 10 },
  filters: 4,
  kernel: 3,
  pool: 2,
  seed: 3,
};
/** 768 values, or a few less, for 243 numbers. */
const MANY: LayerSpec = {
  input: { channels: 3, height: 9, width: 9 },
  filters: 48,
  kernel: 4,
  padding: 1,
  pool: 2,
  seed: 4,
};
const SOLVERS = ["scaled", "whitened", "hybrid"] as const;
const COVARIANCE = [2, 0.9, 0.4, 0.9, 1, -0.3, 0.4, -0.3, 0.7];
const UNIT = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Biases of both signs. */
function biases(filters: number): Float32Array {
  return numbers(filters, 12).map((value) => 0.3 * value);
}

function energy(excesses: readonly number[]): number {
  return norm(excesses);
}

function toReference({ values, switches }: { values: Float32Array; switches: ArrayLike<number> }) {
  return { values: Float64Array.from(values), switches: Uint32Array.from(switches) };
}

test("whitened least squares is the solution of least norm in the prior's variables, as solved densely", () => {
  const cases: { spec: object; smoothness: number; correlation: number | number[]; mixing: number[] }[] = [
    { spec: {}, smoothness: 1, correlation: COVARIANCE, mixing: COVARIANCE },
    { spec: {}, smoothness: 0, correlation: COVARIANCE, mixing: COVARIANCE },
    { spec: {}, smoothness: 0, correlation: 0, mixing: UNIT },
    { spec: { padding: 1 }, smoothness: 1, correlation: 0.7, mixing: UNIT.map((v) => (v ? 1 : 0.7)) },
    { spec: { rectifier: "relu", bias: biases(4) }, smoothness: 0.5, correlation: 0, mixing: UNIT },
    {
      spec: { rectifier: "crelu", filters: 3, bias: biases(3) },
      smoothness: 1,
      correlation: 0,
      mixing: UNIT,
    },
  ];
  for (const { spec, smoothness, correlation, mixing } of cases) {
    const layer = simd.createLayerSync({ ...FEW, ...spec });
    const code = layer.encode(numbers(inputLength(layer), 2));
    const { rows, target } = equationsOf(layer, code);
    const expected = smallestSolution(rows, target, priorCovariance(layer, smoothness, mixing));
    const options = { method: "whitened", smoothness, correlation, inequalities: false } as const;
    const found = layer.decode(code, { ...options, iterations: 500, tolerance: 0 });
    const distance = relativeDistance(found, expected);
    assert.ok(distance < 2e-5, `${JSON.stringify(spec)}, smoothness ${smoothness}: ${distance}`);
  }
});

test("without a prior the least norm is that of x itself, and the defaults of a picture are its prior", () => {
  const layer = simd.createLayerSync(FEW);
  const code = layer.encode(smoothInput(layer));
  const options = { method: "whitened", inequalities: false, iterations: 60 } as const;
  const picture = layer.decode(code, options);
  assert.is(bits(layer.decode(code, { ...options, smoothness: 1, correlation: 0.7 })), bits(picture));
  const bare = layer.decode(code, { ...options, smoothness: 0, correlation: 0 });
  assert.ok(norm(bare) < norm(picture));
  const x = smoothInput(layer);
  assert.ok(relativeDistance(picture, x) < 0.5 * relativeDistance(bare, x));
});

test("where the equations determine the input every solver finds the one solution, consistent or not", () => {
  for (const change of [{}, { rectifier: "crelu", filters: 24, bias: biases(24) }] as Partial<LayerSpec>[]) {
    const layer = simd.createLayerSync({ ...MANY, ...change });
    const x = numbers(inputLength(layer), 6);
    const code = layer.encode(x);
    const noisy = { ...code, values: code.values.map((v, i) => v * (1 + 0.05 * Math.sin(i * i))) };
    const expected = reference.leastSquares(shapeOf(layer), layer.weights, layer.bias, toReference(noisy));
    for (const method of SOLVERS) {
      // the violations of disturbed values are rows of their own: without them
      for (const inequalities of [false, true]) {
        const found = layer.decode(code, { method, inequalities, iterations: 400 });
        assert.ok(relativeDistance(found, x) < 2e-5, `${method}: ${relativeDistance(found, x)}`);
      }
      const found = layer.decode(noisy, { method, inequalities: false, iterations: 400, tolerance: 1e-7 });
      // of a residual that stays least squares ends when it falls by less than a thousandth: early, where it falls slowly
      const tolerance = { scaled: 5e-4, whitened: 5e-3, hybrid: 5e-4 }[method];
      assert.ok(
        relativeDistance(found, expected) < tolerance,
        `${method}: ${relativeDistance(found, expected)}`,
      );
      assert.is(layer.report.solver, method);
      assert.is(layer.report.reason, "as asked");
    }
  }
});

test("the inequalities of pooling make violations fewer and smaller, and the error no larger", () => {
  const changes: Partial<LayerSpec>[] = [
    {},
    { bias: biases(4) },
    { padding: 1 },
    { rectifier: "relu", filters: 8 },
    { rectifier: "relu", filters: 8, bias: biases(8) },
    { rectifier: "crelu", filters: 3, bias: biases(3) },
    { pool: 4 },
    { pool: "global", filters: 40 },
    { pool: "global", filters: 30, rectifier: "relu", bias: biases(30) },
  ];
  for (const change of changes) {
    const layer = simd.createLayerSync({ ...FEW, ...change });
    const x = smoothInput(layer);
    const code = layer.encode(x);
    assert.equal(excessesOf(layer, code, x), [], "the input itself violates nothing");
    const without = layer.decode(code, { inequalities: false, iterations: 100 });
    const heeded = layer.decode(code, { iterations: 100 });
    const [before, after] = [without, heeded].map((y) => excessesOf(layer, code, y)) as [number[], number[]];
    const name = JSON.stringify(change).slice(0, 60);
    assert.ok(before.length > 0, name);
    assert.ok(after.length < before.length, name);
    assert.ok(energy(after) < 0.5 * energy(before), name);
    assert.ok(relativeDistance(heeded, x) < relativeDistance(without, x), name);
  }
});

test("a rectified region of value 0 says that no entry is positive, and crelu's planes say so of either sign", () => {
  for (const rectifier of ["relu", "crelu"] as const) {
    const layer = simd.createLayerSync({ ...FEW, filters: 8, rectifier, bias: biases(8) });
    const code = layer.encode(numbers(inputLength(layer), 21));
    const zero = [...code.values.keys()].filter((i) => code.values[i] === 0);
    assert.ok(zero.length > 5, `${zero.length} regions`);
    const most = (y: Float32Array) => {
      const regions = regionsOf(layer, y);
      return Math.max(...zero.map((i) => Math.max(...regions[i]!)));
    };
    const scale = norm(code.values) / Math.sqrt(code.values.length);
    const [without, heeded] = [false, true].map((inequalities) =>
      most(layer.decode(code, { inequalities, iterations: 200 })),
    ) as [number, number];
    assert.ok(without > 0.02 * scale, `${rectifier}: ${without / scale}`);
    assert.ok(heeded < 0.2 * without, `${rectifier}: ${without / scale} then ${heeded / scale}`);
  }
});

test("from the input itself nothing is violated and nothing moves", () => {
  for (const change of [
    {},
    { rectifier: "relu" },
    { rectifier: "crelu", bias: biases(4) },
    { pool: "global" },
  ]) {
    const layer = simd.createLayerSync({ ...FEW, ...change } as LayerSpec);
    const x = numbers(inputLength(layer), 8);
    const code = layer.encode(x);
    for (const method of SOLVERS) {
      const y = layer.decode(code, { method, start: x, iterations: 100 });
      assert.is(bits(y), bits(x));
      assert.equal([layer.report.stopped, layer.report.iterations], ["converged", 0], method);
    }
  }
});

test("fixed switches are the middle of every region, whatever the code's are or if there are none", () => {
  for (const pool of [2, 3, [1, 4]] as const) {
    const layer = simd.createLayerSync({ ...FEW, filters: 20, pool });
    const x = smoothInput(layer);
    const { values, switches } = layer.encode(x);
    const [height, width] = layer.geometry.pool;
    const middle = switches.slice().fill((height >> 1) * width + (width >> 1));
    for (const method of ["least-squares", "synthesis", ...SOLVERS] as const) {
      const options = { method, iterations: 20, inequalities: false };
      const fixed = layer.decode({ values }, { ...options, switches: "fixed" });
      const solver = method === "least-squares" ? "whitened" : method;
      assert.is(
        bits(fixed),
        bits(layer.decode({ values, switches: middle }, { ...options, method: solver })),
      );
      for (const nonsense of [switches, switches.slice().fill(255), new Uint8Array(3), "none", null]) {
        const code = { values, switches: nonsense as Uint8Array };
        const again = layer.decode(code, { ...options, inequalities: true, switches: "fixed" });
        assert.is(bits(again), bits(fixed));
      }
    }
  }
});

test("unknown switches are estimated: a smooth picture comes back far better than with fixed ones", () => {
  for (const [rectifier, filters] of [
    ["none", 48],
    ["relu", 96],
    ["crelu", 40],
  ] as const) {
    const layer = simd.createLayerSync({ ...MANY, filters, rectifier, bias: biases(filters) });
    const x = smoothInput(layer);
    const { values, switches } = layer.encode(x);
    const fixed = relativeDistance(layer.decode({ values }, { switches: "fixed" }), x);
    const y = layer.decode({ values }, { switches: "unknown" });
    const { solver, reason, poolResidual, method } = layer.report;
    assert.ok(relativeDistance(y, x) < 0.5 * fixed, `${rectifier}: ${fixed}, then ${relativeDistance(y, x)}`);
    assert.ok(
      Math.abs(poolResidual - poolResidualOf(layer, { values, switches }, y)) < 1e-5 * (1 + poolResidual),
    );
    assert.equal([method, solver], ["least-squares", "whitened"]);
    assert.match(reason, /switches unknown/);
    const nonsense = switches.slice().fill(200);
    assert.is(bits(layer.decode({ values, switches: nonsense }, { switches: "unknown" })), bits(y));
    layer.decode({ values, switches });
    assert.ok(Number.isNaN(layer.report.poolResidual));
  }
});

test("however early estimated switches end, the pool residual is that of the result", () => {
  const layer = simd.createLayerSync({ ...MANY, filters: 24 });
  const code = layer.encode(smoothInput(layer));
  const aborted = { signal: { aborted: true } };
  for (const options of [{ iterations: 1 }, { iterations: 4 }, { iterations: 30 }, aborted, { budget: 0 }]) {
    const y = layer.decode(code, { ...options, switches: "unknown" });
    const { poolResidual } = layer.report;
    const expected = poolResidualOf(layer, code, y);
    assert.ok(Math.abs(poolResidual - expected) < 1e-5, `${poolResidual} where ${expected} is true`);
  }
});

test("with noise least squares ends at the discrepancy, no later than without and no better than it should", () => {
  for (const [spec, method] of [
    [MANY, "scaled"],
    [MANY, "hybrid"],
    [FEW, "whitened"],
  ] as const) {
    for (const inequalities of [false, true]) {
      const layer: Layer = simd.createLayerSync(spec);
      const code = layer.encode(smoothInput(layer));
      const sigma = (0.03 * norm(code.values)) / Math.sqrt(code.values.length);
      // uniform on +- sqrt(3) sigma
      const errors = numbers(code.values.length, 31).map((v) => v * Math.sqrt(3) * sigma);
      const noisy = { ...code, values: code.values.map((v, i) => v + errors[i]!) };
      const options = { method, inequalities, iterations: 100 };
      const exact = bits(layer.decode(noisy, options));
      const { iterations } = layer.report;
      assert.is(bits(layer.decode(noisy, { ...options, noise: 0 })), exact);
      layer.decode(noisy, { ...options, noise: sigma });
      const { report } = layer;
      const [m, n] = [code.values.length, inputLength(layer)];
      const bound = (sigma * m) / Math.sqrt(m + n) / norm(noisy.values);
      assert.is(report.stopped, "discrepancy");
      assert.ok(report.iterations < iterations);
      assert.ok(
        report.residual <= bound && report.residual > 0.3 * bound,
        `${method}: ${report.residual / bound}`,
      );
      assert.ok(report.residuals.slice(0, -1).filter((r) => r <= bound).length <= 3); // one a stretch
    }
  }
});

test("a start is where least squares begins: the solution is at once the result, any other leads to it", () => {
  for (const method of SOLVERS) {
    const layer = simd.createLayerSync(MANY);
    const x = numbers(inputLength(layer), 5);
    const code = layer.encode(x);
    const cold = layer.decode(code, { method, iterations: 300 });
    for (const loud of [0.1, 1, 30, 1e3]) {
      const start = numbers(x.length, 77).map((v) => loud * v);
      const before = bits(start);
      const warm = layer.decode(code, { method, start, iterations: 300 });
      const distance = relativeDistance(warm, x);
      // float32 rounds the start by 6e-8 of it, times the condition number of whitened variables, some 170
      assert.ok(distance < 2e-5 + 1e-5 * loud, `${method}, start times ${loud}: ${distance}`);
      // the rounding of a loud start stays
      assert.ok(
        ["converged", loud > 100 ? "stagnated" : ""].includes(layer.report.stopped),
        `start times ${loud}`,
      );
      assert.is(bits(start), before);
    }
    const again = layer.decode(code, { method, start: cold, iterations: 300 });
    assert.is(bits(again), bits(cold));
    assert.equal([layer.report.stopped, layer.report.iterations], ["converged", 0], method);
    // so near it still violates something
    const options = { method, inequalities: false, iterations: 300 };
    const near = layer.decode(code, { ...options, tolerance: 1e-3 });
    layer.decode(code, { ...options, start: near, tolerance: 1.1e-3 });
    assert.equal([layer.report.stopped, layer.report.iterations], ["converged", 0], method);
    const out = cold.slice();
    assert.is(layer.decode(code, { method, start: out, out, iterations: 300 }), out);
    assert.is(bits(out), bits(again));
  }
});

test("a start that solves the equations but violates what pooling says is not the end", () => {
  const layer = simd.createLayerSync(FEW);
  const code = layer.encode(smoothInput(layer));
  const start = layer.decode(code, { inequalities: false, iterations: 300 });
  const y = layer.decode(code, { start, iterations: 100 });
  assert.ok(layer.report.iterations > 0);
  const [before, after] = [start, y].map((x) => norm(excessesOf(layer, code, x))) as [number, number];
  assert.ok(after < 0.5 * before, `${before}, then ${after}`);
});

test("a start is kept where the equations leave it open", () => {
  const layer = simd.createLayerSync(FEW);
  const x = numbers(inputLength(layer), 9);
  const code = layer.encode(x);
  const start = x.map((v, i) => v + 0.1 * Math.sin(i));
  const warm = layer.decode(code, { start, inequalities: false, iterations: 300 });
  const { rows, target } = equationsOf(layer, code);
  const prior = priorCovariance(
    layer,
    1,
    UNIT.map((v) => (v ? 1 : 0.7)),
  );
  const left = target.map((value, i) => value - rows[i]!.reduce((sum, a, j) => sum + a * start[j]!, 0));
  const expected = smallestSolution(rows, left, prior).map((v, i) => v + start[i]!);
  assert.ok(relativeDistance(warm, expected) < 2e-5, String(relativeDistance(warm, expected)));
});

test.run();
