// Every refusal of a network: an UnpoolError with a code and one sentence that holds the actual numbers and the layer.

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { NetworkCode } from "../src/network/index.js";
import type { Pooling } from "../src/network/pooling.js";
import { estimateNetworkMemory, type NetworkLayerSpec, type NetworkSpec } from "../src/network/spec.js";
import { createNetwork, createNetworkSync } from "./network-specs.js";
import { refuses } from "./refusals.js";
import { bits, numbers } from "./support.js";

/** 3 x 12 x 13 to 4 x 5 x 5, cut off at the right, to 12 x 4 x 4, to 2 x 2 x 2. */
const SPEC: NetworkSpec = {
  input: { channels: 3, height: 12, width: 13 },
  layers: [
    {
      filters: 4,
      kernel: 3,
      pool: { type: "max", size: 3, stride: 2, ceil: true },
      rectifier: "relu",
      seed: 1,
    },
    { filters: 6, kernel: 2, rectifier: "crelu", seed: 2 },
    { filters: 2, kernel: 1, pool: 2, seed: 3 },
  ],
};
const X = numbers(3 * 12 * 13, 1);

/** The same with another second layer, or another specification as a whole: estimate and creation refuse alike. */
function refusesSpec(change: object, code: string, ...fragments: (string | RegExp)[]): void {
  const spec = { ...SPEC, ...change } as NetworkSpec;
  refuses(() => estimateNetworkMemory(spec), code, ...fragments);
  refuses(() => createNetworkSync(spec), code, ...fragments);
}

function withLayer(change: object | null, at = 1): { layers: NetworkLayerSpec[] } {
  const layers: NetworkLayerSpec[] = [...SPEC.layers];
  layers[at] = (change && { ...SPEC.layers[at]!, ...change }) as NetworkLayerSpec;
  return { layers };
}

test("specifications that are none, have no layers or far too many are refused", () => {
  for (const spec of [undefined, null, 3, "x", {}, []]) {
    refuses(() => createNetworkSync(spec as unknown as NetworkSpec), "invalid-spec", "1 to 256 layers");
  }
  refusesSpec({ layers: [] }, "invalid-spec", "an Array of 0");
  refusesSpec({ layers: null }, "invalid-spec", "layers is null");
  refusesSpec({ layers: SPEC.layers[0] }, "invalid-spec", "layers is a Object");
  refusesSpec({ layers: new Float32Array(3) }, "invalid-spec", "a Float32Array of 3");
  const one = { filters: 1, kernel: 1 };
  refusesSpec({ layers: Array.from({ length: 257 }, () => one) }, "invalid-spec", "an Array of 257", "256");
  const deep = { ...SPEC, layers: Array.from({ length: 256 }, () => one) };
  assert.ok(estimateNetworkMemory(deep) > 256 * 65_536);
});

test("layers that are none, or holes in their array, are refused with their number", () => {
  for (const layer of [undefined, null, 3, {}]) {
    refusesSpec({ layers: [...SPEC.layers, layer] }, "invalid-spec", "layer 3: filters is undefined");
  }
  refusesSpec({ layers: new Array(2) }, "invalid-spec", "layer 0: filters is undefined");
  const holes = [...SPEC.layers];
  delete (holes as unknown[])[1];
  refusesSpec({ layers: holes }, "invalid-spec", "layer 1: filters is undefined");
});

test("inputs that are none are refused, whatever the pooling of the first layer", () => {
  for (const input of [undefined, null, 5, "3 x 12 x 13", {}, { channels: 3 }]) {
    refusesSpec({ input }, "invalid-spec", "layer 0: ");
    refusesSpec({ input, ...withLayer({ pool: 2 }, 0) }, "invalid-spec", "layer 0: ");
  }
  refusesSpec({ input: { channels: 3, height: 0, width: 13 } }, "invalid-spec", "layer 0: input.height is 0");
});

