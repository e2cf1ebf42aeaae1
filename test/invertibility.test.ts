// Whether a code determines its input, against dense float64 algebra.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { coverage } from "../src/analysis/coverage.js";
import { symmetricEigenvalues } from "../src/analysis/eigenvalues.js";
import { UnpoolError } from "../src/errors.js";
import type { LayerSpec } from "../src/geometry.js";
import type { Code, Layer } from "../src/layer.js";
import { tridiagonalExtremes } from "../src/tridiagonal.js";
import { dot, equationsOf } from "./closed-forms.js";
import { inputLength, numbers, relativeDistance, SEEDED, simd, specs } from "./support.js";

const SPEC: LayerSpec = {
  input: { channels: 2, height: 8, width: 8 },
  filters: 24,
  kernel: 3,
  padding: 1,
  pool: 2,
  seed: 2,
};

/** Eigenvalues of s A'A s, ascending, s the scale of least squares; where something is seen. */
function scaledSpectrum(layer: Layer, code: Code): Float64Array {
  const { rows } = equationsOf(layer, code);
  const { map, mean } = coverage(layer, code);
  const seen = [...map.keys()].filter((j) => map[j]! > 0);
  const columns = seen.map((j) => {
    const scale = 1 / Math.sqrt(map[j]! + 1e-3 * mean);
    return rows.map((row) => row[j]! * scale);
  });
  return symmetricEigenvalues(
    Float64Array.from(columns.flatMap((a) => columns.map((b) => dot(a, b)))),
    seen.length,
  );
}

function conditionOf(spectrum: Float64Array): number {
  return Math.sqrt(spectrum.at(-1)! / Math.max(0, spectrum[0]!));
}

test("a code of many values determines its input: the condition number is the dense one, from below", () => {
  for (const change of [
    {},
    { filters: 32, rectifier: "crelu" },
    { filters: 60, rectifier: "relu", seed: 3 },
  ] as Partial<LayerSpec>[]) {
    const layer = simd.createLayerSync({ ...SPEC, ...change });
    const code = layer.encode(numbers(inputLength(layer), 3));
    const { verdict, conditionAtLeast, rows, unknowns, unseen, faint, sentence } = layer.invertibility(code);
    const condition = conditionOf(scaledSpectrum(layer, code));
    assert.is(verdict, "determined");
    assert.ok(conditionAtLeast <= condition * (1 + 1e-4) && conditionAtLeast > 0.98 * condition);
    assert.equal([rows, unknowns, unseen, faint], [equationsOf(layer, code).rows.length, 128, 0, 0]);
    assert.match(sentence, /determines the input/);
    assert.match(sentence, `${rows} values for 128 unknowns`);
  }
});

test("rows, unknowns and unseen are those of coverage, and a true condition number is never exceeded", () => {
  const property = fc.property(specs, fc.integer({ min: 1, max: 99 }), (spec, seed) => {
    const layer = simd.createLayerSync(spec);
    const n = inputLength(layer);
    const code = layer.encode(numbers(n, seed));
    const found = layer.invertibility(code);
    const seen = coverage(layer, code);
    assert.equal([found.rows, found.unknowns, found.unseen], [seen.rows, seen.unknowns, seen.unseen]);
    const faint = [...seen.map].filter((d) => d <= 0.01 * seen.mean).length;
    assert.ok(found.faint >= found.unseen);
    // beside the bar float32 may see one more or less
    const near = [...seen.map].filter((d) => Math.abs(d / (0.01 * seen.mean) - 1) < 1e-3).length;
    assert.ok(Math.abs(found.faint - faint) <= near, `${found.faint} faint, where ${faint} are`);
    assert.not.match(found.sentence, /NaN|Infinity/);
    if (found.rows < n || found.unseen > 0) assert.is(found.verdict, "open");
    if (found.rows === 0) assert.is(found.conditionAtLeast, Infinity);
    if (n > 120 || found.unseen === n || found.rows < n || found.rows > 1500) return;
    const spectrum = scaledSpectrum(layer, code);
    const condition = conditionOf(spectrum);
    // float32 blurs the eigenvalues by its rounding times the largest
    const [least, greatest] = [spectrum[0]!, spectrum.at(-1)!];
    const blurred = Math.sqrt(greatest / Math.max(0, least - 1e-5 * greatest));
    const singular = least < 1e-9 * greatest;
    assert.ok(
      singular || found.conditionAtLeast <= blurred * (1 + 1e-4),
      `${found.conditionAtLeast} > ${condition}`,
    );
    if (found.verdict === "determined") assert.ok(condition < 30, `${condition}: ${JSON.stringify(spec)}`);
    if (found.unseen > 0) return;
    if (singular) assert.is(found.verdict, "open");
    if (condition < 300) assert.is.not(found.verdict, "open");
  });
  fc.assert(property, { ...SEEDED, numRuns: 250 });
});

