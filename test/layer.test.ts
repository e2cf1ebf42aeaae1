// What a layer promises around its numbers: copies, reports, stopping early, disposal.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Code, createLayer, createLayerSync, type DecodeOptions, type LayerSpec } from "../src/index.js";
import { fromBytes } from "../src/kernel.js";
import { type Layer, layersOf } from "../src/layer.js";
import { hasCode } from "./refusals.js";
import { bits, inputLength, numbers, simdBytes } from "./support.js";

const SPEC: LayerSpec = {
  input: { channels: 3, height: 12, width: 14 },
  filters: 24,
  kernel: 3,
  pool: 2,
  seed: 7,
};

test("a code has the documented shape and types, and comes back as planes", async () => {
  const layer = await createLayer(SPEC);
  assert.equal(layer.codeShape, [24, 5, 6]);
  const x = numbers(inputLength(layer));
  const code = layer.encode(x);
  assert.is(code.values.length, 24 * 5 * 6);
  assert.instance(code.switches, Uint8Array);
  const y = layer.decode(code);
  assert.is(y.length, x.length);
});

test("switches take the narrowest type that numbers a region", () => {
  const wide = (pool: number) =>
    createLayerSync({ input: { channels: 1, length: 70_000 }, filters: 1, kernel: 1, pool }).encode(
      new Float32Array(70_000),
    ).switches;
  assert.instance(wide(256), Uint8Array);
  assert.instance(wide(257), Uint16Array);
  assert.instance(wide(65_536), Uint16Array);
  assert.instance(wide(65_537), Uint32Array);
});

test("a switch past 255 and past 65535 is kept whole", () => {
  const x = new Float32Array(70_000);
  for (const position of [255, 256, 65_535, 65_536, 69_999]) {
    x.fill(0)[position] = 1;
    const spec = { input: { channels: 1, length: 70_000 }, filters: 1, kernel: 1, pool: "global" } as const;
    assert.is(createLayerSync(spec).encode(x).switches[0], position);
  }
});

test("results are copies: later calls do not touch them, and inputs are left alone", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(inputLength(layer), 1);
  const before = bits(x);
  const code = layer.encode(x);
  const y = layer.decode(code);
  const kept = [code.values, code.switches, y].map(bits);
  layer.decode(layer.encode(numbers(inputLength(layer), 2)));
  assert.equal([code.values, code.switches, y].map(bits), kept);
  assert.is(bits(x), before);
});

test("two layers do not see each other", () => {
  const [a, b] = [createLayerSync(SPEC), createLayerSync({ ...SPEC, seed: 8 })];
  const x = numbers(inputLength(a), 1);
  const alone = bits(a.encode(x).values);
  b.decode(b.encode(numbers(inputLength(b), 3)));
  assert.is(bits(a.encode(x).values), alone);
});

test("weights come back in OIHW order as they were given, and make the same layer as their seed", () => {
  const drawn = createLayerSync(SPEC);
  const { seed: _, ...rest } = SPEC;
  const given = createLayerSync({ ...rest, weights: drawn.weights, bias: numbers(24, 5) });
  assert.equal(given.weights, drawn.weights);
  assert.equal(given.bias, numbers(24, 5));
  const x = numbers(inputLength(drawn), 1);
  const unbiased = createLayerSync({ ...rest, weights: drawn.weights });
  assert.is(bits(unbiased.encode(x).values), bits(drawn.encode(x).values));
});

test("a run in one call equals a run that is watched step by step", () => {
  const layer = createLayerSync(SPEC);
  const code = layer.encode(numbers(inputLength(layer), 1));
  const whole = layer.decode(code, { iterations: 10, tolerance: 0 });
  const residuals = [...layer.report.residuals];
  const seen: number[] = [];
  const watched = layer.decode(code, {
    iterations: 10,
    tolerance: 0,
    onStep: (iteration, residual) => {
      seen.push(residual);
      assert.is(iteration, seen.length);
    },
  });
  assert.is(bits(watched), bits(whole));
  assert.equal(seen, residuals);
});

test("a run says why it stopped: converged, iterations, aborted, budget", () => {
  const layer = createLayerSync(SPEC);
  const code = layer.encode(numbers(inputLength(layer), 1));
  const stopped = (options: object) => {
    layer.decode(code, options);
    return [layer.report.stopped, layer.report.iterations];
  };
  assert.equal(stopped({ iterations: 3 }), ["iterations", 3]);
  assert.is(stopped({ iterations: 1000, tolerance: 1e-3 })[0], "converged");
  assert.ok(layer.report.residual <= 1e-3);
  const controller = new AbortController();
  const onStep = (iteration: number) => iteration === 4 && controller.abort();
  assert.equal(stopped({ signal: controller.signal, onStep }), ["aborted", 4]);
  assert.equal(stopped({ signal: AbortSignal.abort() }), ["aborted", 0]);
  assert.equal(stopped({ budget: 0 }), ["budget", 0]);
  assert.equal(layer.decode(code, { budget: 0 }), new Float32Array(inputLength(layer)));
});