test("what is wrong in the middle of a stack is refused as by a layer, with the layer's number", () => {
  const shape = (change: object, ...fragments: string[]) =>
    refusesSpec(withLayer(change), "invalid-spec", "layer 1: ", ...fragments);
  for (const bad of [0, -1, 2.5, 2 ** 40, Number.NaN, Number.POSITIVE_INFINITY, "8", null, undefined]) {
    shape({ filters: bad }, `filters is ${typeof bad === "string" ? `"${bad}"` : bad}`);
    shape({ kernel: bad }, "kernel is ");
    if (bad !== undefined && bad !== null) shape({ stride: bad }, "stride is ");
  }
  shape({ kernel: 7 }, "the kernel is 7 x 7", "5 x 5");
  shape({ pool: 5 }, "the pooling region is 5 x 5", "4 x 4");
  shape({ rectifier: "tanh" }, '"tanh"');
  shape({ seed: -1 }, "seed is -1");
  shape({ weights: new Float32Array(6 * 4 * 4) }, "seed and weights");
  // 4 channels come in
  shape({ seed: undefined, weights: new Float32Array(72) }, "Float32Array of 72", "6 x 4 x 2 x 2 = 96");
  shape({ bias: new Float32Array(12) }, "Float32Array of 12", "Float32Array of 6");
});

test("pooling that is none, or does not fit, is refused with its numbers", () => {
  const pooling = (pool: object, ...fragments: (string | RegExp)[]) =>
    refusesSpec(withLayer({ pool }), "invalid-spec", "layer 1: ", ...fragments);
  for (const type of [undefined, null, "mean", 3])
    pooling({ type, size: 2 }, "pool.type is ", '"max" or "average"');
  for (const type of ["max", "average"] as const) {
    for (const bad of [0, -1, 1.5, Number.NaN, "2", null, undefined, [2], [2, 2, 2], [2, 0], [1.5, 2]]) {
      pooling({ type, size: bad }, "pool.size is ");
      if (bad !== undefined && bad !== null) pooling({ type, size: 2, stride: bad }, "pool.stride is ");
    }
    pooling({ type, size: [Symbol("a"), 2n] }, "pool.size is [Symbol(a), 2]");
    pooling({ type, size: [5, 2], stride: 1 }, "5 x 2", "4 x 4");
    pooling({ type, size: 2 ** 40, stride: 1 }, "1099511627776");
    for (const ceil of [null, 1, "true"]) pooling({ type, size: 2, ceil }, "pool.ceil is ");
  }
  // a signal has no height
  const signal = { input: { channels: 1, length: 9 }, layers: [{ filters: 1, kernel: 1 }] } as const;
  const region = { type: "max", size: [2, 2], stride: 1 } as Pooling;
  const layers = [...signal.layers, { filters: 1, kernel: 1, pool: region }];
  refuses(() => createNetworkSync({ ...signal, layers }), "invalid-spec", "layer 1: ", "2 x 2", "1 x 9");
});

test("normalisations of other lengths or types, or not finite, are refused", () => {
  const [scale, shift] = [numbers(6, 1), numbers(6, 2)];
  const given = (normalise: object, code: string, ...fragments: (string | RegExp)[]) =>
    refusesSpec(withLayer({ normalise }), code, "layer 1: ", ...fragments);
  given({ scale }, "invalid-spec", "normalise.shift is undefined", "Float32Array of 6");
  given({ shift }, "invalid-spec", "normalise.scale is undefined");
  given({ scale: new Float32Array(12), shift }, "invalid-spec", "normalise.scale is a Float32Array of 12");
  given({ scale, shift: new Float64Array(6) }, "invalid-spec", "normalise.shift is a Float64Array of 6");
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    given(
      { scale: Float32Array.of(...scale.slice(1), bad), shift },
      "not-finite",
      `normalise.scale[5] is ${bad}`,
    );
    given(
      { scale, shift: Float32Array.of(bad, ...shift.slice(1)) },
      "not-finite",
      `normalise.shift[0] is ${bad}`,
    );
  }
});