test("what is called determined, decode finds; what is called open, it cannot know", () => {
  let determined = 0;
  const property = fc.property(specs, (spec) => {
    const layer = simd.createLayerSync(spec);
    const x = numbers(inputLength(layer), 17);
    const code = layer.encode(x);
    const { verdict, rows, sentence } = layer.invertibility(code);
    const error = relativeDistance(layer.decode(code, { iterations: 300 }), x);
    if (verdict === "open" && rows > 0) assert.ok(error > 1e-4, sentence);
    if (verdict !== "determined") return;
    determined += 1;
    assert.ok(error < 1e-3, `${error}: ${sentence}`);
  });
  fc.assert(property, { ...SEEDED, numRuns: 250 });
  assert.ok(determined > 10, `${determined} were determined`);
});

test("too few values, unseen numbers and rank that is wanting are said in a sentence", () => {
  const few = simd.createLayerSync({ ...SPEC, filters: 7 });
  const open = few.invertibility(few.encode(numbers(128, 1)));
  assert.is(open.verdict, "open");
  assert.match(open.sentence, "112 values for 128 unknowns (m/N = 0.88): at least 16 stay open");
  // one tap: each region of a filter sees one number of four
  const narrow = simd.createLayerSync({ ...SPEC, kernel: 1, padding: 0, filters: 8 });
  const code = narrow.encode(numbers(128, 1));
  code.switches.fill(0);
  const blind = narrow.invertibility(code);
  assert.equal([blind.verdict, blind.unseen, blind.faint], ["open", 96, 96]);
  assert.match(blind.sentence, "96 lie in no patch that was kept");
  // the same filter four times: four values for two numbers of a pixel, of which they see one sum
  const weights = Float32Array.from({ length: 8 }, (_, i) => (i % 2 ? 0.5 : 1));
  const alike = simd.createLayerSync({
    ...SPEC,
    seed: undefined,
    kernel: 1,
    padding: 0,
    pool: 1,
    filters: 4,
    weights,
  });
  const wanting = alike.invertibility(alike.encode(numbers(128, 1)));
  assert.is.not(wanting.verdict, "determined");
});

test("the answer is one of switches and counts, not of values: zeros, equal values and disturbed ones are judged alike", () => {
  const layer = simd.createLayerSync(SPEC);
  const code = layer.encode(numbers(128, 3));
  const { verdict, conditionAtLeast } = layer.invertibility(code);
  for (const change of [() => 0, () => 1, (v: number, i: number) => v + Math.sin(i * i)]) {
    const other = layer.invertibility({ ...code, values: code.values.map(change) });
    assert.is(other.verdict, verdict);
    assert.ok(Math.abs(other.conditionAtLeast / conditionAtLeast - 1) < 0.05, other.sentence);
    assert.not.match(other.sentence, /NaN|Infinity/);
  }
});

