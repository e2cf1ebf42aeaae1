// What the paper's experiments compute with, against plain float64 and against the analysis entry.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { histogram, lines, stacked } from "../experiments/paper/chart.mjs";
import { coherenceByKernel } from "../experiments/paper/coherence-by-kernel.mjs";
import { table } from "../experiments/paper/format.mjs";
import { largest, onePass, randomCodes } from "../experiments/paper/one-pass.mjs";
import { gaussian, norm, relativeError } from "../experiments/paper/statistics.mjs";
import { coherence } from "../src/analysis/coherence.js";
import { createLayerSync } from "../src/index.js";
import { analyseAt, convolve, keepLargest, pool, synthesise } from "./reference.js";
import { numbers, shapeOf } from "./support.js";

const close = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) < 1e-5 * Math.max(1, expected),
    `${what}: ${actual}, not ${expected}`,
  );

for (const spec of [{}, { length: 36 }, { unitNorm: true }, { channels: 8 }]) {
  test(`one pass, measured in each reading, is that of plain float64: ${JSON.stringify(spec)}`, () => {
    const { layer, measure, positions } = onePass({ seed: 3, ...spec });
    const shape = shapeOf(layer);
    const none = new Float64Array(shape.filters);
    const { weights } = layer;
    const synthesis = (values: ArrayLike<number>, switches: ArrayLike<number>) =>
      synthesise(shape, weights, { values: Float64Array.from(values), switches: Uint32Array.from(switches) });
    const next = randomCodes(layer, 10, 5);
    for (let i = 0; i < 3; ++i) {
      const z = next();
      assert.is(z.values.filter((value: number) => value !== 0).length, 10);
      assert.ok(z.switches.every((position: number) => position < positions));
      const x = synthesis(z.values, z.switches);
      const h = convolve(shape, weights, none, x);
      const pooled = pool(shape, h);
      const known = keepLargest(pooled.values, pooled.switches, 10);
      // by value: as if all activations but positive ones were 0
      const positive = pool(
        shape,
        h.map((value) => Math.max(value, 0)),
      );
      const highest = keepLargest(positive.values, positive.switches, 10);
      const onSupport = (values: ArrayLike<number>) =>
        Float64Array.from(values, (value, at) => (z.values[at] === 0 ? 0 : value));
      const ofSupport = onSupport(analyseAt(shape, weights, z.switches, x));
      const error = (values: ArrayLike<number>, switches: ArrayLike<number>) =>
        relativeError(synthesis(values, switches), x);
      const estimate = synthesis(known.values, known.switches);
      const cosine =
        estimate.reduce((sum, value, at) => sum + value * x[at]!, 0) / (norm(estimate) * norm(x));
      const expected: Record<string, number> = {
        synthesis: norm(x) / norm(z.values),
        all: norm(h) / norm(z.values),
        support: norm(ofSupport) / norm(z.values),
        kept: norm(known.values) / norm(z.values),
        trueSupport: error(ofSupport, z.switches),
        trueFilters: error(onSupport(pooled.values), pooled.switches),
        known: error(known.values, known.switches),
        // the best multiple leaves what is orthogonal
        scaled: Math.sqrt(1 - cosine ** 2),
        fixed: error(known.values, new Uint32Array(shape.filters)),
        signed: error(highest.values, highest.switches),
      };
      const measured = measure(z);
      assert.equal(Object.keys(measured), Object.keys(expected));
      for (const [name, value] of Object.entries(measured)) close(value, expected[name]!, name);
    }
  });
}

test("the k largest by magnitude, the first ones among equals", () => {
  const code = { values: Float32Array.of(1, -3, 2, -2, 0), switches: new Uint8Array(5) };
  assert.equal(largest(code, 2).values, Float32Array.of(0, -3, 2, 0, 0));
  assert.equal(largest(code, 9).values, code.values);
});

test("coherence by a layer's activations is that of the analysis entry", () => {
  for (const [filters, channels, kernel] of [
    [12, 1, 3],
    [9, 4, 2],
    [40, 3, 3],
  ] as const) {
    const input = { channels, height: 2 * kernel, width: 2 * kernel };
    const weights = numbers(filters * channels * kernel ** 2, filters);
    weights.fill(0, 0, channels * kernel ** 2);
    for (const filtersOf of [{ seed: 7 }, { weights }]) {
      const expected = coherence(createLayerSync({ input, filters, kernel, ...filtersOf }));
      const { signed, ...measured } = coherenceByKernel({ filters, channels, kernel, ...filtersOf });
      assert.equal(Object.keys(measured), Object.keys(expected));
      for (const [name, value] of Object.entries(measured)) {
        close(value, expected[name as keyof typeof expected], name);
      }
      assert.ok(signed <= measured.zeroShift);
    }
  }
});

test("the signed coherence is the largest cosine, whatever lies opposite", () => {
  // (1, 0), (-1, 0.1) and (1, 1), each a filter of one row
  const weights = Float32Array.of(1, 0, 0, 0, -1, 0.1, 0, 0, 1, 1, 0, 0);
  const { signed, zeroShift } = coherenceByKernel({ filters: 3, channels: 1, kernel: 2, weights });
  close(signed, Math.SQRT1_2, "signed");
  close(zeroShift, 1 / Math.sqrt(1.01), "zero shift");
});

test("Gaussian numbers are those of the filters: mean 0, variance 1, the same for the same seed", () => {
  const sample = gaussian(10_000, 3);
  assert.equal(gaussian(10_000, 3), sample);
  const mean = sample.reduce((sum: number, value: number) => sum + value, 0) / sample.length;
  assert.ok(Math.abs(mean) < 0.04, `mean ${mean}`);
  assert.ok(Math.abs(norm(sample) ** 2 / sample.length - 1) < 0.06);
});

test("a chart stands alone, names its series and the paper's value, and is the same each time", () => {
  const draw = () =>
    stacked("All & more", [
      histogram({
        title: "First & last",
        x: "ratio",
        series: ["one", "other"].map((name) => ({ name, from: 0, to: 1, counts: [1, 2] })),
        paper: [{ value: 0.5, label: "paper: 0.5" }],
      }),
      lines({
        ...{ title: "Second", x: { label: "k" }, y: { label: "error" }, height: 200 },
        series: [{ name: "only", points: [{ x: 1, y: 2, low: 1, high: 3 }] }],
        limit: { label: "the limit", points: [{ x: 1, y: 4 }] },
      }),
    ]);
  const svg = draw();
  assert.is(draw(), svg);
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="760" height="540" /);
  assert.match(svg, /<title>All &amp; more<\/title>/);
  assert.match(svg, /First &amp; last/);
  for (const text of ["● one", "● other", "paper: 0.5", "the limit"]) assert.ok(svg.includes(text), text);
  assert.not.ok(svg.includes("● only"), "one series needs no legend");
  assert.match(svg, /prefers-color-scheme: dark/);
});

test("bars in the cells of a table do not end them", () => {
  assert.is(table(["|x|", 1], [["a|b", 2]]), "| \\|x\\| | 1 |\n| --- | --- |\n| a\\|b | 2 |");
});

test.run();