test("weights and biases that are not finite, or leave the range once normalised, are refused with their layer", async () => {
  const wrong = (change: object) =>
    refuses(() => createNetworkSync({ ...SPEC, ...withLayer(change) }), "not-finite", "layer 1: ");
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    wrong({ seed: undefined, weights: numbers(96).fill(bad, 95) });
    wrong({ bias: numbers(6).fill(bad, 5) });
  }
  const shift = new Float32Array(6);
  wrong({ normalise: { scale: shift.slice().fill(1e20), shift } });
  wrong({ normalise: { scale: shift.slice().fill(1e-20), shift } });
  wrong({ normalise: { scale: shift.slice().fill(1), shift: shift.slice().fill(1e13) } });
  let refused: unknown;
  await createNetwork({ ...SPEC, ...withLayer({ bias: numbers(6).fill(Number.NaN) }) }).catch((error) => {
    refused = error;
  });
  refuses(
    () => {
      throw refused;
    },
    "not-finite",
    "layer 1: ",
  );
});

test("absurd networks are refused with the memory they would need, before any is committed", () => {
  const input = { channels: 3, height: 2 ** 20, width: 2 ** 20 };
  refusesSpec({ input }, "too-large", "layer 0: ", /\d+ MiB/, "2048 MiB");
  refusesSpec(withLayer({ filters: 2 ** 24 }), "too-large", "layer 1: ", /\d+ MiB/);
  // each layer would fit, all of them do not
  const layer = { filters: 64, kernel: 3, padding: 1 };
  const photo = { channels: 64, height: 512, width: 512 };
  const many = { input: photo, layers: Array.from({ length: 12 }, () => layer) };
  assert.ok(estimateNetworkMemory({ ...many, layers: [layer, layer] }) < 2 ** 31);
  refusesSpec(many, "too-large", "this network needs", /\d{4} MiB/, "2048 MiB");
});

test("inputs of another length or type, or not finite, are refused", () => {
  const network = createNetworkSync(SPEC);
  for (const x of [new Float32Array(467), new Float64Array(468), [], undefined, null, "x"]) {
    for (const call of ["encode", "activations"] as const) {
      refuses(() => network[call](x as Float32Array), "invalid-input", "3 x 12 x 13 = 468");
    }
  }
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const at of [0, 467]) {
      const x = X.slice().fill(bad, at, at + 1);
      for (const call of ["encode", "activations"] as const) {
        refuses(() => network[call](x), "not-finite", `number ${at} is ${bad}`);
      }
    }
  }
  refuses(() => network.encode(X.slice().fill(3e38)), "invalid-input", "number 0 is 3", "overflow");
});

test("codes of another shape or type are refused, with the layer of the switches", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  const broken = (change: object, ...fragments: (string | RegExp)[]) => {
    refuses(() => network.decode({ ...code, ...change } as NetworkCode), "invalid-code", ...fragments);
    refuses(
      () => network.encode(X, { out: { ...code, ...change } as NetworkCode }),
      "invalid-code",
      ...fragments,
    );
  };
  for (const none of [undefined, null, 3, {}, []]) {
    refuses(() => network.decode(none as unknown as NetworkCode), "invalid-code", "2 x 2 x 2 = 8");
  }
  broken({ values: new Float32Array(9) }, "Float32Array of 9", "2 x 2 x 2 = 8");
  broken({ values: new Float64Array(8) }, "Float64Array of 8");
  broken({ values: [...code.values] }, "an Array of 8");
  broken({ switches: code.switches[0] }, "a Uint8Array of 100", "3 layers");
  broken({ switches: code.switches.slice(1) }, "an Array of 2", "3 layers");
  broken({ switches: undefined }, "undefined", "3 layers");
  const second = (array: unknown) => ({ switches: [code.switches[0], array, code.switches[2]] });
  broken(second(new Uint8Array(191)), "layer 1", "Uint8Array of 191", "Uint8Array of 192");
  broken(second(new Int8Array(192)), "layer 1", "Int8Array of 192");
  broken(second([...code.switches[1]!]), "layer 1", "an Array of 192");
  broken(second(undefined), "layer 1", "undefined");
  // wider ones may be decoded, not written into
  const wide = { ...code, switches: code.switches.map((array) => Uint32Array.from(array)) };
  assert.is(bits(network.decode(wide)), bits(network.decode(code)));
  refuses(
    () => network.encode(X, { out: wide }),
    "invalid-code",
    "layer 0",
    "Uint32Array of 100",
    "a Uint8Array",
  );
});

