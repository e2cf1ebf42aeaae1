import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { configure } from "../src/kernel.js";
import type { SparsifyMethod } from "../src/sparsify.js";
import * as reference from "./reference.js";
import { countOf, GREEDY, IMAGE, METHODS, SIGNAL, SMALL, sameCode, sparseCode } from "./sparse.js";
import {
  bits,
  inputLength,
  numbers,
  relativeDistance,
  SEEDED,
  scalar,
  shapeOf,
  simd,
  simdBytes,
  specs,
} from "./support.js";

/** Recoveries of 20 codes of the paper's 1-D setting: iterations of each; every one must be exact to rounding. */
function recoveries(method: SparsifyMethod, k: number): number[] {
  return Array.from({ length: 20 }, (_, trial) => {
    const layer = simd.createLayerSync({ ...SIGNAL, seed: trial % 5 });
    const code = sparseCode(layer, k, 1000 * k + trial + 1);
    const found = layer.sparsify(layer.decode(code), { method, k, iterations: 100 });
    assert.is(found.report.stopped, "converged", `${method}, k = ${k}`);
    assert.ok(sameCode(found, code, 1e-6), `${method}, k = ${k}, trial ${trial}`);
    return found.report.iterations;
  });
}

function mean(values: number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}

test("in the paper's 1-D setting HTP, the default, recovers 10 and 80 non-zeros to rounding in 5 iterations at most", () => {
  assert.ok(Math.max(...recoveries("htp", 10)) <= 3);
  // of 1000 other codes 25 take a sixth
  assert.ok(Math.max(...recoveries("htp", 80)) <= 5);
  const layer = simd.createLayerSync(SIGNAL);
  const code = sparseCode(layer, 10, 4);
  const found = layer.sparsify(layer.decode(code), { k: 10 });
  assert.ok(sameCode(found, code, 1e-6));
  assert.is(found.report.method, "htp");
});

test("in the paper's 1-D setting every greedy method recovers 10 and 40 non-zeros to rounding", () => {
  const most = { niht: [15, 22], htp: [3, 4.5], cgiht: [11, 17], cosamp: [3, 5], omp: [10, 40] };
  for (const method of GREEDY) {
    [10, 40].forEach((k, i) => {
      const iterations = mean(recoveries(method, k));
      assert.ok(iterations <= most[method][i]!, `${method}, k = ${k}: ${iterations} iterations on average`);
    });
  }
});

test("NIHT never raises the residual: any layer, rectifier and k", () => {
  const property = fc.property(specs, fc.double({ min: 0.02, max: 1, noNaN: true }), (spec, share) => {
    const layer = simd.createLayerSync(spec);
    const x = numbers(inputLength(layer), 11);
    const k = Math.ceil(share * layer.codeShape.reduce((a, b) => a * b));
    const { report } = layer.sparsify(x, { method: "niht", k, iterations: 30, tolerance: 0 });
    const { residuals } = report;
    assert.ok(
      residuals.every((now, i) => now <= (residuals[i - 1] ?? 1)),
      String(residuals),
    );
  });
  fc.assert(property, SEEDED);
});

test("every method gives finite codes within the model and k, with the residual it reports", () => {
  const property = fc.property(specs, fc.constantFrom(...METHODS), (spec, method) => {
    const layer = simd.createLayerSync(spec);
    const x = numbers(inputLength(layer), 12);
    const k = Math.ceil(layer.codeShape.reduce((a, b) => a * b) / 3);
    const sparse = layer.sparsify(x, { method, k, iterations: 12 });
    const { report } = sparse;
    assert.ok(sparse.values.every(Number.isFinite) && countOf(sparse) <= k);
    if (layer.geometry.rectifier !== "none") assert.ok(sparse.values.every((value) => value >= 0));
    assert.ok(report.residuals.every(Number.isFinite) && report.gradients.every(Number.isFinite));
    assert.ok(report.products > 0 && Number.isFinite(report.products));
    if (report.iterations > 0) {
      const residual = relativeDistance(layer.decode(sparse), x);
      assert.ok(
        Math.abs(residual - report.residual) < 1e-5 * (1 + residual),
        `${method}: ${residual}, ${report.residual}`,
      );
    }
  });
  fc.assert(property, SEEDED);
});

