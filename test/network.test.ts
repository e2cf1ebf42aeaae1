// What networks compute: codes against a float64 reference and single layers, the same from both builds of the kernel.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LayerSpec } from "../src/geometry.js";
import type { NetworkLayerSpec, NetworkSpec } from "../src/network/spec.js";
import * as reference from "./network-reference.js";
import {
  CORNERS,
  createNetworkSync,
  forAllNetworks,
  inputLength,
  PICTURE,
  referenceOf,
} from "./network-specs.js";
import { bits, EXTREMES, fastSpecs, numbers, SEEDED, scalar, simd, specs } from "./support.js";

/** Float32 against float64, of sums of at most a few hundred products: relative to the sum of their magnitudes. */
const ROUNDING = 1e-6;

test("a code is that of a float64 reference: values, and switches wherever they are no near tie", () => {
  let [switches, ties] = [0, 0];
  forAllNetworks((spec) => {
    const network = createNetworkSync(spec);
    const x = numbers(inputLength(spec), 3);
    const code = network.encode(x);
    const activations = network.activations(x);
    const layers = referenceOf(spec);
    const sizes = reference.magnitudes(layers, code.switches, x).map((planes) => Math.max(...planes));
    let input: ArrayLike<number> = x;
    layers.forEach((layer, i) => {
      const planes = reference.planesOf(layer, input, true);
      const found = code.switches[i]!;
      const values = reference.poolAt(layer, planes, found);
      const error = ROUNDING * sizes[i]!;
      assert.equal(network.shapes[i], reference.regionsOf(layer).shape);
      assert.is(activations[i]!.length, values.length);
      const off = values.findIndex((value, at) => !(Math.abs(activations[i]![at]! - value) <= error));
      assert.is(off, -1, `value ${off} of layer ${i}: ${activations[i]![off]}, not ${values[off]}`);

      const expected = reference.switchesOf(layer, planes);
      const keys = reference.keysOf(layer, planes);
      assert.is(found.length, keys.length);
      keys.forEach((choices, at) => {
        const least = Math.max(...choices) - 2 * error;
        assert.ok(choices[found[at]!]! >= least, `switch ${at} of layer ${i} keeps ${choices[found[at]!]}`);
        ++switches;
        if (choices.filter((key) => key >= least).length > 1) ++ties;
        else assert.is(found[at], expected[at], `switch ${at} of layer ${i}`);
      });
      input = values;
    });
    assert.is(bits(code.values), bits(activations.at(-1)!));
  });
  assert.ok(ties < 0.3 * switches, `${ties} near ties of ${switches}`);
});

test("one layer in a network gives the bits of that layer alone, and `none` just where its value is 0 under a rectifier", () => {
  const check = (spec: LayerSpec) => {
    const { input, ...rest } = spec;
    const layer = simd.createLayerSync(spec);
    const network = createNetworkSync({ input, layers: [rest] });
    const x = numbers(inputLength({ input, layers: [] }), 5);
    const [alone, code] = [layer.encode(x), network.encode(x)];
    assert.equal(network.shapes, [layer.codeShape]);
    assert.is(bits(code.values), bits(alone.values));
    const none = layer.geometry.pool[0] * layer.geometry.pool[1];
    const rectified = layer.geometry.rectifier !== "none";
    alone.switches.forEach((at, i) => {
      assert.is(code.switches[0]![i], rectified && alone.values[i] === 0 ? none : at);
    });
  };
  EXTREMES.forEach(check);
  fc.assert(fc.property(specs, check), SEEDED);
  fc.assert(fc.property(fastSpecs, check), { ...SEEDED, numRuns: 30 });
});

test("a stack is its layers one after the other, bit for bit", () => {
  const layers: NetworkLayerSpec[] = [
    { filters: 7, kernel: 3, padding: 1, pool: 2, rectifier: "relu", seed: 1 },
    { filters: 5, kernel: 5, padding: 2, pool: [2, 1], rectifier: "crelu", seed: 2, bias: numbers(5, 3) },
    { filters: 9, kernel: 2, pool: "global", seed: 3 },
  ];
  const network = createNetworkSync({ input: PICTURE, layers });
  let x = numbers(3 * 17 * 14, 4);
  const code = network.encode(x);
  const activations = network.activations(x);
  let input: LayerSpec["input"] = PICTURE;
  layers.forEach((spec, i) => {
    const layer = simd.createLayerSync({ ...spec, input } as LayerSpec);
    x = layer.encode(x).values;
    assert.is(bits(activations[i]!), bits(x));
    const [channels, height, width] = layer.codeShape;
    input = { channels, height, width };
  });
  assert.is(bits(code.values), bits(x));
});

test("regions of `max` side by side are those of `pool`, with and without ceil where they fit", () => {
  const layer = { filters: 6, kernel: 3, rectifier: "crelu", seed: 4 } as const;
  const x = numbers(3 * 17 * 14, 6);
  // 15 x 12 entries, in regions of 3 x 4
  const [plain, ...others] = [
    [3, 4] as const,
    { type: "max", size: [3, 4] } as const,
    { type: "max", size: [3, 4], stride: [3, 4], ceil: true } as const,
  ].map((pool) => createNetworkSync({ input: PICTURE, layers: [{ ...layer, pool }] }).encode(x));
  for (const other of others) {
    assert.is(bits(other.values), bits(plain!.values));
    assert.is(bits(other.switches[0]!), bits(plain!.switches[0]!));
  }
});

