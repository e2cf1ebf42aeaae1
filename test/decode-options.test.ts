// What decode chooses, and what it refuses.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { UnpoolError } from "../src/errors.js";
import type { LayerSpec } from "../src/geometry.js";
import { SOLVERS } from "../src/plan.js";
import { smoothInput } from "./closed-forms.js";
import { bits, inputLength, numbers, relativeDistance, simd } from "./support.js";

const SPEC: LayerSpec = {
  input: { channels: 3, height: 10, width: 9 },
  filters: 12,
  kernel: 3,
  pool: 2,
  seed: 6,
};
const LENGTH = 270;

function refuses(call: () => unknown, code: string, ...parts: string[]): void {
  assert.throws(call, (error: unknown) => {
    assert.instance(error, UnpoolError);
    const { message } = error as UnpoolError;
    assert.is((error as UnpoolError).code, code, message);
    for (const part of parts) assert.ok(message.includes(part), `${message} has no ${part}`);
    return true;
  });
}

test("inputs that are no pictures are solved without their prior, by the solver that suits their numbers", () => {
  const cases = [
    { input: { channels: 1, length: 60 }, filters: 2, kernel: 5, pool: 4, solver: "whitened" },
    { input: { channels: 1, length: 60 }, filters: 8, kernel: 5, pool: 4, solver: "scaled" },
    { input: { channels: 7, height: 9, width: 9 }, filters: 4, kernel: 3, pool: 2, solver: "whitened" },
    {
      input: { channels: 7, height: 9, width: 9 },
      filters: 64,
      kernel: 4,
      pool: 2,
      padding: 1,
      solver: "scaled",
    },
    { input: { channels: 3, height: 9, width: 9 }, filters: 4, kernel: 3, pool: 2, solver: "whitened" },
    {
      input: { channels: 3, height: 9, width: 9 },
      filters: 64,
      kernel: 3,
      pool: 2,
      padding: 1,
      solver: "hybrid",
    },
    { input: { channels: 1, height: 9, width: 9 }, filters: 64, kernel: 3, pool: 2, solver: "hybrid" },
  ];
  for (const { solver, ...spec } of cases) {
    const layer = simd.createLayerSync(spec as LayerSpec);
    const code = layer.encode(numbers(inputLength(layer), 3));
    const y = layer.decode(code);
    const ratio = (code.values.length / inputLength(layer)).toFixed(2);
    assert.is(layer.report.solver, solver, JSON.stringify(spec));
    assert.match(layer.report.reason, ratio);
    const picture = layer.geometry.height > 1 && layer.geometry.channels !== 7;
    const plain = layer.decode(code, { smoothness: 0, correlation: 0 });
    assert.is(bits(plain) === bits(y), !picture);
  }
});

test("a smooth signal comes back better from too few values with smoothness 1 than without", () => {
  const layer = simd.createLayerSync({ input: { channels: 2, length: 128 }, filters: 6, kernel: 5, pool: 8 });
  const x = smoothInput(layer);
  const code = layer.encode(x);
  const [without, smooth] = [0, 1].map((smoothness) =>
    relativeDistance(layer.decode(code, { smoothness }), x),
  ) as [number, number];
  assert.ok(smooth < 0.5 * without, `${without}, with smoothness ${smooth}`);
});

test("a covariance counts up to a factor", () => {
  const layer = simd.createLayerSync({ ...SPEC, filters: 4 });
  const code = layer.encode(smoothInput(layer));
  const covariance = [2, 0.9, 0.4, 0.9, 1, -0.3, 0.4, -0.3, 0.7];
  const y = layer.decode(code, { correlation: covariance, iterations: 40 });
  for (const factor of [2 ** -200, 2 ** 200]) {
    const scaled = layer.decode(code, { correlation: covariance.map((v) => v * factor), iterations: 40 });
    assert.is(bits(scaled), bits(y));
  }
  for (const factor of [1e-3, 65025]) {
    const scaled = layer.decode(code, { correlation: covariance.map((v) => v * factor), iterations: 40 });
    assert.ok(relativeDistance(scaled, y) < 1e-4, String(relativeDistance(scaled, y)));
  }
});

