// Every refusal: an UnpoolError with a code and one sentence that holds the actual numbers.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Code, createLayerSync, estimateMemory, type LayerSpec, UnpoolError } from "../src/index.js";
import { fromBytes } from "../src/kernel.js";
import { layersOf } from "../src/layer.js";
import { refuses } from "./refusals.js";
import { inputLength, numbers, relativeDistance } from "./support.js";

const SPEC: LayerSpec = { input: { channels: 3, height: 8, width: 9 }, filters: 4, kernel: 3, pool: 2 };

/** Both the estimate and the creation refuse. */
function refusesSpec(change: object, ...fragments: (string | RegExp)[]): void {
  const spec = { ...SPEC, ...change } as LayerSpec;
  refuses(() => createLayerSync(spec), "invalid-spec", ...fragments);
}

test("dimensions that are zero, negative, fractional, huge, NaN or no numbers are refused by name", () => {
  for (const bad of [0, -1, 2.5, 2 ** 40, Number.NaN, Number.POSITIVE_INFINITY, "8", null, undefined]) {
    refusesSpec({ filters: bad }, "filters is ", String(bad).slice(0, 6));
    refusesSpec({ input: { channels: bad, height: 8, width: 9 } }, "input.channels is ");
    refusesSpec({ input: { channels: 3, height: bad, width: 9 } }, "input.height is ");
    refusesSpec({ input: { channels: 3, height: 8, width: bad } }, "input.width is ");
    refusesSpec({ input: { channels: 3, length: bad } }, "input.length is ");
    refusesSpec({ kernel: bad }, "kernel is ");
    refusesSpec({ kernel: [3, bad] }, /kernel\[1\] is /);
    if (bad !== undefined && bad !== null) {
      refusesSpec({ stride: bad }, "stride is ");
      refusesSpec({ pool: bad }, "pool is ");
      if (bad !== 0) refusesSpec({ padding: bad }, "padding is ");
    }
  }
  refusesSpec({ kernel: [3, 3, 3] }, "kernel has 3 entries");
});

test("shapes that do not fit are refused with both sizes", () => {
  refusesSpec({ kernel: 9 }, "9 x 9", "8 x 9");
  refusesSpec({ kernel: 12, padding: 1 }, "12 x 12", "10 x 11");
  refusesSpec({ pool: 7 }, "7 x 7", "6 x 7");
});

test("specifications that are none, or contradict themselves, are refused", () => {
  for (const spec of [undefined, null, 3, {}, { input: null }]) {
    refuses(() => createLayerSync(spec as unknown as LayerSpec), "invalid-spec");
  }
  refusesSpec({ rectifier: "tanh" }, '"tanh"', "none, relu, crelu");
  refusesSpec({ rectifier: 5n }, "rectifier is 5");
  refusesSpec({ filters: Object.create(null) }, "filters is ");
  refusesSpec({ unitNorm: true, weights: new Float32Array(108) }, "unitNorm");
  refusesSpec({ seed: 1, weights: new Float32Array(108) }, "one or the other");
  for (const seed of [-1, 0.5, 2 ** 53, "7"]) refusesSpec({ seed }, "seed is ");
  refusesSpec({ weights: new Float32Array(107) }, "Float32Array of 107", "4 x 3 x 3 x 3 = 108");
  refusesSpec({ weights: new Float64Array(108) }, "Float64Array of 108");
  refusesSpec({ bias: new Float32Array(3) }, "Float32Array of 3", "Float32Array of 4");
});

test("weights and biases that are not finite are refused", () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const weights = numbers(108);
    weights[107] = bad;
    refuses(() => createLayerSync({ ...SPEC, weights }), "not-finite", "weights or bias");
    refuses(() => createLayerSync({ ...SPEC, bias: Float32Array.of(0, 0, 0, bad) }), "not-finite");
    refuses(() => createLayerSync({ ...SPEC, bias: Float32Array.of(0, 0, 0, 2e12) }), "not-finite");
  }
});

test("absurd layers are refused with the memory they would need, before any is committed", () => {
  const absurd: LayerSpec = { ...SPEC, input: { channels: 3, height: 2 ** 20, width: 2 ** 20 } };
  refuses(() => estimateMemory(absurd), "too-large", /\d+ MiB/, "2048 MiB");
  refuses(() => createLayerSync(absurd), "too-large");
  refuses(() => createLayerSync({ ...SPEC, filters: 2 ** 24 }), "too-large");
});

