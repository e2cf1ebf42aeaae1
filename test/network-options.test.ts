// How a network's decoding is steered: ends, starts, noise, being watched, writing into the caller's memory.

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { NetworkDecodeOptions, NetworkSpec } from "../src/network/index.js";
import { norm } from "./closed-forms.js";
import { forward } from "./network-reference.js";
import { createNetworkSync, inputLength, referenceOf } from "./network-specs.js";
import { hasCode } from "./refusals.js";
import { bits, numbers, relativeDistance } from "./support.js";

const METHODS = ["least-squares", "synthesis", "layer-by-layer"] as const;

/** 864 and 800 values for 200 numbers: both layers determine what comes in. */
const SPEC: NetworkSpec = {
  input: { channels: 2, height: 10, width: 10 },
  layers: [
    { filters: 24, kernel: 3, padding: 1, pool: 2, rectifier: "crelu", bias: numbers(24, 1), seed: 1 },
    { filters: 64, kernel: 2, padding: 1, rectifier: "relu", bias: numbers(64, 2), seed: 2 },
  ],
};
const X = numbers(inputLength(SPEC), 3);

test("without options least squares runs for 100 iterations at most, layer by layer for 100 each", () => {
  // of about as many values as numbers, which takes long
  const layers = SPEC.layers.map((layer, i) => ({ ...layer, filters: [24, 12][i]!, bias: undefined }));
  const network = createNetworkSync({ ...SPEC, layers });
  const code = network.encode(X);
  const ended = (options: NetworkDecodeOptions) => {
    network.decode(code, { tolerance: 0, ...options });
    return [network.report.method, network.report.stopped, network.report.iterations];
  };
  assert.equal(ended({}), ["least-squares", "iterations", 100]);
  assert.equal(ended({ iterations: 7 }), ["least-squares", "iterations", 7]);
  assert.equal(ended({ method: "layer-by-layer", iterations: 3 }), ["layer-by-layer", "iterations", 6]);
  assert.equal(ended({ method: "synthesis", iterations: 7 }), ["synthesis", "iterations", 1]);
  const [residuals, gradients] = [network.report.residuals, network.report.gradients];
  assert.equal([residuals.length, gradients.length], [1, 1]);
});

test("a run says why it stopped: converged, iterations, aborted, budget", () => {
  for (const method of METHODS) {
    const network = createNetworkSync(SPEC);
    const code = network.encode(X);
    const ended = (options: NetworkDecodeOptions) => {
      const x = network.decode(code, { method, ...options });
      const { stopped, iterations } = network.report;
      return { stopped, iterations, silent: x.every((v) => v === 0) };
    };
    for (const [options, stopped] of [
      [{ budget: 0 }, "budget"],
      [{ signal: AbortSignal.abort() }, "aborted"],
    ] as const) {
      assert.equal(ended(options), { stopped, iterations: 0, silent: true }, method);
    }
    if (method === "synthesis") continue;
    const signal = { aborted: false };
    const onStep = (iteration: number) => {
      signal.aborted = iteration === 4;
    };
    // layer by layer that is in the layer behind, and nothing has come to the input
    const silent = method === "layer-by-layer";
    assert.equal(ended({ signal, onStep }), { stopped: "aborted", iterations: 4, silent }, method);
    assert.is(ended({ iterations: 1000, tolerance: 0.4 }).stopped, "converged", method);
  }
});

test("layer by layer it is the layer that ran last of which the report says why it ended", () => {
  // few values behind, which are soon met; in front as many as numbers, which take long
  const layers = [
    { filters: 9, kernel: 3, padding: 1, pool: 2, seed: 1 },
    { filters: 2, kernel: 2, seed: 2 },
  ];
  const network = createNetworkSync({ ...SPEC, layers });
  const code = network.encode(X);
  const counts: number[] = [];
  const residuals: number[] = [];
  const onStep = (iteration: number, residual: number) => {
    counts.push(iteration);
    residuals.push(residual);
  };
  const options = { method: "layer-by-layer", tolerance: 1e-3, iterations: 20 } as const;
  network.decode(code, { ...options, onStep });
  const { iterations } = network.report;
  assert.ok(iterations > 20 && iterations < 40, String(iterations));
  assert.equal(
    counts,
    counts.map((_, i) => i + 1),
  );
  assert.equal(residuals, [...network.report.residuals]);
  assert.is(network.report.stopped, "iterations");
  // without biases nothing in the layer behind makes nothing of the first one, too: solved by zero, but that is no reason
  for (const [change, reason] of [
    [{ budget: 0 }, "budget"],
    [{ signal: { aborted: true } }, "aborted"],
  ] as const) {
    network.decode(code, { ...options, ...change });
    assert.is(network.report.stopped, reason);
  }
});