test("normalise is one factor and one summand a filter: scale (W x + bias) + shift, rounded once", () => {
  const [weights, bias] = [numbers(4 * 3 * 9, 1), numbers(4, 2)];
  const normalise = { scale: numbers(4, 3), shift: numbers(4, 4) };
  const layer = { filters: 4, kernel: 3, pool: 2 };
  const x = numbers(3 * 17 * 14, 5);
  const folded = createNetworkSync({ input: PICTURE, layers: [{ ...layer, weights, bias, normalise }] });
  const byHand = createNetworkSync({
    input: PICTURE,
    layers: [
      {
        ...layer,
        weights: weights.map((w, i) => w * normalise.scale[Math.floor(i / 27)]!),
        bias: bias.map((b, k) => b * normalise.scale[k]! + normalise.shift[k]!),
      },
    ],
  });
  assert.is(bits(folded.encode(x).values), bits(byHand.encode(x).values));
});

test("padding for both axes makes a picture of a signal, for the layers behind, too", () => {
  const input = { channels: 2, length: 12 };
  const layers: NetworkLayerSpec[] = [
    { filters: 3, kernel: 3, padding: [1, 1], seed: 1 },
    { filters: 4, kernel: 3, seed: 2 },
  ];
  const network = createNetworkSync({ input, layers });
  assert.equal(network.shapes, [
    [3, 3, 12],
    [4, 1, 10],
  ]);
  const x = numbers(24, 1);
  const front = simd.createLayerSync({ input, ...layers[0]! } as LayerSpec);
  const behind = simd.createLayerSync({
    input: { channels: 3, height: 3, width: 12 },
    ...layers[1]!,
  } as LayerSpec);
  assert.is(bits(network.encode(x).values), bits(behind.encode(front.encode(x).values).values));
});

test("switches take the narrowest type that numbers a region, and what was not kept", () => {
  const typed = (pool: number, rectifier: "none" | "relu") =>
    createNetworkSync({
      input: { channels: 1, length: 70_000 },
      layers: [{ filters: 1, kernel: 1, pool, rectifier, weights: Float32Array.of(1) }],
    }).encode(new Float32Array(70_000)).switches[0]!;
  assert.instance(typed(256, "none"), Uint8Array);
  assert.instance(typed(255, "relu"), Uint8Array);
  for (const [pool, Type] of [
    [256, Uint16Array],
    [65_535, Uint16Array],
    [65_536, Uint32Array],
  ] as const) {
    const switches = typed(pool, "relu");
    assert.instance(switches, Type);
    assert.ok(switches.every((at: number) => at === pool));
  }
  assert.instance(typed(65_536, "none"), Uint16Array);
});

test("results are copies: later calls do not touch them, and what is handed over is left alone", () => {
  const spec = CORNERS[2]!;
  const network = createNetworkSync(spec);
  const x = numbers(inputLength(spec), 1);
  const before = bits(x);
  const code = network.encode(x);
  const activations = network.activations(x);
  const y = network.decode(code, { iterations: 3 });
  const all = [code.values, ...code.switches, ...activations, y];
  const kept = all.map(bits);
  for (const method of ["least-squares", "synthesis", "layer-by-layer"] as const) {
    network.decode(network.encode(numbers(x.length, 2)), { method, iterations: 3 });
  }
  assert.equal(all.map(bits), kept);
  assert.is(bits(x), before);
});

test("two networks, and a layer beside them, do not see each other", async () => {
  const { createLayerSync, createNetwork } = await import("../src/network/index.js");
  const spec = CORNERS[1]!;
  const other = { ...spec, layers: spec.layers.map((layer) => ({ ...layer, seed: 9 })) };
  const [a, b] = await Promise.all([createNetwork(spec), createNetwork(other)]);
  const layer = createLayerSync({ input: PICTURE, filters: 9, kernel: 3, pool: 2, seed: 1 });
  const [x, z] = [numbers(inputLength(spec), 1), numbers(3 * 17 * 14, 2)];
  const code = a.encode(x);
  const alone = bits(a.decode(code, { iterations: 6 }));
  // between the steps of one decoding everything else runs
  const watched = a.decode(code, {
    iterations: 6,
    onStep: () => {
      b.decode(b.encode(x), { iterations: 1 });
      layer.decode(layer.encode(z), { iterations: 1 });
    },
  });
  assert.is(bits(watched), alone);
  const again = a.encode(x);
  assert.equal([again.values, ...again.switches].map(bits), [code.values, ...code.switches].map(bits));
  assert.is.not(bits(b.encode(x).values), bits(code.values));
});

test("both builds of the kernel give the same bits: codes and what decode makes of them, by every method", () => {
  const check = (spec: NetworkSpec) => {
    const [a, b] = [createNetworkSync(spec), scalar.createNetworkSync(spec)];
    const x = numbers(inputLength(spec), 12);
    const [codeA, codeB] = [a.encode(x), b.encode(x)];
    assert.equal([codeA.values, ...codeA.switches].map(bits), [codeB.values, ...codeB.switches].map(bits));
    for (const method of ["least-squares", "synthesis", "layer-by-layer"] as const) {
      const options = { method, iterations: 4, tolerance: 0 };
      assert.is(bits(a.decode(codeA, options)), bits(b.decode(codeB, options)), method);
      assert.equal(a.report.toJSON(), b.report.toJSON());
    }
  };
  forAllNetworks(check, 40);
});

test.run();
