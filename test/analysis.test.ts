// unpool/analysis against dense matrices, closed forms and the figures that the paper's setting is known for.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { symmetricEigenvalues } from "../src/analysis/eigenvalues.js";
import { cosineOfTurns, exp, log } from "../src/analysis/elementary.js";
import {
  coherence,
  conditioning,
  coverage,
  modelRip,
  operatorNorm,
  phaseTransition,
  switchAgreement,
  switchStatistics,
  theorem33,
} from "../src/analysis/index.js";
import type { LayerSpec } from "../src/geometry.js";
import { createLayerSync, type Layer } from "../src/index.js";
import { inputLength, numbers } from "./support.js";

const SMALL: LayerSpec = {
  input: { channels: 2, height: 8, width: 7 },
  filters: 6,
  kernel: 3,
  padding: 1,
  pool: 2,
};
/** The paper's 1-D setting. */
const PAPER: LayerSpec = { input: { channels: 32, length: 32 }, filters: 96, kernel: 5, pool: "global" };

/** Columns of the linear map x -> values at `switches`: dense[j][i]. */
function denseColumns(layer: Layer, switches: Uint8Array | Uint16Array | Uint32Array): Float64Array[] {
  return Array.from({ length: inputLength(layer) }, (_, j) => {
    const unit = new Float32Array(inputLength(layer));
    unit[j] = 1;
    return Float64Array.from(layer.encode(unit, { switches }).values);
  });
}

/** Eigenvalues of the Gram matrix of some columns, in ascending order. */
function gramEigenvalues(columns: readonly Float64Array[]): Float64Array {
  const n = columns.length;
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j < n; ++j) {
      gram[i * n + j] = columns[i]!.reduce((sum, value, at) => sum + value * columns[j]![at]!, 0);
    }
  }
  return symmetricEigenvalues(gram, n);
}

function near(actual: number, expected: number, tolerance: number): void {
  const distance = Math.abs(actual - expected);
  assert.ok(distance <= tolerance * Math.max(1, Math.abs(expected)), `${actual}, expected ${expected}`);
}

function refuses(call: () => unknown, code: string): void {
  assert.throws(call, (error: { code: string }) => error.code === code);
}

test("eigenvalues of a path's Laplacian are 2 - 2 cos(pi j / n)", () => {
  const n = 9;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; ++i) {
    matrix[i * n + i] = i === 0 || i === n - 1 ? 1 : 2;
    if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
  }
  symmetricEigenvalues(matrix, n).forEach((value, j) => {
    near(value, 2 - 2 * Math.cos((Math.PI * j) / n), 1e-12);
  });
});

test("logarithm, exponential and cosine agree with the host's to rounding", () => {
  for (let i = 1; i < 400; ++i) {
    near(log(i / 37), Math.log(i / 37), 1e-14);
    near(exp(i / 20 - 10) / Math.exp(i / 20 - 10), 1, 1e-14);
    near(cosineOfTurns(i / 61 - 3), Math.cos(2 * Math.PI * (i / 61 - 3)), 1e-13);
  }
});

test("Theorem 3.3's bound has the values of its formula and is infinite where it does not apply", () => {
  near(theorem33(0.05), 0.2767, 1e-3);
  near(theorem33(0.1), 0.6142, 1e-3);
  near(theorem33(0.1, 0.2), ((5 * 0.2) / 0.9) * Math.sqrt(1.2 / 0.8), 1e-12);
  assert.ok(theorem33(0.146) < 1 && theorem33(0.148) > 1);
  assert.equal([theorem33(0), theorem33(1), theorem33(0.2, 3)], [0, Infinity, Infinity]);
  refuses(() => theorem33(-0.1), "invalid-option");
  refuses(() => theorem33(Number.NaN), "invalid-option");
});

test("coverage is the squared column norms of A, and counts what no row sees", () => {
  for (const rectifier of ["none", "relu", "crelu"] as const) {
    const layer = createLayerSync({ ...SMALL, rectifier });
    const code = layer.encode(numbers(inputLength(layer), 3));
    const counts = (i: number) => rectifier === "none" || code.values[i] !== 0;
    const { map, rows, unseen, unknowns } = coverage(layer, code);
    assert.is(rows, code.values.filter((_, i) => counts(i)).length);
    assert.is(unknowns, inputLength(layer));
    const truth = denseColumns(layer, code.switches).map((column) =>
      column.reduce((sum, value, i) => sum + (counts(i) ? value * value : 0), 0),
    );
    truth.forEach((value, j) => {
      near(map[j]!, value, 1e-5);
    });
    assert.is(unseen, truth.filter((value) => value === 0).length);
  }
});