test("a tolerance ends the run at the first residual that meets it", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  network.decode(code, { iterations: 300 });
  const residuals = [...network.report.residuals];
  for (const tolerance of [0.1, 1e-3, 1e-5]) {
    network.decode(code, { iterations: 300, tolerance });
    assert.is(network.report.iterations, residuals.findIndex((r) => r <= tolerance) + 1);
    assert.is(network.report.stopped, "converged");
    assert.equal([...network.report.residuals], residuals.slice(0, network.report.iterations));
  }
});

test("with noise least squares ends at the discrepancy, no later than without and no better than it should", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  const sigma = (0.03 * norm(code.values)) / Math.sqrt(code.values.length);
  // uniform on +- sqrt(3) sigma
  const values = numbers(code.values.length, 31).map((v, i) => code.values[i]! + v * Math.sqrt(3) * sigma);
  const noisy = { ...code, values };
  const exact = network.decode(noisy, { iterations: 300 });
  const { iterations } = network.report;
  assert.is(bits(network.decode(noisy, { iterations: 300, noise: 0 })), bits(exact));
  network.decode(noisy, { iterations: 300, noise: sigma });

  // the last layer does not pool: a switch is 0, or 1 where nothing was kept
  const counts = (i: number) => code.switches[1]![i] === 0;
  const m = code.values.filter((_, i) => counts(i)).length;
  const affine = forward(referenceOf(SPEC), code.switches, new Float32Array(X.length), true);
  const target = values.map((v, i) => v - affine[i]!).filter((_, i) => counts(i));
  const bound = (sigma * m) / Math.sqrt(m + X.length) / norm(target);
  const { report } = network;
  assert.is(report.stopped, "discrepancy");
  assert.ok(report.iterations > 1 && report.iterations < iterations);
  assert.ok(report.residual <= bound && report.residuals.at(-2)! > bound, `${report.residual}, ${bound}`);
});

test("a start that is the solution ends at once, any other leads to it", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  const cold = network.decode(code, { iterations: 300 });
  const { iterations } = network.report;
  assert.ok(relativeDistance(cold, X) < 1e-6);
  for (const start of [X, cold]) {
    assert.is(bits(network.decode(code, { start, iterations: 300 })), bits(start));
    assert.equal([network.report.stopped, network.report.iterations], ["converged", 0]);
  }
  for (const distance of [0.01, 1, 30, 1e3]) {
    const start = numbers(X.length, 77).map((v, i) => X[i]! + distance * v);
    const before = bits(start);
    const warm = network.decode(code, { start, iterations: 300 });
    // float32 rounds the start by 6e-8 of it, times the condition number
    assert.ok(
      relativeDistance(warm, X) < 1e-6 + 1e-6 * distance,
      `${distance}: ${relativeDistance(warm, X)}`,
    );
    assert.is(bits(start), before);
    if (distance < 1) assert.ok(network.report.iterations < iterations);
  }
  const near = network.decode(code, { tolerance: 1e-3 });
  network.decode(code, { start: near, tolerance: 1.1e-3 });
  assert.equal([network.report.stopped, network.report.iterations], ["converged", 0]);
});

test("a start is kept where the values leave it open", () => {
  const spec: NetworkSpec = { ...SPEC, layers: [SPEC.layers[0]!, { filters: 3, kernel: 2, seed: 4 }] };
  const network = createNetworkSync(spec);
  const code = network.encode(X);
  const start = X.map((v, i) => v + 0.1 * Math.sin(i));
  const [cold, warm] = [network.decode(code), network.decode(code, { start })];
  assert.ok(network.report.residual < 2e-7);
  assert.ok(relativeDistance(warm, X) <= relativeDistance(start, X));
  assert.ok(relativeDistance(cold, X) > 5 * relativeDistance(warm, X));
});

