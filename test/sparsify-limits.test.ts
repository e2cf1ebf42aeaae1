// Sparse codes at the limits: other starts, other scales, no time, nothing to find, nonsense.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { UnpoolError } from "../src/errors.js";
import type { Code } from "../src/layer.js";
import { countOf, GREEDY, L1, METHODS, SIGNAL, SMALL, sameCode, sparseCode } from "./sparse.js";
import { bits, inputLength, numbers, relativeDistance, simd } from "./support.js";

function refuses(call: () => unknown, code: string, ...parts: string[]): void {
  assert.throws(call, (error: unknown) => {
    assert.instance(error, UnpoolError);
    assert.is((error as UnpoolError).code, code);
    for (const part of parts) assert.ok((error as UnpoolError).message.includes(part), String(error));
    return true;
  });
}

test("a warm start ends where a cold one does, sooner; from the solution it ends at once", () => {
  const layer = simd.createLayerSync({ ...SIGNAL, seed: 1 });
  const code = sparseCode(layer, 30, 5);
  const x = layer.decode(code);
  for (const method of GREEDY) {
    const cold = layer.sparsify(x, { method, k: 30, iterations: 100 });
    const half = layer.sparsify(x, { method, k: 30, iterations: 2 });
    const warm = layer.sparsify(x, { method, k: 30, iterations: 100, start: half });
    assert.ok(sameCode(warm, cold, 1e-6), method);
    assert.ok(warm.report.iterations <= cold.report.iterations, method);
    const again = layer.sparsify(x, { method, k: 30, iterations: 100, start: cold });
    assert.ok(sameCode(again, cold, 1e-6), method);
    assert.ok(again.report.iterations <= 5, `${method}: ${again.report.iterations}`);
  }
  for (const method of L1) {
    const cold = layer.sparsify(x, { method, k: 30 });
    const warm = layer.sparsify(x, { method, k: 30, start: cold });
    assert.ok(relativeDistance(layer.decode(warm), layer.decode(cold)) < 0.02, method);
  }
  // of a start with more entries the k largest count
  const cut = layer.sparsify(x, { k: 5, start: code, iterations: 1 });
  assert.ok(countOf(cut) <= 5);
});

test("inputs scaled by powers of two give the same bits, scaled; by others the same result to rounding", () => {
  const layer = simd.createLayerSync(SMALL);
  const x = numbers(inputLength(layer), 6);
  for (const method of METHODS) {
    const options = { method, k: 20, iterations: 15 };
    const found = layer.sparsify(x, options);
    for (const factor of [2 ** -20, 2 ** 20]) {
      const scaled = layer.sparsify(
        x.map((v) => v * factor),
        options,
      );
      assert.equal(
        scaled.values.map((v) => v / factor),
        found.values,
        method,
      );
      assert.equal(scaled.switches, found.switches);
      assert.equal(scaled.report.residuals, found.report.residuals);
      assert.is(scaled.report.stopped, found.report.stopped);
    }
  }
  const signal = simd.createLayerSync(SIGNAL);
  const y = signal.decode(sparseCode(signal, 20, 8));
  for (const method of METHODS) {
    const options = { method, k: 20, iterations: 40 };
    const found = signal.sparsify(y, options);
    for (const factor of [1e-6, 1e6]) {
      const scaled = signal.sparsify(
        y.map((v) => v * factor),
        options,
      );
      const back = { ...scaled, values: scaled.values.map((v) => v / factor) };
      assert.ok(sameCode(back, found, 1e-5), `${method}, times ${factor}`);
    }
  }
});

