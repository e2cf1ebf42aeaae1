// Decoding at the limits: however it is driven, whatever the values are, however wrong the options.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import simdProbe from "../build/kernel.probe.wasm";
import type { DecodeOptions } from "../src/decode.js";
import type { LayerSpec } from "../src/geometry.js";
import { configure } from "../src/kernel.js";
import type { Code } from "../src/layer.js";
import { alternation, planOf, SOLVERS, writePlan } from "../src/plan.js";
import { excessesOf, norm, smoothInput } from "./closed-forms.js";
import { bits, inputLength, numbers, relativeDistance, SEEDED, simd, simdBytes, specs } from "./support.js";

const SPEC: LayerSpec = {
  input: { channels: 3, height: 10, width: 9 },
  filters: 12,
  kernel: 3,
  pool: 2,
  seed: 6,
};
const LENGTH = 270;
const METHODS = ["least-squares", ...SOLVERS] as const;
/** Every way to go about a code by least squares. */
const WAYS: readonly DecodeOptions[] = [
  ...METHODS.flatMap((method) => [{ method }, { method, inequalities: false }]),
  { switches: "fixed" },
  { switches: "unknown" },
  { smoothness: 0, correlation: 0 },
  { smoothness: 2, correlation: 0.99 },
];

test("the kernel's iterations have the same bits one by one, at once, and in any parts, for every plan", () => {
  const layer = simd.createLayerSync(SPEC);
  const code = layer.encode(smoothInput(layer));
  const plans = [
    ...SOLVERS.flatMap((solver) => [planOf(solver, true), planOf(solver, false)]),
    alternation(1),
    alternation(4),
  ];
  plans.forEach((plan, index) => {
    const run = (parts: number[]) => {
      const module = new WebAssembly.Module(simdBytes as BufferSource);
      const kernel = configure(new WebAssembly.Instance(module), layer.geometry);
      kernel.run.drawFilters(6, 0, 0);
      kernel.run.loadFilters();
      kernel.values.set(code.values);
      kernel.switches.set(code.switches);
      kernel.run.setPrior(1, 0);
      kernel.run.beginLeastSquares(writePlan(plan, 60, kernel.plan), 0, 0, 0);
      for (const part of parts) kernel.run.step(part);
      if (index >= 6) kernel.run.finishLeastSquares();
      const { residual, gradient, products, status, storeOutput } = kernel.run;
      assert.ok(storeOutput());
      return [bits(kernel.staging), residual(), gradient(), products(), status()];
    };
    const once = run([60]);
    assert.equal(run(new Array(60).fill(1)), once, `plan ${index}`);
    assert.equal(run([1, 13, 0, 2, 30, 14]), once, `plan ${index}`);
    assert.is(bits(layer.encode(smoothInput(layer)).values), bits(code.values));
  });
});

test("onStep, a signal and a budget change no bit, and onStep sees every residual", () => {
  const layer = simd.createLayerSync(SPEC);
  const code = layer.encode(smoothInput(layer));
  for (const way of WAYS) {
    const plain = bits(layer.decode(code, { ...way, iterations: 40 }));
    const { iterations, products } = layer.report;
    const residuals = bits(layer.report.residuals.slice());
    const seen: number[] = [];
    const watched = layer.decode(code, {
      ...way,
      iterations: 40,
      signal: { aborted: false },
      budget: 1e9,
      onStep: (iteration, residual) => {
        assert.is(iteration, seen.push(residual));
      },
    });
    assert.is(bits(watched), plain);
    assert.is(bits(Float64Array.from(seen)), residuals);
    assert.equal([layer.report.iterations, layer.report.products], [iterations, products]);
  }
});