test("out is written into and returned, and may be the start", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  for (const method of METHODS) {
    const expected = network.decode(code, { method, iterations: 5 });
    const out = new Float32Array(X.length).fill(7);
    assert.is(network.decode(code, { method, iterations: 5, out }), out);
    assert.is(bits(out), bits(expected));
  }
  const start = X.map((v, i) => v + 0.1 * Math.sin(i));
  const expected = network.decode(code, { start, iterations: 5 });
  assert.is(network.decode(code, { start, out: start, iterations: 5 }), start);
  assert.is(bits(start), bits(expected));
  const out = network.encode(new Float32Array(X.length));
  const fresh = network.encode(X);
  assert.is(network.encode(X, { out }), out);
  assert.equal([out.values, ...out.switches].map(bits), [fresh.values, ...fresh.switches].map(bits));
});

test("a code whose rows ask for zero is solved by zero whatever the start, one without rows by any start", () => {
  const zero = createNetworkSync({ ...SPEC, layers: [{ filters: 4, kernel: 3, pool: 2 }] });
  const code = zero.encode(new Float32Array(X.length));
  assert.is(bits(zero.decode(code, { start: X })), bits(new Float32Array(X.length)));
  assert.equal([zero.report.stopped, zero.report.iterations], ["converged", 0]);
  const bias = new Float32Array(4).fill(-1000);
  const silent = createNetworkSync({
    ...SPEC,
    layers: [{ filters: 4, kernel: 3, pool: 2, rectifier: "relu", bias }],
  });
  assert.is(bits(silent.decode(silent.encode(X), { start: X })), bits(X));
  for (const method of METHODS) {
    const y = silent.decode(silent.encode(X), { method });
    assert.is(bits(y), bits(new Float32Array(X.length)), method);
    assert.equal([silent.report.stopped, silent.report.iterations], ["converged", 0]);
  }
});

test("a run in one call equals a run that is watched step by step", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  for (const method of METHODS) {
    const whole = network.decode(code, { method, iterations: 10 });
    const residuals = [...network.report.residuals];
    const seen: number[] = [];
    const onStep = (iteration: number, residual: number) => {
      seen.push(residual);
      assert.is(iteration, seen.length);
    };
    assert.is(bits(network.decode(code, { method, iterations: 10, onStep })), bits(whole));
    assert.equal(seen, residuals);
  }
});

test("onStep must not call its own network, and the network works again after onStep threw", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  for (const call of [
    () => network.encode(X),
    () => network.activations(X),
    () => network.decode(code),
    () => network.memoryBytes,
  ]) {
    assert.throws(() => network.decode(code, { onStep: call }), hasCode("busy"));
  }
  const boom = new Error("boom");
  const onStep = () => {
    throw boom;
  };
  for (const method of METHODS) {
    assert.throws(
      () => network.decode(code, { method, onStep }),
      (error: unknown) => error === boom,
    );
  }
  assert.is(bits(network.decode(code)), bits(createNetworkSync(SPEC).decode(code)));
});

test("products are counted in units of one pass through all layers", () => {
  const plain = {
    ...SPEC,
    layers: [
      { filters: 6, kernel: 3 },
      { filters: 5, kernel: 2 },
    ],
  };
  // 8 x 8 x 6 entries of 18 products, 7 x 7 x 5 of 24
  const [first, second] = [8 * 8 * 6 * 18, 7 * 7 * 5 * 24];
  const network = createNetworkSync(plain);
  const code = network.encode(X);
  network.decode(code, { iterations: 5, tolerance: 0 });
  assert.is(network.report.products, 11);
  network.decode(code, { iterations: 5, tolerance: 0, method: "layer-by-layer" });
  assert.ok(Math.abs(network.report.products - (11 * first + 11 * second) / (first + second)) < 1e-12);
  // of 2 x 2 positions one is multiplied
  const pooled = createNetworkSync({
    ...SPEC,
    layers: [
      { filters: 6, kernel: 3, pool: 2 },
      { filters: 5, kernel: 2 },
    ],
  });
  pooled.decode(pooled.encode(X), { iterations: 5, tolerance: 0 });
  const [kept, all] = [first / 4 + 3 * 3 * 5 * 24, first + 3 * 3 * 5 * 24];
  assert.ok(Math.abs(pooled.report.products - (11 * kept) / all) < 1e-12);
});

test.run();