test("Ritz values lie within the singular values of A and reach them", () => {
  const layer = createLayerSync(SMALL);
  const code = layer.encode(numbers(inputLength(layer), 5));
  const seen = coverage(layer, code).map;
  const columns = denseColumns(layer, code.switches).filter((_, j) => seen[j]! > 0);
  const eigenvalues = gramEigenvalues(columns);
  const [low, high] = [Math.sqrt(Math.max(0, eigenvalues[0]!)), Math.sqrt(eigenvalues.at(-1)!)];
  const few = conditioning(layer, code, { steps: 8, scaled: false });
  assert.ok(few.greatest <= high * (1 + 1e-5) && few.least >= low * (1 - 1e-3), JSON.stringify(few));
  const many = conditioning(layer, code, { steps: 200, scaled: false });
  near(many.greatest / high, 1, 1e-4);
  assert.ok(many.conditionAtLeast >= few.conditionAtLeast);
  if (high / low < 500) near(many.least / low, 1, 0.05);
});

test("the norm of W lies between its bounds, with strides, padding and both signs", () => {
  const shapes: LayerSpec[] = [
    SMALL,
    { input: { channels: 3, length: 14 }, filters: 5, kernel: 4, stride: 2, pool: "global" },
    { ...SMALL, rectifier: "crelu" },
    { input: { channels: 1, height: 9, width: 9 }, filters: 3, kernel: [5, 2], stride: [2, 1], pool: [2, 3] },
  ];
  for (const spec of shapes) {
    const layer = createLayerSync(spec);
    const { pool } = layer.geometry;
    const { switches } = layer.encode(new Float32Array(inputLength(layer)));
    // W x is the rows of every position of the regions, one after the other
    const columns = denseColumns(layer, switches.fill(0)).map((first) => [...first]);
    for (let position = 1; position < pool[0] * pool[1]; ++position) {
      denseColumns(layer, switches.fill(position)).forEach((more, j) => {
        columns[j]!.push(...more);
      });
    }
    const norm = Math.sqrt(gramEigenvalues(columns.map((column) => Float64Array.from(column))).at(-1)!);
    const { lower, upper } = operatorNorm(layer);
    assert.ok(lower <= norm * (1 + 1e-5), `${lower} above ${norm}`);
    assert.ok(lower >= 0.98 * norm, `${lower} far below ${norm}`);
    assert.ok(upper >= norm * (1 - 1e-6), `${upper} below ${norm}`);
    assert.ok(upper <= 2.5 * norm, `${upper} far above ${norm}`);
  }
});

test("coherence of two known filters, and of random ones of VGG-16's first shapes as Table 4 has it", () => {
  const layer = createLayerSync({
    input: { channels: 1, length: 8 },
    filters: 2,
    kernel: 2,
    weights: Float32Array.of(1, 0, 0.6, 0.8),
  });
  const known = coherence(layer);
  near(known.zeroShift, 0.6, 1e-6); // (1, 0) . (.6, .8)
  near(known.allShifts, 0.8, 1e-6); // (1, 0) on the second tap
  near(known.allPairs, 0.8, 1e-6); // its own shift gives .48
  const shape = (channels: number, seed: number) =>
    coherence(
      createLayerSync({ input: { channels, height: 8, width: 8 }, filters: 64, kernel: 3, pool: 2, seed }),
    );
  const first = [0, 1, 2].map((seed) => shape(3, seed).zeroShift);
  assert.ok(Math.min(...first) > 0.5 && Math.max(...first) < 0.7, String(first)); // 0.6701 in the paper
  const second = shape(64, 0);
  assert.ok(second.zeroShift > 0.11 && second.zeroShift < 0.18, String(second.zeroShift)); // 0.1218
  assert.ok(second.zeroShift <= second.allShifts && second.allShifts <= second.allPairs);
});

test("the model-RIP of the paper's 1-D setting: typical codes near 1, adversarial ones beyond delta = 1", () => {
  const layer = createLayerSync(PAPER);
  const { sampled, supports, adversarial } = modelRip(layer, { k: 10, codes: 600, supports: 60, starts: 3 });
  near(sampled.mean, 1.007, 0.02);
  const [low, , , , high] = sampled.quantiles;
  assert.ok(low > 0.88 && low < 0.94 && high > 1.08 && high < 1.16, `${low} to ${high}`);
  assert.is(
    sampled.histogram.counts.reduce((a, b) => a + b),
    600,
  );
  assert.ok(supports!.least > 0.5 && supports!.least < 0.75, String(supports!.least));
  assert.ok(supports!.greatest > 1.35 && supports!.greatest < 1.7, String(supports!.greatest));
  assert.ok(adversarial!.least < 0.5 && adversarial!.greatest > 2, JSON.stringify(adversarial));
  assert.ok(adversarial!.delta > 1);
  // the same codes again, whatever else is asked for
  assert.equal(modelRip(layer, { k: 10, codes: 600, supports: 0, starts: 0 }).sampled, sampled);
});