test("values that are not finite, and switches out of their regions or beyond the border, are refused with their place", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  const values = code.values.slice();
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    values[6] = bad;
    refuses(() => network.decode({ ...code, values }), "not-finite", `number 6 is ${bad}`);
  }
  const moved =
    (layer: number, at: number, to: number, Type = Uint8Array as typeof Uint32Array | typeof Uint8Array) =>
    () => {
      const switches = code.switches.map((array, i) =>
        i === layer ? Type.from(array).fill(to, at, at + 1) : array,
      );
      return network.decode({ ...code, switches }, { iterations: 1 });
    };
  // 9 positions and, under a rectifier, none of them
  moved(0, 50, 9)();
  refuses(
    moved(0, 50, 10),
    "invalid-code",
    "switch 50 in layer 0 is 10",
    "0 to 8",
    "9 where nothing was kept",
  );
  refuses(moved(0, 50, 2 ** 32 - 1, Uint32Array), "invalid-code", "switch 50 in layer 0 is 4294967295");
  // in a wider array that would be the position 0 in eight bits
  refuses(moved(0, 50, 256, Uint32Array), "invalid-code", "switch 50 in layer 0 is 256");
  // 10 x 11 entries: the last row of regions has 2 rows, the last column 3
  for (const inside of [0, 2, 3, 5]) moved(0, 20, inside)();
  for (const beyond of [6, 7, 8]) {
    refuses(moved(0, 20, beyond), "invalid-code", `switch 20 in layer 0 is ${beyond}`, "3 x 3", "cut off");
  }
  moved(1, 3, 1)();
  refuses(moved(1, 3, 2), "invalid-code", "switch 3 in layer 1 is 2", "0 to 0, 1 where nothing was kept");
  moved(2, 7, 3)();
  refuses(moved(2, 7, 4), "invalid-code", "switch 7 in layer 2 is 4", /0 to 3$/);
});

test("switches of averages are 0, under a rectifier 1 where it cleared a number", () => {
  const pool = { type: "average", size: 3, stride: 2, ceil: true } as const;
  for (const [rectifier, most] of [
    ["none", 0],
    ["relu", 1],
  ] as const) {
    const network = createNetworkSync({ ...SPEC, layers: [{ filters: 4, kernel: 3, pool, rectifier }] });
    const code = network.encode(X);
    assert.is(code.switches[0]!.length, 4 * 10 * 11);
    network.decode({ ...code, switches: [code.switches[0]!.slice().fill(most)] }, { iterations: 1 });
    const switches = [code.switches[0]!.slice().fill(most + 1, 439)];
    refuses(
      () => network.decode({ ...code, switches }),
      "invalid-code",
      `switch 439 in layer 0 is ${most + 1}`,
    );
  }
});