test("an abort or an empty budget before the first iteration leaves zero, or the start, and says so", () => {
  const layer = simd.createLayerSync(SPEC);
  const code = layer.encode(smoothInput(layer));
  const start = numbers(LENGTH, 4);
  for (const way of WAYS) {
    for (const [end, stopped] of [
      [{ signal: { aborted: true } }, "aborted"],
      [{ budget: 0 }, "budget"],
    ] as const) {
      const none = layer.decode(code, { ...way, ...end });
      assert.ok(none.every((value) => value === 0));
      assert.equal([layer.report.stopped, layer.report.iterations], [stopped, 0]);
      assert.is(bits(layer.decode(code, { ...way, ...end, start })), bits(start));
    }
    const flag = { aborted: false };
    const onStep = (iteration: number) => {
      flag.aborted = iteration === 3;
    };
    const y = layer.decode(code, { ...way, signal: flag, onStep });
    assert.equal([layer.report.stopped, layer.report.iterations], ["aborted", 3]);
    assert.ok(y.every(Number.isFinite) && norm(y) > 0);
  }
});

test("a report says which solver ran and why, what it cost, and survives the next call as a copy and as JSON", () => {
  const layer = simd.createLayerSync(SPEC);
  const x = smoothInput(layer);
  const code = layer.encode(x);
  for (const way of WAYS) {
    layer.decode(code, { ...way, iterations: 30 });
    const { report } = layer;
    assert.is(report.method, way.method ?? "least-squares");
    assert.ok(SOLVERS.includes(report.solver!) && report.reason.length > 5);
    assert.is(report.residuals.length, report.iterations);
    assert.is(report.gradients.length, report.iterations);
    assert.ok(report.iterations > 0 && report.iterations <= 30);
    assert.ok([...report.residuals, ...report.gradients, report.products].every(Number.isFinite));
    // each iteration multiplies by A and by A': 2 of the 4 positions of every region
    assert.ok(report.products >= report.iterations * 0.5, `${report.products}`);
    const copy = report.copy();
    const json = JSON.stringify(report);
    layer.decode(code, { method: "synthesis" });
    assert.is(report.solver, undefined);
    assert.is(JSON.stringify(copy), json);
    const parsed = JSON.parse(json);
    assert.equal(parsed.residuals, [...copy.residuals]);
    assert.equal([parsed.solver, parsed.reason, parsed.products], [copy.solver, copy.reason, copy.products]);
    assert.is(parsed.poolResidual, way.switches === "unknown" ? copy.poolResidual : null);
  }
});

test("a rectified code of zeros has no rows: its decode is zero, or the start, with any bias", () => {
  for (const rectifier of ["relu", "crelu"] as const) {
    for (const bias of [undefined, numbers(12, 3)]) {
      const layer = simd.createLayerSync({ ...SPEC, rectifier, bias });
      const code = layer.encode(new Float32Array(LENGTH));
      code.values.fill(0);
      const start = numbers(LENGTH, 4);
      for (const way of WAYS) {
        assert.ok(layer.decode(code, way).every((value) => value === 0));
        assert.equal([layer.report.stopped, layer.report.iterations], ["converged", 0]);
        assert.ok(Number.isFinite(layer.report.products));
        assert.not.match(JSON.stringify(layer.report.reason), /NaN|Infinity/);
        if (way.switches === "unknown") assert.is(layer.report.poolResidual, 0);
        else assert.is(bits(layer.decode(code, { ...way, start })), bits(start));
      }
    }
  }
});

test("a code of zeros is solved by zero, from any start, and by what the bias asks for where there is one", () => {
  const layer = simd.createLayerSync(SPEC);
  const code = { ...layer.encode(numbers(LENGTH, 2)), values: new Float32Array(12 * 12) };
  assert.is(code.switches.length, code.values.length);
  for (const way of WAYS) {
    for (const start of [undefined, numbers(LENGTH, 4)]) {
      assert.ok(layer.decode(code, { ...way, start }).every((value) => value === 0));
      assert.is(layer.report.stopped, "converged");
    }
  }
  const biased = simd.createLayerSync({ ...SPEC, bias: numbers(12, 3) });
  for (const way of WAYS) {
    const y = biased.decode(code, { ...way, iterations: 60 });
    assert.ok(y.every(Number.isFinite) && norm(y) > 0);
    assert.not(biased.report.stopped === "diverged");
  }
});