test("200 iterations past convergence do no harm", () => {
  const layer = simd.createLayerSync({ ...SIGNAL, seed: 4 });
  const code = sparseCode(layer, 20, 9);
  const x = layer.decode(code);
  for (const method of ["iht", ...GREEDY] as const) {
    const { iterations } = layer.sparsify(x, { method, k: 20, iterations: 100 }).report;
    const late = layer.sparsify(x, { method, k: 20, iterations: iterations + 200, tolerance: 0 });
    assert.ok(sameCode(late, code, 1e-6), method);
    assert.ok(late.report.residual < 5e-7, `${method}: ${late.report.residual}`);
  }
  for (const method of L1) {
    const early = layer.sparsify(x, { method, k: 20 });
    const late = layer.sparsify(x, { method, k: 20, iterations: 2000, tolerance: 0 });
    assert.ok(relativeDistance(layer.decode(late), layer.decode(early)) < 0.02, method);
  }
});

test("an input of zeros, and filters of zeros, give zero and finite reports, from any start", () => {
  const layer = simd.createLayerSync(SMALL);
  const dull = simd.createLayerSync({ ...SMALL, seed: undefined, weights: new Float32Array(126) });
  const start = sparseCode(layer, 5, 1);
  for (const method of METHODS) {
    for (const options of [{ method }, { method, start }]) {
      const zero = layer.sparsify(new Float32Array(162), options);
      assert.ok(
        zero.values.every((value) => value === 0),
        method,
      );
      assert.equal([zero.report.stopped, zero.report.iterations], ["converged", 0], method);
    }
    const nothing = dull.sparsify(numbers(162, 2), { method });
    assert.ok(
      nothing.values.every((value) => value === 0),
      method,
    );
    assert.ok(
      nothing.report.residuals.every((residual) => residual === 1),
      method,
    );
    assert.ok([...nothing.report.gradients, nothing.report.products].every(Number.isFinite), method);
  }
});

test("filters of any loudness give the code of the same residual", () => {
  const { weights } = simd.createLayerSync(SMALL);
  const x = numbers(162, 2);
  for (const method of GREEDY) {
    const [plain, loud, faint] = [1, 1e11, 1e-12].map((factor) => {
      const layer = simd.createLayerSync({
        ...SMALL,
        seed: undefined,
        weights: weights.map((w) => w * factor),
      });
      return layer.sparsify(x, { method, k: 12, iterations: 15 }).report.residual;
    }) as [number, number, number];
    assert.ok(
      Math.abs(loud - plain) < 0.1 && Math.abs(faint - plain) < 0.1,
      `${method}: ${plain}, ${loud}, ${faint}`,
    );
  }
});

test("an abort or an empty budget before the first step leaves zero, or the start, and says so", () => {
  const layer = simd.createLayerSync(SMALL);
  const x = numbers(162, 1);
  const start = sparseCode(layer, 5, 1);
  for (const method of METHODS) {
    for (const [options, stopped] of [
      [{ budget: 0 }, "budget"],
      [{ signal: AbortSignal.abort() }, "aborted"],
    ] as const) {
      const none = layer.sparsify(x, { ...options, method });
      assert.equal([none.report.stopped, none.report.iterations, countOf(none)], [stopped, 0, 0], method);
      assert.ok(Number.isFinite(none.report.products));
      const kept = layer.sparsify(x, { ...options, method, start });
      assert.ok(sameCode(kept, start, 0), method);
    }
    const controller = new AbortController();
    const onStep = () => controller.abort();
    const { report } = layer.sparsify(x, { method, k: 9, signal: controller.signal, onStep, tolerance: 0 });
    assert.equal([report.stopped, report.iterations], ["aborted", 1], method);
  }
});

test("a tolerance is met and ends the run; one below rounding ends it all the same", () => {
  const layer = simd.createLayerSync({ ...SIGNAL, seed: 6 });
  const x = layer.decode(sparseCode(layer, 20, 2));
  for (const method of GREEDY) {
    const loose = layer.sparsify(x, { method, k: 20, tolerance: 0.05 });
    assert.ok(loose.report.stopped === "converged" && loose.report.residual <= 0.05, method);
    const { report } = layer.sparsify(x, { method, k: 20, tolerance: 1e-30, iterations: 400 });
    assert.is(report.stopped, "converged", method);
    assert.ok(report.iterations < 100, `${method}: ${report.iterations}`);
  }
});