test("the SIMD build equals the scalar build bit for bit, for every method", () => {
  const property = fc.property(specs, (spec) => {
    const [a, b] = [simd, scalar].map(({ createLayerSync }) => {
      const layer = createLayerSync(spec);
      const x = numbers(inputLength(layer), 9);
      const k = Math.ceil(layer.codeShape.reduce((p, q) => p * q) / 3);
      return METHODS.flatMap((method) => {
        const { values, switches, report } = layer.sparsify(x, { method, k, iterations: 4, tolerance: 0 });
        return [values, switches, report.residuals, report.gradients, Float64Array.of(report.products)].map(
          bits,
        );
      });
    });
    assert.equal(a, b);
  });
  fc.assert(property, { ...SEEDED, numRuns: 40 });
});

test("a run has the same bits whether the kernel takes its iterations one by one or at once", () => {
  const { geometry } = simd.createLayerSync(SMALL);
  const x = numbers(162, 6);
  const run = (method: number, chunks: number[]) => {
    const kernel = configure(
      new WebAssembly.Instance(new WebAssembly.Module(simdBytes as BufferSource)),
      geometry,
    );
    kernel.run.drawFilters(3, 0, 0);
    kernel.run.loadFilters();
    kernel.staging.set(x);
    kernel.run.loadInput();
    kernel.run.beginSparsify(method, 30, 0, 0.1, 0.1, 6, 0);
    for (const count of chunks) kernel.run.step(count);
    const { residual, gradient, products } = kernel.run;
    return [bits(kernel.values), bits(kernel.switches), residual(), gradient(), products()];
  };
  for (let method = 0; method < 8; ++method) {
    const once = run(method, [12]);
    assert.equal(run(method, new Array(12).fill(1)), once, `method ${method}`);
    assert.equal(run(method, [5, 7]), once, `method ${method}`);
  }
});

test("HTP, CoSaMP and OMP end with the least squares on their support, as solved densely in float64", () => {
  for (const spec of [SMALL, { ...SMALL, padding: 1, stride: 2 }]) {
    const layer = simd.createLayerSync(spec);
    const shape = shapeOf(layer);
    for (const method of ["htp", "cosamp", "omp"] as const) {
      const x = Float32Array.from(
        layer.decode(sparseCode(layer, 9, 5)),
        (v, i) => v + 0.02 * Math.sin(i * i),
      );
      const found = layer.sparsify(x, { method, k: 9, iterations: 100, inner: 60 });
      assert.is(found.report.stopped, "converged", method);
      const code = { values: Float64Array.from(found.values), switches: Uint32Array.from(found.switches) };
      const expected = reference.fitSupport(shape, layer.weights, x, code);
      assert.ok(relativeDistance(found.values, expected.values) < 3e-6, method);
    }
  }
});

test("the greedy methods agree where each is certain: a code of few non-zeros, well apart", () => {
  for (const rectifier of ["none", "relu", "crelu"] as const) {
    const layer = simd.createLayerSync({ ...SIGNAL, rectifier, seed: 8 });
    const code = sparseCode(layer, 8, 3);
    const x = layer.decode(code);
    for (const method of GREEDY) {
      const found = layer.sparsify(x, { method, k: 8, iterations: 100 });
      // with crelu a filter stands twice, and a negative coefficient is a positive one of its twin
      assert.ok(found.report.residual < 1e-6, `${rectifier}, ${method}: ${found.report.residual}`);
      if (rectifier !== "crelu") assert.ok(sameCode(found, code, 1e-6), `${rectifier}, ${method}`);
    }
  }
});