test("sparsify looks at its budget and signal before the step size is found, too", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(inputLength(layer), 1);
  for (const [options, stopped] of [
    [{ budget: 0 }, "budget"],
    [{ signal: AbortSignal.abort() }, "aborted"],
  ] as const) {
    for (const step of ["auto", "safe"] as const) {
      const sparse = layer.sparsify(x, { method: "iht", ...options, step });
      assert.equal([sparse.report.stopped, sparse.report.iterations], [stopped, 0]);
      assert.ok(sparse.values.every((value) => value === 0));
    }
  }
  // what was found in no time is not taken for the eigenvalue
  const { step } = createLayerSync(SPEC).sparsify(x, { method: "iht", step: "safe" }).report;
  assert.is(layer.sparsify(x, { method: "iht", step: "safe" }).report.step, step);
});

test("without options least squares runs for 100 iterations at most, with fixed switches for 20", () => {
  const layer = createLayerSync({ ...SPEC, filters: 6 });
  const code = layer.encode(numbers(inputLength(layer), 1));
  for (const [switches, iterations] of [
    ["known", 100],
    ["fixed", 20],
  ] as const) {
    layer.decode(code, { switches, tolerance: 0 });
    assert.equal([layer.report.iterations, layer.report.stopped], [iterations, "iterations"]);
  }
});

test("a long run keeps every residual", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(inputLength(layer), 1);
  const { report } = layer.sparsify(x, {
    method: "iht",
    k: 200,
    step: "safe",
    iterations: 300,
    tolerance: 0,
  });
  assert.is(report.residuals.length, report.iterations);
  assert.ok(report.iterations > 128);
  const kept = report.residuals.slice();
  layer.sparsify(x, { iterations: 2 });
  assert.equal(report.residuals, kept, "the report of a fresh code belongs to the caller");
});

test("a sparse code is multiplied out, a pooled code is solved", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(inputLength(layer), 1);
  layer.decode(layer.sparsify(x, { iterations: 2 }));
  assert.equal([layer.report.method, layer.report.step], ["synthesis", 1]);
  layer.decode(layer.encode(x));
  assert.is(layer.report.method, "least-squares");
  const { values, switches } = layer.encode(x);
  layer.decode({ values, switches });
  assert.is(layer.report.method, "least-squares");
});

test("onStep may look at what decode has come to, which changes no bit, and the last look is the result", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(inputLength(layer), 1);
  const code = layer.encode(x);
  const cases: DecodeOptions[] = [
    ...(["scaled", "whitened", "hybrid", "least-squares"] as const).map((method) => ({ method })),
    { switches: "fixed" },
    { switches: "unknown" },
    { start: numbers(x.length, 2) },
  ];
  for (const options of cases) {
    const iterations = 12;
    const alone = layer.decode(code, { ...options, iterations });
    const out = new Float32Array(x.length);
    const looks: Float32Array[] = [];
    const watched = layer.decode(code, {
      ...options,
      iterations,
      onStep: (iteration, _residual, current) => {
        looks.push(current());
        assert.is(current(out), out);
        assert.equal(out, looks[iteration - 1]);
      },
    });
    assert.equal(watched, alone, JSON.stringify(options));
    assert.is(looks.length, layer.report.iterations);
    // of unknown switches the result is the best, which need not be the last
    if (options.switches !== "unknown") assert.equal(looks.at(-1), alone, JSON.stringify(options));
    assert.not.equal(looks[0], looks.at(-1));
  }
});

test("onStep may look at the sparse code of every method, which changes no bit", () => {
  for (const rectifier of ["none", "relu", "crelu"] as const) {
    const layer = createLayerSync({ ...SPEC, rectifier });
    const x = numbers(inputLength(layer), 1);
    for (const method of ["iht", "niht", "htp", "cgiht", "cosamp", "omp", "ista", "fista"] as const) {
      const options = { method, k: 20, iterations: 6 };
      const alone = layer.sparsify(x, options);
      const out = layer.encode(x);
      let last: Code | undefined;
      const watched = layer.sparsify(x, {
        ...options,
        onStep: (_iteration, _residual, current) => {
          last = current();
          assert.is(current(out), out);
          assert.equal(out.values, last.values);
        },
      });
      assert.equal(watched.values, alone.values, `${method}, ${rectifier}`);
      assert.equal(watched.switches, alone.switches, `${method}, ${rectifier}`);
      // what the l1 methods come to is cut to k entries at the end
      if (!method.endsWith("ista")) assert.equal(last?.values, alone.values, `${method}, ${rectifier}`);
    }
  }
});

