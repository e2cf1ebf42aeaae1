// What the experiments on activations share: one step, regions that keep their largest value, ratios of codes, patches.

import { parseHTML } from "linkedom";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { keepLargest, oneStep, scaledTo } from "../experiments/paper/one-step.mjs";
import { randomRatios, ratios } from "../experiments/paper/ratios.mjs";
import { montage } from "../experiments/paper/reconstruction-pictures.mjs";
import { withoutMeans } from "../experiments/paper/reconstruction-readings.mjs";
import { recoveredRatios } from "../experiments/paper/recovered-codes.mjs";
import { norm, relativeError } from "../experiments/paper/statistics.mjs";
import { convolution, patch, positiveShare, rowNorms, unitRows } from "../experiments/paper/vgg.mjs";
import { numbers } from "./support.js";

const near = (actual: number, wanted: number, tolerance: number) =>
  assert.ok(Math.abs(actual - wanted) <= tolerance, `${actual} is not ${wanted} to ${tolerance}`);

test("an estimate scaled to the norm of x errs by the square root of 2 - 2 cos", () => {
  const [x, estimate] = [numbers(500, 1), numbers(500, 2).map((value, i) => value + 0.3 * i)];
  const product = x.reduce((sum, value, i) => sum + value * estimate[i]!, 0);
  const cosine = product / (norm(x) * norm(estimate));
  const scaled = scaledTo(x, estimate);
  near(norm(scaled), norm(x), 1e-5 * norm(x));
  near(relativeError(scaled, x), Math.sqrt(2 - 2 * cosine), 1e-5);
});

test("one step along a filter's own patch is that patch, whatever its length was", () => {
  const layer = convolution({ filters: 1, channels: 2, weights: numbers(18, 3) }, 3, { padding: 0 });
  const x = layer.weights.map((value) => -7 * value);
  assert.ok(relativeError(oneStep(layer, x), x) < 1e-6);
});

test("regions keep their largest value, also where all are negative, at its place", () => {
  const shape = { filters: 5, channels: 3, seed: 4 };
  const make = (more = {}) => convolution(shape, 8, { pool: 2, ...more });
  const x = numbers(3 * 64, 5).map((value) => 100 * (value + 0.5));
  const { values, switches, layer, lifted } = keepLargest(make, x);
  const everything = convolution(shape, 8).encode(x).values;
  let negative = 0;
  values.forEach((value, i) => {
    const [filter, row, column] = [Math.floor(i / 16), Math.floor(i / 4) % 4, i % 4];
    const region = [0, 1, 2, 3].map(
      (at) => everything[64 * filter + 8 * (2 * row + (at >> 1)) + 2 * column + (at & 1)]!,
    );
    const most = Math.max(...region);
    near(value, most, 1e-4);
    near(region[switches[i]!]!, most, 1e-4);
    if (most < 0) ++negative;
  });
  assert.ok(negative > 0, "no region of this input is negative throughout: another seed is needed");
  // the lifted code is the same equations: x satisfies them
  const back = layer.decode(lifted, { method: "scaled", start: x, iterations: 1 });
  assert.ok(relativeError(back, x) < 1e-3);
});

test("with rows of norm 1, a code of one non-zero has the ratio 1, there and back", () => {
  const weights = numbers(4 * 3 * 9, 6);
  const layer = convolution({ filters: 4, channels: 3, weights: unitRows({ filters: 4, weights }) }, 8, {
    pool: 2,
    padding: 0,
  });
  const { synthesis, support } = randomRatios(layer, 1, 10, { seed: 0 });
  for (const ratio of [...synthesis, ...support]) near(ratio, 1, 1e-5);
});

test("of two non-zeros with overlapping rows the ratios are those of their Gram matrix", () => {
  const weights = unitRows({ filters: 2, weights: numbers(18, 7) });
  const layer = convolution({ filters: 2, channels: 1, weights }, 3, { padding: 0 });
  const cosine = weights.subarray(0, 9).reduce((sum, value, i) => sum + value * weights[9 + i]!, 0);
  const { synthesis, support } = ratios(layer, {
    values: new Float32Array([1, 1]),
    switches: new Uint8Array(2),
  });
  near(synthesis, Math.sqrt(1 + cosine), 1e-5);
  near(support, 1 + cosine, 1e-5);
});

test("codes recovered from inputs that are sparse fit them, with the largest lambda that leaves enough", () => {
  const layer = convolution({ filters: 24, channels: 8, seed: 8 }, 8, { pool: 2, padding: 0 });
  const k = 12;
  const size = layer.codeShape.reduce((product, length) => product * length, 1);
  const inputs = [1, 2].map((seed) => {
    const values = new Float32Array(size);
    // every 18th of the regions: nearly orthogonal rows
    for (let i = 0; i < k; ++i) values[18 * i] = numbers(k, seed)[i]! + (i % 2 === 0 ? 2 : -2);
    return layer.decode({ kind: "sparse", values, switches: new Uint8Array(size) });
  });
  const tried: number[] = [];
  const { lambda, residual, synthesis, each, lambdas } = recoveredRatios(
    layer,
    inputs,
    { k, seed: 0 },
    (one) => tried.push(one),
  );
  assert.equal(
    lambdas.map((one) => one.lambda),
    tried,
  );
  const enough = lambdas.filter(({ nonZero }) => nonZero >= 0.9).map((one) => one.lambda);
  assert.is(lambda, Math.max(...enough));
  assert.is(each.length, 2);
  assert.ok(residual < 0.5, `${residual} of the inputs are left`);
  // as lambda falls, codes fit better, until the iterations no longer suffice
  const residuals = lambdas.map((one) => one.residual);
  assert.equal(residuals.slice(0, 4), [...residuals.slice(0, 4)].sort().reverse());
  assert.ok(Math.min(...residuals) < 0.05, `${Math.min(...residuals)} of the inputs are left`);
  near(synthesis.mean, 1, 0.2);
});

test("rows are divided by their norms", () => {
  const bank = { filters: 3, weights: numbers(60, 9) };
  const norms = rowNorms({ filters: 3, weights: unitRows(bank) });
  assert.is(norms.length, 3);
  for (const length of norms) near(length, 1, 1e-6);
});

test("a patch is its rows of every channel", () => {
  const values = Float32Array.from({ length: 2 * 16 }, (_, i) => i);
  assert.equal([...patch(values, 4, 2, 1, 2)], [6, 7, 10, 11, 22, 23, 26, 27]);
});

test("means are taken off channel by channel; shares count what is positive", () => {
  assert.equal([...withoutMeans(new Float32Array([1, 3, -2, 6]), 2)], [-1, 1, -4, 4]);
  assert.is(positiveShare(new Float32Array([1, 0, -1, 2])), 0.5);
});

test("pictures are one SVG with their captions in lines that fit below them", () => {
  const caption = "true switches, random values of both signs";
  const { document } = parseHTML(
    montage("A title", [
      { jpeg: "AAAA", caption },
      { jpeg: "BBBB", caption, error: 0.123 },
    ]),
  );
  const [title, ...lines] = [...document.querySelectorAll("text")].map(({ textContent }) => textContent!);
  assert.is(title, "A title");
  assert.is(lines.slice(0, 2).join(" "), caption);
  assert.is(lines.at(-1), "error 0.12");
  for (const line of lines) assert.ok(line.length <= 22, line);
  const hrefs = [...document.querySelectorAll("image")].map((image) => image.getAttribute("href"));
  assert.equal(hrefs, ["data:image/jpeg;base64,AAAA", "data:image/jpeg;base64,BBBB"]);
});

test.run();