test("options of one method are refused with another, and numbers that mean nothing with a sentence", () => {
  const layer = simd.createLayerSync(SMALL);
  const x = numbers(162, 1);
  const bad = (options: object, ...parts: string[]) =>
    refuses(() => layer.sparsify(x, options), "invalid-option", ...parts);
  for (const lambda of [0, -1, 1, 2, Number.NaN, "0.1"]) bad({ method: "fista", lambda }, "lambda is ");
  for (const inner of [0, -1, 1.5, Number.NaN, "5"]) bad({ inner }, "inner is ");
  for (const k of [0, -3, 64, Number.NaN]) bad({ k }, "k is ", "1 to 63");
  bad({ lambda: 0.1 }, "lambda");
  bad({ method: "niht", inner: 4 }, "inner");
  bad({ method: "htp", step: 1 }, "step");
  bad({ method: "magic" }, '"magic"', '"htp"');
  bad({ method: "constructor" }, '"constructor"');
  const start = sparseCode(layer, 5, 1);
  const from = (code: object) => () => layer.sparsify(x, { start: code as Code });
  refuses(from(layer.encode(x)), "invalid-code", "pooled");
  refuses(from({ ...start, values: start.values.subarray(1) }), "invalid-code", "start");
  refuses(
    from({ ...start, switches: start.switches.slice().fill(4, 6, 7) }),
    "invalid-code",
    "switch 6 is 4",
  );
  refuses(from({ ...start, values: start.values.slice().fill(Number.NaN, 2, 3) }), "not-finite", "number 2");
});

test("a start is left as it was, and may be the out of the same call", () => {
  const layer = simd.createLayerSync(SMALL);
  const x = numbers(162, 1);
  const start = layer.sparsify(x, { k: 20, iterations: 1 });
  const before = bits(start.values);
  const fresh = layer.sparsify(x, { k: 20, iterations: 3, start });
  assert.is(bits(start.values), before);
  const same = layer.sparsify(x, { k: 20, iterations: 3, start, out: start });
  assert.is(bits(same.values), bits(fresh.values));
});

test.run();
test("a start goes on as the run that made it would have, whatever the scale of the filters", () => {
  const spec = { input: { channels: 2, height: 12, width: 12 }, filters: 16, kernel: 3, pool: 2 } as const;
  const { weights } = simd.createLayerSync(spec);
  for (const factor of [1e-3, 1, 1e3]) {
    const layer = simd.createLayerSync({ ...spec, weights: weights.map((w) => factor * w) });
    const x = numbers(288, 3);
    for (const method of ["niht", "htp", "cosamp"] as const) {
      const options = { method, k: 60, tolerance: 0 };
      const begun = layer.sparsify(x, { ...options, iterations: 3 });
      const { report } = layer.sparsify(x, { ...options, iterations: 1, start: begun });
      const rise = report.residual / begun.report.residual;
      assert.ok(rise <= (method === "niht" ? 1 + 1e-6 : 2), `${method}, filters x ${factor}: ${rise}`);
    }
  }
});

test("CoSaMP does not see what a run that diverged has left behind", () => {
  const spec = { input: { channels: 2, height: 12, width: 12 }, filters: 16, kernel: 3, pool: 2 } as const;
  const x = numbers(288, 3);
  const options = { method: "cosamp", k: 20, iterations: 5 } as const;
  const fresh = simd.createLayerSync(spec).sparsify(x, options);
  const layer = simd.createLayerSync(spec);
  const code = layer.encode(x);
  const huge = { ...code, values: code.values.map((v) => Math.sign(v) * 3e38) };
  try {
    layer.decode(huge, { method: "whitened" });
  } catch (error) {
    assert.is((error as Error).name, "UnpoolError");
  }
  assert.equal(layer.sparsify(x, options).values, fresh.values);
});

test.run();