test("values that no input can produce give finite results from every way, on random layers", () => {
  const values = fc.constantFrom(
    (i: number) => Math.sin(i * i + 1),
    (i: number) => [0, 1, -1, 3][(i * 7) % 4]!,
    (i: number) => (i % 5 === 0 ? 1e6 : 1e-6),
    () => 1,
    (i: number) => (i === 0 ? 1 : 0),
  );
  const way = fc.constantFrom(...WAYS);
  const property = fc.property(
    specs,
    values,
    way,
    fc.constantFrom(1, 2, 7, 60),
    (spec, draw, chosen, iterations) => {
      const layer = simd.createLayerSync(spec);
      const code = layer.encode(numbers(inputLength(layer), 5));
      const odd = code.values.map((_, i) => draw(i));
      const { channels } = layer.geometry;
      const options = channels === 1 ? { ...chosen, correlation: 0 } : chosen;
      const y = layer.decode({ ...code, values: odd }, { ...options, iterations });
      const { report } = layer;
      assert.ok(y.every(Number.isFinite));
      assert.ok([...report.residuals, ...report.gradients].every(Number.isFinite));
      assert.is.not(report.stopped, "diverged");
    },
  );
  fc.assert(property, { ...SEEDED, numRuns: 400 });
});

test("a stretch that begins where nothing can be improved ends the run, and not as diverged", () => {
  // two numbers, two filters, values that contradict each other at any switches
  const layer = simd.createLayerSync({
    input: { channels: 1, length: 2 },
    filters: 2,
    kernel: 1,
    pool: [1, 2],
    weights: Float32Array.of(1, 2),
  });
  for (let iterations = 1; iterations <= 40; ++iterations) {
    for (const values of [Float32Array.of(2, 1), Float32Array.of(-4, -2), Float32Array.of(4, 2)]) {
      const y = layer.decode({ values }, { switches: "unknown", iterations });
      assert.is.not(layer.report.stopped, "diverged");
      assert.ok(Math.abs(layer.report.residual - 0.6) < 1e-6);
      // (v1 + 2 v2) / 5
      assert.ok(Math.abs(y[1]! / values[0]! - 0.4) < 1e-6);
    }
  }
});

test("iterations below the rounding of float32 do no harm, whatever the solver", () => {
  const layer = simd.createLayerSync({ ...SPEC, filters: 48, padding: 1 });
  const x = numbers(LENGTH, 7);
  const code = layer.encode(x);
  for (const method of METHODS) {
    for (const inequalities of [true, false]) {
      const soon = relativeDistance(layer.decode(code, { method, inequalities, iterations: 300 }), x);
      const { iterations } = layer.report;
      const options = { method, inequalities, iterations: iterations + 200, tolerance: 0 };
      const late = relativeDistance(layer.decode(code, options), x);
      assert.ok(soon < 1e-5 && late < 2 * soon + 1e-6, `${method}: ${soon}, then ${late}`);
      assert.is(layer.report.stopped, "converged");
    }
  }
  const few = simd.createLayerSync({ ...SPEC, filters: 4 });
  const open = few.encode(x);
  const soon = few.decode(open, { inequalities: false, iterations: 300 });
  const late = few.decode(open, { inequalities: false, iterations: 1000, tolerance: 0 });
  assert.ok(relativeDistance(late, soon) < 1e-5, String(relativeDistance(late, soon)));
});