test("inputs of another length or type, or not finite, are refused", () => {
  const layer = createLayerSync(SPEC);
  for (const x of [new Float32Array(215), new Float64Array(216), [], undefined, null, "x"]) {
    for (const call of ["encode", "sparsify"] as const) {
      refuses(() => layer[call](x as Float32Array), "invalid-input", "3 x 8 x 9 = 216");
    }
  }
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const at of [0, 100, 215]) {
      const x = numbers(216);
      x[at] = bad;
      refuses(() => layer.encode(x), "not-finite", `number ${at} is ${bad}`);
      refuses(() => layer.sparsify(x), "not-finite", `number ${at} is ${bad}`);
    }
  }
  const x = new Float32Array(216).fill(3e38);
  refuses(() => layer.encode(x), "invalid-input", "number 0 is 3", "overflow");
  refuses(() => layer.encode(x, { switches: new Uint8Array(36) }), "invalid-input", "overflow");
});

test("codes of another shape, with bad switches or values, are refused", () => {
  const layer = createLayerSync(SPEC);
  const code = layer.encode(numbers(216));
  const broken = (change: Partial<Code>) => () => layer.decode({ ...code, ...change });
  refuses(() => layer.decode(undefined as unknown as Code), "invalid-code");
  refuses(broken({ values: new Float32Array(35) }), "invalid-code", "Float32Array of 35", "4 x 3 x 3 = 36");
  refuses(broken({ kind: "spare" as "sparse" }), "invalid-code", '"spare"');
  refuses(broken({ values: [] as unknown as Float32Array }), "invalid-code");
  refuses(broken({ switches: new Uint8Array(37) }), "invalid-code", "Uint8Array of 37");
  refuses(broken({ switches: new Int8Array(36) as unknown as Uint8Array }), "invalid-code", "Int8Array");
  refuses(
    broken({ switches: code.switches.slice().fill(4, 5, 6) }),
    "invalid-code",
    "switch 5 is 4",
    "0 to 3",
  );
  refuses(broken({ switches: new Uint16Array(36).fill(256, 7) }), "invalid-code", "switch 7 is 256");
  refuses(broken({ values: code.values.slice().fill(Number.NaN, 9, 10) }), "not-finite", "number 9 is NaN");
  layer.decode({ ...code, switches: Uint32Array.from(code.switches) }); // wider, and in range
});

test("outputs that cannot hold the result are refused, and stay as they were", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(216);
  const code = layer.encode(x);
  refuses(
    () => layer.decode(code, { out: new Float32Array(9) }),
    "invalid-input",
    "out is a Float32Array of 9",
  );
  const out = { values: new Float32Array(36), switches: new Uint16Array(36) };
  refuses(() => layer.encode(x, { out }), "invalid-code", "Uint16Array of 36", "Uint8Array");
  refuses(() => layer.sparsify(x, { out }), "invalid-code");
  const poisoned = new Float32Array(216).fill(7);
  refuses(() => layer.decode({ ...code, values: new Float32Array(1) }, { out: poisoned }), "invalid-code");
  assert.ok(poisoned.every((value) => value === 7));
});

test("options out of range are refused with their value", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(216);
  const code = layer.encode(x);
  for (const iterations of [0, -1, 1.5, Number.NaN, "9"] as number[]) {
    refuses(() => layer.decode(code, { iterations }), "invalid-option", `iterations is `);
    refuses(() => layer.sparsify(x, { iterations }), "invalid-option", `iterations is `);
  }
  for (const tolerance of [-1, 1, Number.NaN]) {
    refuses(() => layer.decode(code, { tolerance }), "invalid-option", `tolerance is ${tolerance}`);
  }
  for (const k of [0, 37, 1.5, Number.NaN]) {
    refuses(() => layer.sparsify(x, { k }), "invalid-option", `k is ${k}`, "1 to 36");
  }
  for (const step of [0, -1, 2e6, Number.NaN, Number.POSITIVE_INFINITY, "fast"] as number[]) {
    refuses(() => layer.sparsify(x, { method: "iht", step }), "invalid-option", "step is ");
  }
  refuses(() => layer.decode(code, { budget: Number.NaN }), "invalid-option", "budget is NaN");
  for (const scale of [Number.NaN, 1e300, "2"] as number[]) {
    refuses(() => layer.decode(code, { method: "synthesis", scale }), "invalid-option", "scale is ");
  }
  for (const wrong of ["0.5", true] as unknown as number[]) {
    refuses(() => layer.sparsify(x, { method: "iht", step: wrong }), "invalid-option", "step is ");
    refuses(() => layer.decode(code, { tolerance: wrong }), "invalid-option", "tolerance is ");
    refuses(() => layer.decode(code, { budget: wrong }), "invalid-option", "budget is ");
  }
  refuses(() => layer.decode(code, { onStep: 3 as never }), "invalid-option", "onStep is 3");
  refuses(() => layer.decode(code, { method: "magic" as "synthesis" }), "invalid-option", '"magic"');
  refuses(() => layer.sparsify(x, { method: "magic" as "iht" }), "invalid-option", '"magic"');
  const sparse = layer.sparsify(x, { iterations: 1 });
  refuses(() => layer.decode(sparse, { method: "least-squares" }), "invalid-option", "synthesis");
});

