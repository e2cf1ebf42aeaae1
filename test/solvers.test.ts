import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LayerSpec } from "../src/geometry.js";
import { SPECS } from "./conformance/specs.js";
import torchCases from "./fixtures/torch.json";
import * as reference from "./reference.js";
import { inputLength, numbers, relativeDistance, shapeOf, simd } from "./support.js";

const IMAGE: LayerSpec = {
  input: { channels: 3, height: 16, width: 16 },
  filters: 64,
  kernel: 5,
  pool: 2,
  seed: 5,
};

/** Plain conjugate gradients with column scaling, whatever the input is. */
const SCALED = { method: "scaled", inequalities: false } as const;

/** The paper's 1-D setting (Figure 2): l x M x K = 5 x 32 x 96, D = 32, pooling over all shifts. */
const SIGNAL: LayerSpec = { input: { channels: 32, length: 32 }, filters: 96, kernel: 5, pool: "global" };

/** k non-zeros, uniform on [-1, 1], in k filters of a 1-D layer with one region a filter, at random shifts. */
function sparseSignalCode(k: number, seed: number) {
  const draws = numbers(96 * 3, seed);
  const order = [...new Array(96).keys()].sort((a, b) => draws[a]! - draws[b]!);
  const values = new Float32Array(96);
  const switches = new Uint8Array(96);
  for (const filter of order.slice(0, k)) {
    values[filter] = draws[96 + filter]!;
    switches[filter] = Math.floor(((draws[192 + filter]! + 1) / 2) * 28) % 28;
  }
  return { kind: "sparse" as const, values, switches };
}

function norm(a: ArrayLike<number>): number {
  return Math.sqrt(Array.from(a).reduce((sum, value) => sum + value * value, 0));
}

test("least squares reaches PyTorch's solution of inconsistent and rectified systems", () => {
  let compared = 0;
  for (const fixture of torchCases) {
    if (!fixture.leastSquares) continue;
    const { channels, height, width, ...shape } = fixture.shape;
    const layer = simd.createLayerSync({
      ...(shape as unknown as Omit<LayerSpec, "input">),
      input: { channels, height, width },
      weights: Float32Array.from(fixture.weights),
      bias: Float32Array.from(fixture.bias),
    });
    const { switches } = layer.encode(Float32Array.from(fixture.x));
    const code = { values: Float32Array.from(fixture.leastSquares.values), switches };
    const solved = layer.decode(code, { ...SCALED, iterations: 300 });
    assert.ok(relativeDistance(solved, fixture.leastSquares.solution) < 5e-5, fixture.name);
    assert.ok(["converged", "stagnated"].includes(layer.report.stopped), fixture.name);
    compared += 1;
  }
  assert.is(compared, 3);
});

test("least squares brings an image back from its pooled maxima and switches", () => {
  for (const rectifier of ["none", "crelu"] as const) {
    for (const padding of [0, 2]) {
      const layer = simd.createLayerSync({ ...IMAGE, rectifier, padding, bias: numbers(64, 2) });
      const x = numbers(inputLength(layer), 3);
      const y = layer.decode(layer.encode(x), { iterations: 100 });
      assert.ok(relativeDistance(y, x) < 1e-5, `${rectifier}, padding ${padding}: ${relativeDistance(y, x)}`);
    }
  }
});

test("a rectified code leaves out its zero regions instead of taking them for measurements", () => {
  const layer = simd.createLayerSync({ ...IMAGE, filters: 128, rectifier: "relu" });
  const x = numbers(inputLength(layer), 3);
  const y = layer.decode(layer.encode(x), { iterations: 100 });
  assert.ok(relativeDistance(y, x) < 1e-4, String(relativeDistance(y, x)));
});

test("the residuals of least squares never rise, and the last is |A x - v| / |v|", () => {
  const layer = simd.createLayerSync(IMAGE);
  const code = layer.encode(numbers(inputLength(layer), 4));
  const y = layer.decode(code, { iterations: 12, tolerance: 0 });
  const residuals = layer.report.residuals.slice();
  assert.is(residuals.length, 12);
  assert.ok(residuals.every((now, i) => now <= (residuals[i - 1] ?? 1)));
  const again = layer.encode(y, { switches: code.switches }).values;
  assert.ok(Math.abs(relativeDistance(again, code.values) - residuals[11]!) < 1e-6);
});