test("one non-zero has the model-RIP of the filters' norms", () => {
  const layer = createLayerSync({ ...PAPER, unitNorm: true });
  const { sampled, adversarial } = modelRip(layer, { k: 1, codes: 20, starts: 1 });
  for (const value of [sampled.least, sampled.greatest, adversarial!.greatest]) near(value, 1, 1e-5);
});

test("switch statistics: entropy of an even and of a constant choice, and agreement with itself and another", () => {
  const layer = createLayerSync(SMALL);
  const code = layer.encode(numbers(inputLength(layer), 7));
  const switches = code.switches.map((_, i) => i % 4);
  const even = switchStatistics(layer, { ...code, switches });
  near(even.entropy, 2, 1e-2);
  assert.is(even.uniform, 2);
  assert.is(
    even.histogram.reduce((a, b) => a + b),
    even.count,
  );
  assert.is(switchStatistics(layer, { ...code, switches: switches.fill(3) }).entropy, 0);
  assert.equal(switchAgreement(layer, code, code), { shared: even.count, agreement: 1, overlap: 1 });
  const moved = code.switches.map((value) => (value + 1) % 4);
  assert.is(switchAgreement(layer, code, { ...code, switches: moved }).agreement, 0);
});

test("the phase transition: sparse codes are found, dense ones not, cells stand on their own, an abort ends it", async () => {
  const create = async (spec: LayerSpec) => createLayerSync(spec);
  const options = { method: "iht", sparsify: { iterations: 60 }, channels: [16], trials: 4 } as const;
  const { cells, transitions, stopped } = await phaseTransition(create, { ...options, k: [2, 48] });
  assert.is(stopped, "complete");
  assert.equal(
    cells.map(({ successes }) => successes),
    [4, 0],
  );
  const { k } = transitions[0]!;
  assert.ok(k! > 2 && k! < 48, String(k));
  const alone = await phaseTransition(create, { ...options, k: [48] });
  assert.equal(alone.cells, [cells[1]!]);
  const aborted = await phaseTransition(create, { ...options, signal: { aborted: true } });
  assert.equal([aborted.stopped, aborted.cells.length], ["aborted", 0]);
});

test("what cannot be analysed is refused with a code", () => {
  const layer = createLayerSync(SMALL);
  const code = layer.encode(numbers(inputLength(layer)));
  for (const k of [0, -1, 1.5, code.values.length + 1, Number.NaN]) {
    refuses(() => modelRip(layer, { k }), "invalid-option");
  }
  refuses(() => conditioning(layer, code, { steps: 0 }), "invalid-option");
  refuses(() => coverage(layer, { ...code, kind: "sparse" }), "invalid-code");
  refuses(() => coverage(layer, { ...code, values: code.values.subarray(1) }), "invalid-code");
  refuses(
    () => switchStatistics(layer, { ...code, values: code.values.map(() => Number.NaN) }),
    "not-finite",
  );
  refuses(() => coherence({} as Layer), "invalid-option");
  layer.dispose();
  refuses(() => operatorNorm(layer), "disposed");
});

test("a code without rows is analysed to zeros, never to NaN", () => {
  const layer = createLayerSync({ ...SMALL, rectifier: "relu" });
  const code = layer.encode(new Float32Array(inputLength(layer)));
  assert.is(coverage(layer, code).unseen, inputLength(layer));
  const { greatest, least, conditionAtLeast } = conditioning(layer, code);
  assert.equal([greatest, least, Math.round(conditionAtLeast)], [0, 0, 1000]);
  assert.is(switchStatistics(layer, code).entropy, 0);
});

test("the entry as built gives what its source gives, with a layer of the default entry", async () => {
  const built = await import(resolve("build/analysis.js"));
  const { createLayerSync: create } = await import(resolve("build/index.js"));
  assert.equal(built.coherence(create(SMALL)), coherence(createLayerSync(SMALL)));
});

test("the program of docs/analysis.md prints what stands there", () => {
  const [, program, printed] = /```js\n(.*?)```\n\n```\n(.*?)```/s.exec(
    readFileSync("docs/analysis.md", "utf8"),
  )!;
  const stdout = execFileSync(process.execPath, ["--input-type=module", "-e", program!], {
    encoding: "utf8",
  });
  assert.is(stdout, printed);
});

test.run();