test("values scaled by powers of two give the same bits, scaled; by 1e-6 and 1e6 the same to rounding", () => {
  const layer = simd.createLayerSync(SPEC);
  const { values, switches } = layer.encode(smoothInput(layer));
  const times = (factor: number): Code => ({ values: values.map((v) => v * factor), switches });
  for (const way of WAYS) {
    const options = { ...way, iterations: 40 };
    const y = layer.decode(times(1), options);
    const report = layer.report.copy();
    for (const factor of [2 ** -30, 2 ** 30]) {
      const scaled = layer.decode(times(factor), options);
      assert.is(bits(scaled.map((v) => v / factor)), bits(y));
      assert.is(JSON.stringify(layer.report), JSON.stringify(report));
    }
  }
  // other factors change the rounding, which conjugate gradients amplify until they end at the one solution
  const many = simd.createLayerSync({ ...SPEC, filters: 48, padding: 1 });
  const code = many.encode(smoothInput(many));
  for (const way of WAYS.filter(({ switches }) => switches !== "fixed")) {
    const y = many.decode(code, { ...way, iterations: 150 });
    for (const factor of [1e-6, 1e6]) {
      const loud = { ...code, values: code.values.map((v) => v * factor) };
      const scaled = many.decode(loud, { ...way, iterations: 150 });
      const distance = relativeDistance(
        scaled.map((v) => v / factor),
        y,
      );
      assert.ok(distance < 1e-4, `${JSON.stringify(way)}, times ${factor}: ${distance}`);
    }
  }
});

test("of more violations than there is room for some are heeded, and round by round all", () => {
  // six filters of one tap over the whole input, room for eight violations, hundreds of nearly the same size
  const layer = simd.createLayerSync({
    input: { channels: 1, height: 20, width: 20 },
    filters: 6,
    kernel: 1,
    pool: "global",
    rectifier: "relu",
    weights: Float32Array.of(1, -1, 2, -2, 0.5, -0.5),
  });
  const module = new WebAssembly.Module(simdProbe as BufferSource);
  const kernel = configure(new WebAssembly.Instance(module), layer.geometry);
  const { violationCapacity, violationCount } = kernel.run as unknown as Record<string, () => number>;
  kernel.weights.set([1, -1, 2, -2, 0.5, -0.5].flatMap((w) => [w, 0, 0, 0]));
  kernel.run.loadFilters();
  const code = layer.encode(numbers(400, 3).map((v) => 0.1 * v));
  kernel.values.set(code.values);
  kernel.switches.set(code.switches);
  for (const start of [numbers(400, 3).map((v) => 10 * v), new Float32Array(400).fill(5)]) {
    kernel.staging.set(start);
    kernel.run.loadInput();
    kernel.plan.set([5, 2]);
    kernel.run.beginLeastSquares(1, 0, 0, 1);
    const [room, count] = [violationCapacity!(), violationCount!()];
    assert.ok(count > 0 && count <= room && room < 0.1 * excessesOf(layer, code, start).length);
  }
  const several = simd.createLayerSync({ ...SPEC, filters: 30, pool: "global" });
  const quiet = several.encode(smoothInput(several));
  const loud = smoothInput(several).map((v) => 20 * v);
  assert.ok(excessesOf(several, quiet, loud).length > 8 * quiet.values.length);
  const sizes = [4, 40, 400].map((iterations) => {
    const y = several.decode(quiet, { method: "whitened", start: loud, iterations });
    return norm(excessesOf(several, quiet, y));
  }) as [number, number, number];
  assert.ok(sizes[1] < sizes[0] && sizes[2] < 0.1 * norm(excessesOf(several, quiet, loud)), String(sizes));
});

test("one iteration is enough for a defined result, whatever the method", () => {
  for (const rectifier of ["none", "relu", "crelu"] as const) {
    const layer = simd.createLayerSync({ ...SPEC, rectifier, bias: numbers(12, 2) });
    const code = layer.encode(smoothInput(layer));
    for (const way of WAYS) {
      const y = layer.decode(code, { ...way, iterations: 1 });
      assert.ok(y.every(Number.isFinite) && norm(y) > 0);
      assert.is(layer.report.iterations, 1);
      assert.ok(layer.report.residual < 1);
    }
  }
});

test.run();