test("data scaled by powers of two give the same bits, scaled: stopping tests are relative", () => {
  const layer = simd.createLayerSync(IMAGE);
  const x = numbers(inputLength(layer), 6);
  const y = layer.decode(layer.encode(x), { iterations: 60 });
  const iterations = layer.report.iterations;
  for (const factor of [2 ** -20, 2 ** 20]) {
    const scaled = layer.decode(layer.encode(x.map((v) => v * factor)), { iterations: 60 });
    assert.equal(
      scaled.map((v) => v / factor),
      y,
    );
    assert.is(layer.report.iterations, iterations);
  }
});

test("a residual that float32 cannot make smaller counts as converged", () => {
  const layer = simd.createLayerSync({ ...IMAGE, padding: 2 });
  layer.decode(layer.encode(numbers(inputLength(layer), 6)), { ...SCALED, iterations: 200, tolerance: 0 });
  assert.is(layer.report.stopped, "converged");
  assert.ok(layer.report.residual < 5e-7 && layer.report.iterations < 100);
});

test("an inconsistent system ends when its gradient vanishes, long before its residual could", () => {
  const layer = simd.createLayerSync({ ...IMAGE, padding: 2 });
  const code = layer.encode(numbers(inputLength(layer), 6));
  const disturbed = { ...code, values: code.values.map((value, i) => value * (i % 2 ? 1.1 : 0.9)) };
  layer.decode(disturbed, { ...SCALED, iterations: 100, tolerance: 1e-4 });
  assert.is(layer.report.stopped, "converged");
  assert.ok(layer.report.residual > 0.01);
  assert.ok(layer.report.iterations <= 14, String(layer.report.iterations));
});

test("column scaling brings 32 filters back to 1e-5 in 40 iterations", () => {
  const layer = simd.createLayerSync({ ...IMAGE, filters: 32, padding: 2 });
  const x = numbers(inputLength(layer), 6);
  assert.ok(relativeDistance(layer.decode(layer.encode(x), { ...SCALED, iterations: 40 }), x) < 1e-5);
});

test("a gradient that underflows at the solution is convergence, not divergence", () => {
  const layer = simd.createLayerSync(SPECS["16-bit switches, crelu"]!);
  const y = layer.decode(layer.encode(numbers(inputLength(layer), 2)), { iterations: 200, tolerance: 0 });
  assert.is(layer.report.stopped, "converged");
  assert.ok(y.every(Number.isFinite));
});

test("500 iterations past convergence do no harm", () => {
  const layer = simd.createLayerSync(IMAGE);
  const x = numbers(inputLength(layer), 6);
  const code = layer.encode(x);
  const soon = relativeDistance(layer.decode(code, { iterations: 100 }), x);
  const late = relativeDistance(layer.decode(code, { iterations: 600, tolerance: 0 }), x);
  assert.ok(late < 2 * soon + 1e-6, `${soon} then ${late}`);
});

test("the fitted synthesis is the best multiple of A'v, and the first step of plain gradient descent", () => {
  const layer = simd.createLayerSync({ ...IMAGE, padding: 1 });
  const code = layer.encode(numbers(inputLength(layer), 7));
  const raw = layer.decode(code, { method: "synthesis", scale: 1 });
  const fitted = layer.decode(code, { method: "synthesis" });
  const { step, residual } = layer.report;
  assert.ok(
    relativeDistance(
      fitted,
      raw.map((v) => v * step),
    ) < 1e-6,
  );
  const back = layer.encode(raw, { switches: code.switches }).values;
  const error = (scale: number) =>
    relativeDistance(
      back.map((v) => v * scale),
      code.values,
    );
  assert.ok(Math.abs(error(step) - residual) < 1e-6);
  assert.ok(error(step) < error(step * 1.01) && error(step) < error(step * 0.99));
});

test("zero in, zero out, for every method", () => {
  const layer = simd.createLayerSync(IMAGE);
  const zero = new Float32Array(inputLength(layer));
  const code = layer.encode(zero);
  for (const method of ["synthesis", "least-squares"] as const) {
    assert.equal(layer.decode(code, { method }), zero);
    assert.ok(
      layer.report.residuals.every((residual) => residual === 0),
      method,
    );
  }
  assert.is(layer.report.stopped, "converged");
  const sparse = layer.sparsify(zero);
  assert.ok(sparse.values.every((value) => value === 0));
  assert.is(sparse.report.stopped, "converged");
  assert.is(sparse.report.iterations, 0);
});