test("a code without a row that counts is open, in a sentence without infinities", () => {
  for (const rectifier of ["relu", "crelu"] as const) {
    const layer = simd.createLayerSync({ ...SPEC, rectifier });
    const found = layer.invertibility(layer.encode(new Float32Array(128)));
    const { sentence, ...facts } = found;
    assert.equal(facts, {
      rows: 0,
      unknowns: 128,
      unseen: 128,
      faint: 128,
      conditionAtLeast: Infinity,
      verdict: "open",
    });
    assert.match(sentence, "0 values for 128 unknowns (m/N = 0.00): at least 128 stay open");
  }
  const dull = simd.createLayerSync({ ...SPEC, seed: undefined, weights: new Float32Array(24 * 18) });
  const { verdict, unseen, sentence } = dull.invertibility(dull.encode(numbers(128, 1)));
  assert.equal([verdict, unseen], ["open", 128]);
  assert.not.match(sentence, /NaN|Infinity/);
});

test("codes that are sparse or not of this layer are refused, and a look leaves no trace", () => {
  const layer = simd.createLayerSync(SPEC);
  const code = layer.encode(numbers(128, 3));
  const before = layer.decode(code, { iterations: 20 });
  const report = JSON.stringify(layer.report);
  const first = layer.invertibility(code);
  assert.equal(layer.invertibility(code), first);
  assert.is(JSON.stringify(layer.report), report);
  assert.equal(layer.decode(code, { iterations: 20 }), before);
  const refuses = (wrong: unknown, kind: string, part: string) =>
    assert.throws(
      () => layer.invertibility(wrong as Code),
      (error: UnpoolError) =>
        error instanceof UnpoolError && error.code === kind && error.message.includes(part),
    );
  refuses({ ...code, kind: "sparse" }, "invalid-code", "sparse");
  refuses({ ...code, kind: "spare" }, "invalid-code", "spare");
  refuses(undefined, "invalid-code", "undefined");
  refuses({ values: code.values }, "invalid-code", "switches");
  refuses({ ...code, values: code.values.slice(1) }, "invalid-code", "Float32Array of");
  refuses({ ...code, switches: code.switches.slice().fill(4) }, "invalid-code", "switch 0 is 4");
  refuses({ ...code, values: code.values.slice().fill(Number.NaN, 2, 3) }, "not-finite", "number 2 is NaN");
});

test("extreme eigenvalues of tridiagonal matrices are those of Jacobi's rotations", () => {
  const entry = fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.constantFrom(0, 1, 2));
  const matrices = fc.integer({ min: 1, max: 24 }).chain((n) =>
    fc.record({
      diagonal: fc.array(entry, { minLength: n, maxLength: n }),
      beside: fc.array(entry.map(Math.abs), { minLength: n - 1, maxLength: n + 1 }),
    }),
  );
  const agree = (diagonal: number[], beside: number[]) => {
    const n = diagonal.length;
    const dense = new Float64Array(n * n);
    for (let i = 0; i < n; ++i) {
      dense[i * n + i] = diagonal[i]!;
      if (i + 1 < n) {
        dense[i * n + i + 1] = beside[i]!;
        dense[(i + 1) * n + i] = beside[i]!;
      }
    }
    const expected = symmetricEigenvalues(dense, n);
    const [least, greatest] = tridiagonalExtremes(diagonal, beside);
    const size = Math.max(Math.abs(expected[0]!), Math.abs(expected.at(-1)!));
    assert.ok(Math.abs(least - expected[0]!) <= 1e-13 * size, `${least} where ${expected[0]} is`);
    assert.ok(
      Math.abs(greatest - expected.at(-1)!) <= 1e-13 * size,
      `${greatest} where ${expected.at(-1)} is`,
    );
  };
  agree([3], []);
  agree([-3], [7]);
  agree([0], []);
  agree([2, 2, 2], [0, 0]);
  agree([0, 0, 0, 0], [1, 0, 1]);
  agree([5, 5, 1, 1, 5], [0, 2, 0, 0]);
  agree([1e-8, 1, 1e8], [1e-9, 1e2]);
  fc.assert(
    fc.property(matrices, ({ diagonal, beside }) => agree(diagonal, beside)),
    { ...SEEDED, numRuns: 300 },
  );
});

test.run();
