// Encode, synthesis and the operator A against the references, the scalar build and each other.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LayerSpec } from "../src/geometry.js";
import type { Code, Layer } from "../src/layer.js";
import torchCases from "./fixtures/torch.json";
import * as reference from "./reference.js";
import { analyseFast32, isFast } from "./reference-fast.js";
import {
  bits,
  coarseNumbers,
  EXTREMES,
  fastSpecs,
  inputLength,
  numbers,
  relativeDistance,
  SEEDED,
  scalar,
  shapeOf,
  simd,
  specs,
} from "./support.js";

const builds = { simd, scalar };

/** Runs a check on the extremes and on random specifications, of the fast convolution too. */
function forAllSpecs(check: (spec: LayerSpec) => void): void {
  EXTREMES.forEach(check);
  fc.assert(fc.property(specs, check), SEEDED);
  fc.assert(fc.property(fastSpecs, check), SEEDED);
}

/** A code of this layer with random values and random switches. */
function randomCode(layer: Layer, seed: number): Code {
  const [planes, rows, columns] = layer.codeShape;
  const { pool, switchBytes } = layer.geometry;
  const positions = pool[0] * pool[1];
  const length = planes * rows * columns;
  const Switches = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[switchBytes];
  const draws = numbers(length, seed + 1);
  return {
    kind: "sparse",
    values: numbers(length, seed),
    switches: new Switches(length).map((_, i) => Math.floor(((draws[i]! + 1) / 2) * positions) % positions),
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

for (const [name, { createLayerSync }] of Object.entries(builds)) {
  test(`the ${name} build pools and synthesises as PyTorch does`, () => {
    for (const fixture of torchCases) {
      const { channels, height, width, ...shape } = fixture.shape;
      const layer = createLayerSync({
        ...(shape as unknown as Omit<LayerSpec, "input">),
        input: { channels, height, width },
        weights: Float32Array.from(fixture.weights),
        bias: Float32Array.from(fixture.bias),
      });
      const code = layer.encode(Float32Array.from(fixture.x));
      assert.equal([...code.values], fixture.values, `values of ${fixture.name}`);
      assert.equal([...code.switches], fixture.switches, `switches of ${fixture.name}`);
      const image = layer.decode(code, { method: "synthesis", scale: 1 });
      assert.ok(relativeDistance(image, fixture.synthesis) < 1e-6, `synthesis of ${fixture.name}`);
    }
  });

  test(`the ${name} build's activations are the float32 sums of the reference, bit for bit`, () => {
    forAllSpecs((spec) => {
      const layer = createLayerSync(spec);
      const x = numbers(inputLength(layer), 5);
      const shape = shapeOf(layer);
      const analyse32 = isFast(shape) ? analyseFast32 : reference.analyseExactly32;
      const pooled = reference.pool(
        shape,
        analyse32(shape, layer.weights, layer.bias, x) as unknown as Float64Array,
      );
      const code = layer.encode(x);
      assert.is(bits(code.values), bits(Float32Array.from(pooled.values)));
      assert.equal([...code.switches], [...pooled.switches]);
    });
  });
}

test("the SIMD build equals the scalar build bit for bit: encode, A, synthesis, solvers", () => {
  forAllSpecs((spec) => {
    const [a, b] = [simd, scalar].map(({ createLayerSync }) => {
      const layer = createLayerSync(spec);
      const x = numbers(inputLength(layer), 9);
      const code = layer.encode(x);
      const { switches } = randomCode(layer, 3);
      const k = Math.ceil(code.values.length / 3);
      const sparse = layer.sparsify(x, { method: "iht", k, iterations: 3, step: "safe", tolerance: 0 });
      return [
        code.values,
        code.switches,
        layer.encode(x, { switches }).values,
        layer.decode(code, { method: "synthesis" }),
        layer.decode(randomCode(layer, 4)),
        layer.decode(code, { iterations: 4, tolerance: 0 }),
        Float64Array.from(layer.report.residuals),
        sparse.values,
        sparse.switches,
        sparse.report.residuals.slice(),
        Float64Array.of(sparse.report.step),
      ].map(bits);
    }) as [string[], string[]];
    assert.equal(a, b);
  });
});

test("analysis and synthesis are adjoint: <A x, z> = <x, A' z>", () => {
  forAllSpecs((spec) => {
    const layer = simd.createLayerSync(spec);
    const x = numbers(inputLength(layer), 7);
    const code = randomCode(layer, 8);
    const forward = layer.encode(x, { switches: code.switches }).values;
    const backward = layer.decode(code);
    const size = Math.sqrt(dot(forward, forward) * dot(code.values, code.values));
    assert.ok(Math.abs(dot(forward, code.values) - dot(x, backward)) <= 2e-6 * size + 1e-12);
  });
});

test("A x and A' z equal the float64 reference to float32 rounding", () => {
  forAllSpecs((spec) => {
    const layer = simd.createLayerSync(spec);
    const shape = shapeOf(layer);
    const x = numbers(inputLength(layer), 2);
    const code = randomCode(layer, 6);
    const forward = layer.encode(x, { switches: code.switches }).values;
    assert.ok(relativeDistance(forward, reference.analyseAt(shape, layer.weights, code.switches, x)) < 2e-6);
    const { values, switches } = code;
    const expected = reference.synthesise(shape, layer.weights, {
      values: Float64Array.from(values),
      switches: Uint32Array.from(switches),
    });
    assert.ok(relativeDistance(layer.decode(code), expected) < 2e-6);
  });
});

test("A at the switches of encode gives back the values of encode", () => {
  forAllSpecs((spec) => {
    const layer = simd.createLayerSync({ ...spec, rectifier: "none", bias: undefined });
    const x = numbers(inputLength(layer), 4);
    const code = layer.encode(x);
    const again = layer.encode(x, { switches: code.switches });
    assert.ok(relativeDistance(again.values, code.values) < 2e-6);
    assert.equal(again.switches, code.switches);
  });
});

test("one IHT step with step 1 keeps the k largest entries of the code, the lowest index among equals", () => {
  forAllSpecs((spec) => {
    const layer = simd.createLayerSync({ ...spec, bias: undefined });
    const x = coarseNumbers(inputLength(layer), 5).map((v) => Math.round(2 * v) / 2); // many ties
    const code = layer.encode(x);
    for (const k of new Set([1, Math.ceil(code.values.length / 2), code.values.length])) {
      const sparse = layer.sparsify(x, { method: "iht", k, iterations: 1, step: 1, tolerance: 0 });
      const expected = reference.keepLargest(code.values, code.switches, k);
      // an input of zeros is solved before the first step
      if (x.some((v) => v !== 0)) {
        assert.equal(
          [...sparse.values],
          [...expected.values].map((v) => v + 0),
        );
        assert.equal([...sparse.switches], [...expected.switches]);
      }
    }
  });
});

test("equal filters tie, and each region keeps the lowest position", () => {
  const layer = simd.createLayerSync({
    input: { channels: 1, height: 4, width: 4 },
    filters: 5,
    kernel: 1,
    pool: 2,
    weights: new Float32Array(5).fill(2),
  });
  const code = layer.encode(new Float32Array(16).fill(-3));
  assert.ok(code.values.every((value) => value === -6));
  assert.ok(code.switches.every((position) => position === 0));
  const sparse = layer.sparsify(new Float32Array(16).fill(-3), {
    method: "iht",
    k: 6,
    iterations: 1,
    step: 1,
  });
  assert.equal([...sparse.values], [...new Array(6).fill(-6), ...new Array(14).fill(0)]);
});

test("outputs poisoned with NaN are overwritten entirely", () => {
  forAllSpecs((spec) => {
    const layer = simd.createLayerSync(spec);
    const x = numbers(inputLength(layer), 3);
    const fresh = layer.encode(x);
    const out = { values: fresh.values.slice().fill(Number.NaN), switches: fresh.switches.slice().fill(255) };
    assert.is(layer.encode(x, { out }), out);
    assert.is(bits(out.values), bits(fresh.values));
    assert.is(bits(out.switches), bits(fresh.switches));
    const image = new Float32Array(x.length).fill(Number.NaN);
    for (const options of [{ iterations: 2 }, { method: "synthesis" as const }]) {
      assert.is(layer.decode(fresh, { ...options, out: image }), image);
      assert.is(bits(image), bits(layer.decode(fresh, options)));
      assert.ok(image.every(Number.isFinite));
    }
  });
});

test("what a layer computed before leaves no trace in what it computes next", () => {
  forAllSpecs((spec) => {
    const used = simd.createLayerSync(spec);
    const x = numbers(inputLength(used), 1);
    const loud = x.map((v) => 1e6 * v);
    used.decode(used.sparsify(loud, { method: "iht", iterations: 2, step: "safe" }));
    used.decode(used.encode(loud), { iterations: 3 });
    used.decode(used.encode(loud), { method: "synthesis", scale: 3 });
    const fresh = simd.createLayerSync(spec);
    const [a, b] = [used, fresh].map((layer) => {
      const code = layer.encode(x);
      const again = layer.encode(x, { switches: code.switches });
      assert.ok(again.values.every(Number.isFinite));
      return [code.values, code.switches, layer.decode(code, { iterations: 3, tolerance: 0 })].map(bits);
    });
    assert.equal(a, b);
  });
});

test.run();