test("a look that is kept is refused once its run is over, also while another runs", () => {
  const layer = createLayerSync(SPEC);
  const code = layer.encode(numbers(inputLength(layer), 1));
  let kept: ((out?: Float32Array) => Float32Array) | undefined;
  layer.decode(code, { iterations: 2, onStep: (_i, _r, current) => (kept = current) });
  assert.throws(() => kept!(), hasCode("busy"));
  layer.decode(code, { iterations: 2, onStep: () => assert.throws(() => kept!(), hasCode("busy")) });
});

test("a look into an array of the wrong length is refused, and the layer works again", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(inputLength(layer), 1);
  const code = layer.encode(x);
  const short = new Float32Array(3);
  assert.throws(
    () => layer.decode(code, { onStep: (_i, _r, current) => current(short) }),
    hasCode("invalid-input"),
  );
  const wrong = { ...code, values: short };
  assert.throws(
    () => layer.sparsify(x, { onStep: (_i, _r, current) => current(wrong) }),
    hasCode("invalid-code"),
  );
  layer.decode(code);
});

test("onStep must not call its own layer, and the layer works again after onStep threw", () => {
  const layer = createLayerSync(SPEC);
  const code = layer.encode(numbers(inputLength(layer), 1));
  assert.throws(() => layer.decode(code, { onStep: () => layer.weights }), hasCode("busy"));
  const boom = new Error("boom");
  assert.throws(
    () =>
      layer.decode(code, {
        onStep: () => {
          throw boom;
        },
      }),
    (error: unknown) => error === boom,
  );
  layer.decode(code);
});

test("a disposed layer says so, and disposing twice is allowed", () => {
  const layer = createLayerSync(SPEC);
  const { codeShape } = layer;
  layer.dispose();
  layer[Symbol.dispose]();
  assert.throws(() => layer.encode(new Float32Array(3)), hasCode("disposed"));
  assert.throws(() => layer.memoryBytes, hasCode("disposed"));
  assert.equal(layer.codeShape, codeShape);
});

test("concurrent first creations compile once and give independent layers", async () => {
  const { createLayer } = layersOf(fromBytes(simdBytes));
  const { compile } = WebAssembly;
  let compilations = 0;
  WebAssembly.compile = (bytes) => {
    compilations += 1;
    return compile(bytes);
  };
  const layers = await Promise.all(Array.from({ length: 8 }, () => createLayer(SPEC))).finally(() => {
    WebAssembly.compile = compile;
  });
  assert.is(compilations, 1);
  const x = numbers(inputLength(layers[0]!), 1);
  assert.is(new Set(layers.map((layer) => bits(layer.encode(x).values))).size, 1);
});

test("a layer after the first waits for nothing but promises: in a turn of the event loop Node 20 may hang", async () => {
  const { createLayer } = layersOf(fromBytes(simdBytes));
  await createLayer(SPEC);
  let made = false;
  createLayer(SPEC).then(() => {
    made = true;
  });
  // microtasks alone
  for (let i = 0; i < 20; ++i) await null;
  assert.ok(made);
});

/** A layer where `new WebAssembly.Instance` throws, and how often it was asked for another way. */
async function createRefused(message: string): Promise<{ layer: Promise<Layer>; asked: number }> {
  const { createLayer } = layersOf(fromBytes(simdBytes));
  const { Instance, instantiate } = WebAssembly;
  let asked = 0;
  WebAssembly.Instance = class {
    constructor() {
      throw new RangeError(message);
    }
  } as unknown as typeof Instance;
  WebAssembly.instantiate = ((module: WebAssembly.Module) => {
    asked += 1;
    return instantiate(module);
  }) as typeof instantiate;
  const layer = createLayer(SPEC);
  await layer.catch(() => {});
  Object.assign(WebAssembly, { Instance, instantiate });
  return { layer, asked };
}

test("where a page's main thread may not instantiate, as in Chrome before 114, layers come by the other way", async () => {
  const refused = await createRefused("WebAssembly.Instance is disallowed on the main thread");
  assert.is(refused.asked, 1);
  const layer = await refused.layer;
  const here = createLayerSync(SPEC);
  const x = numbers(inputLength(layer), 1);
  assert.is(bits(layer.encode(x).values), bits(here.encode(x).values));
});

test("where there is no memory for another layer, nothing is tried twice", async () => {
  const { layer, asked } = await createRefused("WebAssembly.Instance(): Out of memory");
  await layer.then(
    () => assert.unreachable(),
    (error) => assert.ok(hasCode("too-large")(error)),
  );
  assert.is(asked, 0);
});

test.run();