test("options that mean nothing are refused with what they are", () => {
  const layer = simd.createLayerSync(SPEC);
  const code = layer.encode(numbers(LENGTH, 1));
  const bad = (options: object, ...parts: string[]) =>
    refuses(() => layer.decode(code, options), "invalid-option", ...parts);
  for (const method of ["magic", "constructor", 3, null]) bad({ method }, `method is `, '"whitened"');
  for (const switches of ["none", "", 1, null, true]) bad({ switches }, "switches is ", '"unknown"');
  for (const method of ["scaled", "whitened", "hybrid", "synthesis"]) {
    bad({ switches: "unknown", method }, `method is "${method}"`, "least-squares");
  }
  for (const inequalities of ["yes", 1, null]) bad({ inequalities }, `inequalities is `, "true or false");
  for (const noise of [-1, Number.NaN, Infinity, "0.1", null]) bad({ noise }, "noise is ");
  for (const smoothness of [-0.1, 2.1, Number.NaN, "1", null])
    bad({ smoothness }, "smoothness is ", "0 to 2");
  const wrong = [
    ...[-0.1, 1, 1.5, Number.NaN, Infinity, "0.5", null, true, {}],
    ...[[], [1], new Array(8).fill(0), new Array(10).fill(1)],
    [1, 0.5, 0, 0.4, 1, 0, 0, 0, 1], // asymmetric
    [1, 2, 0, 2, 1, 0, 0, 0, 1], // indefinite
    [1, 1, 1, 1, 1, 1, 1, 1, 1], // singular
    [-1, 0, 0, 0, -1, 0, 0, 0, -1],
    [0, 0, 0, 0, 1, 0, 0, 0, 1],
    [1, 0, Number.NaN, 0, 1, 0, Number.NaN, 0, 1],
    [1, 0, 0, 0, Number.NaN, 0, 0, 0, 1],
    [1, 0, 0, 0, Infinity, 0, 0, 0, 1],
  ];
  for (const correlation of wrong) bad({ correlation }, "correlation is ", "3 x 3");
  const one = simd.createLayerSync({ ...SPEC, input: { channels: 1, height: 10, width: 9 } });
  const grey = one.encode(numbers(90, 1));
  refuses(() => one.decode(grey, { correlation: 5 }), "invalid-option", "correlation is 5");
  const wide = simd.createLayerSync({ ...SPEC, input: { channels: 33, height: 4, width: 4 } });
  const many = wide.encode(numbers(528, 1));
  for (const correlation of [0.5, new Array(33 * 33).fill(0)]) {
    refuses(() => wide.decode(many, { correlation }), "invalid-option", "correlation is ", "32 channels");
  }
  assert.ok(wide.decode(many, { correlation: 0 }).every(Number.isFinite));
  for (const start of [new Float32Array(LENGTH - 1), new Float64Array(LENGTH), [], "x", 5]) {
    refuses(
      () => layer.decode(code, { start: start as Float32Array }),
      "invalid-input",
      "start is ",
      "= 270",
    );
  }
  for (const value of [Number.NaN, Infinity]) {
    const start = numbers(LENGTH, 2).fill(value, 100, 101);
    refuses(() => layer.decode(code, { start }), "not-finite", `number 100 is ${value}`);
  }
  const sparse = { ...code, kind: "sparse" as const };
  for (const method of ["least-squares", ...SOLVERS] as const) {
    refuses(() => layer.decode(sparse, { method }), "invalid-option", method, "sparse");
  }
  refuses(() => layer.decode(sparse, { switches: "unknown" }), "invalid-option", "unknown");
  refuses(() => layer.decode({ values: code.values }), "invalid-code", "switches");
});

test.run();