test("the step of safe IHT is 1/(1.02 L) with L within 4 % of the largest eigenvalue, from below", () => {
  for (const fixture of torchCases) {
    const { channels, height, width, ...shape } = fixture.shape;
    const layer = simd.createLayerSync({
      ...(shape as unknown as Omit<LayerSpec, "input">),
      input: { channels, height, width },
      weights: Float32Array.from(fixture.weights),
    });
    const { report } = layer.sparsify(Float32Array.from(fixture.x), {
      method: "iht",
      step: "safe",
      iterations: 1,
    });
    const ratio = 1 / (1.02 * report.step) / fixture.largestEigenvalue;
    assert.ok(ratio > 0.96 && ratio < 1 + 1e-5, `${fixture.name}: ${ratio}`);
  }
});

test("safe IHT descends at every iteration where the paper's step diverges", () => {
  const layer = simd.createLayerSync(IMAGE);
  const x = numbers(inputLength(layer), 8);
  const safe = layer.sparsify(x, { method: "iht", step: "safe", iterations: 40 });
  const { residuals } = safe.report;
  assert.ok(residuals.every((now, i) => now < (residuals[i - 1] ?? 1)));
  assert.is(layer.sparsify(x, { method: "iht", step: 1, iterations: 40 }).report.stopped, "diverged");
  const automatic = layer.sparsify(x, { method: "iht", iterations: 40 });
  assert.is(automatic.report.step, safe.report.step);
  assert.equal(automatic.values, safe.values);
});

test("IHT takes the steps of the float64 reference", () => {
  for (const rectifier of ["none", "relu", "crelu"] as const) {
    const layer = simd.createLayerSync({ ...IMAGE, filters: 20, padding: 1, rectifier });
    const x = numbers(inputLength(layer), 9);
    const sparse = layer.sparsify(x, { method: "iht", step: 0.03, k: 500, iterations: 4, tolerance: 0 });
    const expected = reference.iht(shapeOf(layer), layer.weights, x, 500, sparse.report.step, 4);
    assert.ok(relativeDistance(sparse.values, expected.values) < 1e-5);
    assert.equal([...sparse.switches], [...expected.switches]);
    assert.is(sparse.values.filter((value) => value !== 0).length, 500);
    const residual = relativeDistance(layer.decode(sparse), x);
    assert.ok(Math.abs(residual - sparse.report.residual) < 1e-5);
  }
});

test("in the paper's 1-D setting |W'z| / |z| has mean 1 within 0.02 over 2000 codes", () => {
  let sum = 0;
  for (let seed = 0; seed < 5; ++seed) {
    const layer = simd.createLayerSync({ ...SIGNAL, seed });
    for (let i = 0; i < 400; ++i) {
      const code = sparseSignalCode(10, 400 * seed + i + 1);
      sum += norm(layer.decode(code)) / norm(code.values);
    }
  }
  assert.ok(Math.abs(sum / 2000 - 1) < 0.02, `mean ${sum / 2000}`);
});

test("in the paper's 1-D setting IHT recovers 10 non-zeros to 1e-3 in at most 15 iterations on average", () => {
  let iterations = 0;
  let recovered = 0;
  for (let seed = 0; seed < 5; ++seed) {
    const layer = simd.createLayerSync({ ...SIGNAL, seed });
    for (let i = 0; i < 40; ++i) {
      const code = sparseSignalCode(10, 40 * seed + i + 1);
      const found = layer.sparsify(layer.decode(code), {
        method: "iht",
        k: 10,
        iterations: 60,
        tolerance: 5e-4,
      });
      iterations += found.report.iterations;
      assert.is(found.report.step, 1);
      if (relativeDistance(found.values, code.values) < 1e-3) recovered += 1;
    }
  }
  assert.ok(recovered >= 0.98 * 200, `recovered ${recovered} of 200`);
  assert.ok(iterations / 200 <= 15, `${iterations / 200} iterations on average`);
});

test.run();