test("a refused call leaves the layer as it was", () => {
  const layer = createLayerSync(SPEC);
  const x = numbers(inputLength(layer));
  const code = layer.encode(x);
  refuses(() => layer.encode(new Float32Array(216).fill(Number.NaN)), "not-finite");
  refuses(() => layer.decode({ ...code, switches: code.switches.slice().fill(9) }), "invalid-code");
  assert.equal(layer.encode(x), code);
});

test("the largest input that is allowed gives finite codes, solutions and reports", () => {
  const layer = createLayerSync({ ...SPEC, weights: new Float32Array(108).fill(1) });
  const x = new Float32Array(216).fill(Math.fround(1e30 / 27));
  const code = layer.encode(x);
  assert.ok(code.values.every((value) => value > 9e29 && Number.isFinite(value)));
  for (const method of ["synthesis", "least-squares"] as const) {
    assert.ok(layer.decode(code, { method, iterations: 20 }).every(Number.isFinite));
    assert.ok(Number.isFinite(layer.report.residual));
  }
  for (const step of ["safe", 1, 1e6] as const) {
    assert.ok(layer.sparsify(x, { method: "iht", iterations: 5, step }).values.every(Number.isFinite));
  }
  refuses(() => layer.encode(x.map((value) => value * 1.001)), "invalid-input");
});

test("filters too loud or too faint for float32 squares are refused, those within decode", () => {
  const drawn = createLayerSync({ ...SPEC, filters: 64 }).weights;
  const scaled = (factor: number) => ({ ...SPEC, filters: 64, weights: drawn.map((w) => w * factor) });
  refuses(() => createLayerSync(scaled(1e13)), "not-finite", "1e12");
  refuses(() => createLayerSync(scaled(1e-14)), "not-finite", "1e-12");
  const x = numbers(216);
  for (const factor of [1e-12, 1e11]) {
    const layer = createLayerSync({ ...scaled(factor), padding: 1 });
    assert.ok(
      relativeDistance(layer.decode(layer.encode(x), { iterations: 60 }), x) < 1e-5,
      `times ${factor}`,
    );
    assert.ok(relativeDistance(layer.decode(layer.sparsify(x, { method: "iht", step: "safe" })), x) < 0.5);
  }
});

test("filters of zeros give zeros and finite reports", () => {
  const layer = createLayerSync({ ...SPEC, weights: new Float32Array(108) });
  const x = numbers(216);
  assert.ok(layer.decode(layer.encode(x)).every((value) => value === 0));
  const sparse = layer.sparsify(x, { method: "iht", step: "safe" });
  assert.ok(sparse.values.every((value) => value === 0) && Number.isFinite(sparse.report.step));
});

test("a reconstruction that overflows is an error, and leaves no trace in the layer", () => {
  const layer = createLayerSync({ ...SPEC, filters: 64 });
  const x = numbers(216);
  const code = layer.encode(x);
  const loud = { kind: "sparse" as const, values: code.values.map(() => 3e38), switches: code.switches };
  const out = new Float32Array(216).fill(7);
  refuses(() => layer.decode(loud, { out }), "not-finite", "float32");
  refuses(() => layer.decode(code, { method: "synthesis", scale: 3e38, out }), "not-finite", "float32");
  refuses(() => layer.decode({ ...loud, kind: "pooled" }, { method: "synthesis", out }), "not-finite");
  assert.ok(out.every((value) => value === 7));
  assert.ok(layer.encode(x, { switches: code.switches }).values.every(Number.isFinite));
  assert.equal(layer.decode(code), createLayerSync({ ...SPEC, filters: 64 }).decode(code));
});

test("a bad switch is found although a value before it was bad too", () => {
  const layer = createLayerSync(SPEC);
  const code = layer.encode(numbers(216));
  const values = code.values.slice().fill(Number.NaN, 0, 1);
  const switches = code.switches.slice().fill(200, 5, 6);
  refuses(() => layer.decode({ values, switches }), "invalid-code", "switch 5 is 200");
  refuses(() => layer.encode(numbers(216), { switches }), "invalid-code", "switch 5 is 200");
});

test("bytes that are no kernel are refused, and a later creation works", async () => {
  const broken = layersOf(fromBytes(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 255])));
  refuses(() => broken.createLayerSync(SPEC), "unsupported", "9 bytes are no valid module");
  let refused: unknown;
  await broken.createLayer(SPEC).catch((error) => {
    refused = error;
  });
  assert.instance(refused, UnpoolError);
  createLayerSync(SPEC);
});

test.run();