test("options out of range are refused with their value, and those that do not go together", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  const option = (options: object, ...fragments: string[]) =>
    refuses(() => network.decode(code, options), "invalid-option", ...fragments);
  for (const iterations of [0, -1, 1.5, Number.NaN, "9"]) option({ iterations }, "iterations is ");
  for (const tolerance of [-1, 1, Number.NaN, "0.5"]) option({ tolerance }, "tolerance is ");
  for (const noise of [-1, Number.NaN, Number.POSITIVE_INFINITY, "0.5", null]) option({ noise }, "noise is ");
  for (const budget of [-1, Number.NaN, true]) option({ budget }, "budget is ");
  for (const smoothness of [-1, 3, Number.NaN, "1"]) option({ smoothness }, "smoothness is ");
  for (const correlation of [-1, 1, [1, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9]])
    option({ correlation }, "correlation is ");
  option({ onStep: 3 }, "onStep is 3");
  for (const method of ["magic", "whitened", null, 3]) {
    option({ method }, "method is ", '"least-squares", "synthesis", "layer-by-layer"');
  }
  for (const method of ["synthesis", "layer-by-layer"]) {
    option({ method, noise: 0.1 }, `"${method}"`, "where noise is given");
    option({ method, start: X }, `"${method}"`, "where start is given");
  }
});

test("starts and outputs of another length or type, or not finite, are refused, and nothing is written", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  for (const array of [new Float32Array(467), new Float64Array(468), [...X], "x"] as Float32Array[]) {
    refuses(() => network.decode(code, { out: array }), "invalid-input", "out is ", "3 x 12 x 13 = 468");
    refuses(() => network.decode(code, { start: array }), "invalid-input", "start is ", "3 x 12 x 13 = 468");
  }
  network.decode(code, { iterations: 3 });
  const out = new Float32Array(468).fill(7);
  refuses(
    () => network.decode(code, { start: X.slice().fill(Number.NaN, 9, 10), out }),
    "not-finite",
    "number 9 is NaN",
  );
  refuses(() => network.decode(code, { start: X.slice().fill(3e38), out }), "invalid-input", "overflow");
  refuses(() => network.decode({ ...code, values: new Float32Array(1) }, { out }), "invalid-code");
  refuses(
    () => network.decode({ ...code, values: code.values.slice().fill(Number.NaN) }, { out }),
    "not-finite",
  );
  assert.ok(out.every((value) => value === 7));
  assert.is(network.report.iterations, 3, "the report is still that of the last decode");
});

test("numbers that overflow in between are an error, not a silent NaN, and leave the network as it was", () => {
  const normalise = { scale: new Float32Array(6).fill(1e3), shift: new Float32Array(6) };
  const layers = [0, 1, 2].map((seed) => ({ filters: 6, kernel: 3, seed, normalise }));
  const network = createNetworkSync({ ...SPEC, layers });
  const code = network.encode(X);
  // within the first layer's limit, beyond the second's
  const loud = X.map((v) => 5e25 * v);
  createNetworkSync({ ...SPEC, layers: layers.slice(0, 1) }).encode(loud);
  refuses(() => network.encode(loud), "not-finite", "the code exceeds the range of float32");
  refuses(() => network.activations(loud), "not-finite", "the code exceeds the range of float32");
  const out = new Float32Array(468).fill(7);
  for (const method of ["least-squares", "synthesis", "layer-by-layer"] as const) {
    const before = bits(network.decode(code, { method, iterations: 5 }));
    for (const size of [3e38, 1e30, 1e25]) {
      const values = code.values.map((v) => Math.sign(v) * size);
      const run = () => network.decode({ ...code, values }, { method, out });
      refuses(run, "not-finite", "the reconstruction exceeds the range of float32");
    }
    assert.ok(out.every((value) => value === 7));
    assert.is(bits(network.decode(code, { method, iterations: 5 })), before, method);
  }
});

test("a refused call leaves the network as it was", () => {
  const network = createNetworkSync(SPEC);
  const code = network.encode(X);
  const decoded = bits(network.decode(code, { iterations: 5 }));
  refuses(() => network.encode(X.slice().fill(Number.NaN)), "not-finite");
  refuses(
    () => network.decode({ ...code, switches: code.switches.map((array) => array.slice().fill(99)) }),
    "invalid-code",
  );
  const again = network.encode(X);
  assert.equal([again.values, ...again.switches].map(bits), [code.values, ...code.switches].map(bits));
  assert.is(bits(network.decode(code, { iterations: 5 })), decoded);
});

test.run();