test("without pooling ISTA and FISTA meet the optimality conditions of the l1 problem in float64", () => {
  for (const rectifier of ["none", "relu"] as const) {
    const layer = simd.createLayerSync({ ...SMALL, pool: 1, rectifier });
    const shape = shapeOf(layer);
    const none = new Float64Array(7);
    const x = numbers(inputLength(layer), 4);
    const signed = (h: ArrayLike<number>) => Array.from(h, (v) => (rectifier === "none" ? Math.abs(v) : v));
    const threshold = 0.2 * Math.max(...signed(reference.convolve(shape, layer.weights, none, x)));
    for (const method of ["ista", "fista"] as const) {
      const found = layer.sparsify(x, { method, lambda: 0.2, iterations: 5000, tolerance: 1e-6 });
      assert.is(found.report.stopped, "converged");
      assert.ok(found.report.gradients.at(-1)! <= 1e-6);
      const image = reference.synthesise(shape, layer.weights, {
        values: Float64Array.from(found.values),
        switches: Uint32Array.from(found.switches),
      });
      const residual = x.map((value, i) => value - image[i]!);
      reference.convolve(shape, layer.weights, none, residual).forEach((g, i) => {
        const z = found.values[i]!;
        const off =
          z === 0 ? Math.max(0, signed([g])[0]! - threshold) : Math.abs(g - Math.sign(z) * threshold);
        assert.ok(
          off < 5e-3 * threshold,
          `${method}, entry ${i}: z ${z}, gradient ${g}, threshold ${threshold}`,
        );
      });
    }
  }
});

test("FISTA closes the gap in a fraction of ISTA's iterations, and both find the same objective", () => {
  const layer = simd.createLayerSync({ ...SMALL, pool: 1 });
  const x = numbers(inputLength(layer), 4);
  const options = { lambda: 0.1, iterations: 5000, tolerance: 3e-4 };
  const slow = layer.sparsify(x, { ...options, method: "ista" });
  const fast = layer.sparsify(x, { ...options, method: "fista" });
  assert.equal([slow.report.stopped, fast.report.stopped], ["converged", "converged"]);
  assert.ok(2 * fast.report.iterations < slow.report.iterations);
  assert.ok(relativeDistance(layer.decode(fast), layer.decode(slow)) < 0.02);
});

test("ISTA lowers the objective at every iteration over the structured model, too", () => {
  const layer = simd.createLayerSync(IMAGE);
  const x = numbers(inputLength(layer), 4);
  const largest = Math.max(...layer.encode(x).values.map(Math.abs));
  let before = Number.POSITIVE_INFINITY;
  for (let iterations = 1; iterations <= 25; ++iterations) {
    const { values, report } = layer.sparsify(x, { method: "ista", lambda: 0.1, iterations });
    const energy = x.reduce((sum, value) => sum + value * value, 0);
    const l1 = values.reduce((sum, value) => sum + Math.abs(value), 0);
    const objective = report.residual ** 2 * energy + 0.2 * largest * l1;
    assert.ok(objective < before * (1 + 1e-6));
    before = objective;
  }
});

test("Algorithm 2 solves the l1 problem again on the k entries that it keeps", () => {
  const layer = simd.createLayerSync({ ...SIGNAL, seed: 2 });
  const code = sparseCode(layer, 10, 7);
  const x = layer.decode(code);
  const found = layer.sparsify(x, { method: "algorithm-2", k: 10, lambda: 0.02 });
  assert.is(found.report.stopped, "converged");
  const cut = layer.sparsify(x, { method: "fista", k: 10, lambda: 0.02 });
  assert.ok(countOf(found) <= 10 && countOf(cut) <= 10);
  assert.ok(found.report.residual <= cut.report.residual);
  // optimal on its support: W d = lambda / 2 there
  const d = x.map((value, i) => value - layer.decode(found)[i]!);
  const half = 0.02 * Math.max(...layer.encode(x).values.map(Math.abs));
  layer.encode(d, { switches: found.switches }).values.forEach((g, i) => {
    const z = found.values[i]!;
    if (z !== 0) assert.ok(Math.abs(g - Math.sign(z) * half) < 0.02 * half);
  });
});

test("HTP spends one analysis an iteration, and two products with the support a least-squares iteration", () => {
  const layer = simd.createLayerSync(IMAGE);
  const x = numbers(inputLength(layer), 3);
  const entries = layer.codeShape.reduce((a, b) => a * b);
  const { report } = layer.sparsify(x, { k: entries, inner: 7, iterations: 3, tolerance: 0 });
  // a quarter of the rows: 2 to begin, 2 an iteration, 2 for the next step (the last direction is not taken)
  const each = 1 + (2 * 7 + 4) / 4;
  assert.ok(Math.abs(report.products - 3 * each) < 1, `${report.products} of ${3 * each}`);
  assert.is(report.gradients.length, 3);
  assert.ok(report.gradients.every((gradient) => gradient > 0 && gradient < 1));
});

test.run();
