// The memory of networks: foretold, committed, no more than that, and given back.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type LayerSpec, resolveGeometry } from "../src/geometry.js";
import { estimateMemory } from "../src/index.js";
import { configure, fromBytes, type Kernel } from "../src/kernel.js";
import { estimateNetworkMemory, type NetworkSpec } from "../src/network/index.js";
import { networksOf } from "../src/network/network.js";
import { planNetwork } from "../src/network/spec.js";
import { bytesInUse, collectGarbage } from "./heap.js";
import { memoryBytes } from "./memory-formula.js";
import { createNetworkSync, inputLength, networkSpecs } from "./network-specs.js";
import { hasCode, refuses } from "./refusals.js";
import { bits, EXTREMES, fastSpecs, numbers, SEEDED, simdBytes, specs } from "./support.js";

const source = fromBytes(simdBytes);

/** The first two blocks of a network for photographs. */
const PHOTO: NetworkSpec = {
  input: { channels: 3, height: 96, width: 96 },
  layers: [
    { filters: 32, kernel: 3, padding: 1, rectifier: "relu", seed: 1 },
    { filters: 32, kernel: 3, padding: 1, pool: 2, rectifier: "relu", seed: 2 },
    { filters: 64, kernel: 3, padding: 1, rectifier: "relu", seed: 3 },
    {
      filters: 64,
      kernel: 3,
      padding: 1,
      pool: { type: "max", size: 3, stride: 2 },
      rectifier: "relu",
      seed: 4,
    },
  ],
};

/** Runs with another ArrayBuffer in place of the host's. */
function withBuffers<T>(Stand: new (length: number) => ArrayBuffer, run: () => T): T {
  const theirs = globalThis.ArrayBuffer;
  globalThis.ArrayBuffer = Stand as ArrayBufferConstructor;
  try {
    return run();
  } finally {
    globalThis.ArrayBuffer = theirs;
  }
}

test("estimateNetworkMemory is what the network then commits: linear memories, and buffers beside them", () => {
  const check = (spec: NetworkSpec) => {
    const instances: WebAssembly.Instance[] = [];
    const instanceSync = () => {
      const instance = source.instanceSync();
      instances.push(instance);
      return instance;
    };
    const { createNetworkSync } = networksOf({ instanceSync, instance: async () => instanceSync() });
    const buffers: number[] = [];
    class Counted extends ArrayBuffer {
      constructor(length: number) {
        super(length);
        buffers.push(length);
      }
    }
    const network = withBuffers(Counted, () => createNetworkSync(spec));
    const estimate = estimateNetworkMemory(spec);
    const committed = () =>
      instances.reduce(
        (sum, { exports }) => sum + (exports.memory as WebAssembly.Memory).buffer.byteLength,
        0,
      );
    assert.is(instances.length, spec.layers.length);
    assert.equal(buffers, [planNetwork(spec).bufferBytes]);
    assert.is(committed() + buffers[0]!, estimate);
    assert.is(network.memoryBytes, estimate);
    // and never more
    const code = network.encode(numbers(inputLength(spec), 1));
    for (const method of ["least-squares", "synthesis", "layer-by-layer"] as const) {
      network.decode(code, { method, iterations: 2 });
    }
    assert.is(committed() + buffers[0]!, estimate);
  };
  fc.assert(fc.property(networkSpecs, check), { ...SEEDED, numRuns: 40 });
});

test("a network takes in all what it says, and far less than its layers alone", () => {
  const estimate = estimateNetworkMemory(PHOTO);
  const before = bytesInUse();
  const network = createNetworkSync(PHOTO);
  const after = bytesInUse();
  assert.ok(Math.abs(after - before - estimate) < 0.02 * estimate, `${after - before}, ${estimate}`);
  let input: LayerSpec["input"] = PHOTO.input;
  let alone = 0;
  PHOTO.layers.forEach(({ pool, ...layer }, i) => {
    alone += estimateMemory({ ...layer, input, pool: typeof pool === "number" ? pool : 1 } as LayerSpec);
    const [channels, height, width] = network.shapes[i]!;
    input = { channels, height, width };
  });
  assert.ok(estimate < 0.4 * alone, `${estimate}, ${alone}`);
});

test("a kernel's memory is the documented sum, whatever is reserved", () => {
  const check = (spec: LayerSpec) => {
    for (const reserve of [0, 1, 2]) {
      const geometry = resolveGeometry(spec, reserve);
      const kernel = configure(source.instanceSync(), geometry, reserve);
      assert.is(kernel.memoryBytes, memoryBytes(geometry, reserve));
      assert.is(geometry.memoryBytes, kernel.memoryBytes);
    }
  };
  EXTREMES.forEach(check);
  fc.assert(fc.property(specs, check), { ...SEEDED, numRuns: 60 });
  fc.assert(fc.property(fastSpecs, check), { ...SEEDED, numRuns: 20 });
});

test("what is reserved does not change a bit of a product, and nothing is written beyond it", () => {
  const check = (spec: LayerSpec) => {
    const results = [0, 1, 2].map((reserve) => {
      const geometry = resolveGeometry(spec, reserve);
      const kernel = configure(source.instanceSync(), geometry, reserve);
      kernel.run.drawFilters(3, 0, 0);
      assert.ok(kernel.run.loadFilters());
      return productsOf(kernel);
    });
    assert.equal(results[0], results[2]);
    assert.equal(results[1], results[2]);
  };
  EXTREMES.forEach(check);
  fc.assert(fc.property(specs, check), { ...SEEDED, numRuns: 60 });
  fc.assert(fc.property(fastSpecs, check), { ...SEEDED, numRuns: 20 });
});

/** Every product that a network asks of a kernel, twice over: the second time what the first wrote is in place. */
function productsOf(kernel: Kernel): string[] {
  const { run, staging, values, switches } = kernel;
  const round = (seed: number) => {
    staging.set(numbers(staging.length, seed));
    assert.ok(run.loadInput());
    run.encode();
    const code = [bits(values), bits(switches)];
    run.encodeAtSwitches();
    const product = bits(values);
    values.set(numbers(values.length, seed + 1));
    run.synthesise(1);
    assert.ok(run.storeOutput());
    return [...code, product, bits(staging)];
  };
  return [...round(1), ...round(5)];
}

test("a disposed network gives its memory back although it is still held, and says that it was disposed", () => {
  const estimate = estimateNetworkMemory(PHOTO);
  const before = bytesInUse();
  const networks = Array.from({ length: 4 }, () => createNetworkSync(PHOTO));
  const held = bytesInUse() - before;
  assert.ok(Math.abs(held - 4 * estimate) < 0.1 * estimate, `${held} of ${estimate} each`);
  const code = networks[0]!.encode(numbers(inputLength(PHOTO), 1));
  for (const network of networks) network.dispose();
  const left = bytesInUse() - before;
  assert.ok(left < 0.1 * estimate, `${left} of ${estimate} each`);
  const [network] = networks;
  network!.dispose();
  network![Symbol.dispose]();
  for (const call of [
    () => network!.encode(numbers(inputLength(PHOTO), 1)),
    () => network!.activations(numbers(inputLength(PHOTO), 1)),
    () => network!.decode(code),
    () => network!.memoryBytes,
  ]) {
    assert.throws(call, hasCode("disposed"));
  }
  assert.equal(network!.shapes.at(-1), [64, 23, 23]);
});

test("using a network disposes of it at the end of the block", () => {
  const kept = (() => {
    using network = createNetworkSync({ ...PHOTO, layers: [{ filters: 2, kernel: 3 }] });
    network.encode(numbers(inputLength(PHOTO), 1));
    return network;
  })();
  assert.throws(() => kept.memoryBytes, /disposed/);
});

test("a network keeps neither the arrays it was made from nor the code it decoded", async () => {
  const { network, refs } = (() => {
    const weights = numbers(4 * 3 * 9, 1);
    const normalise = { scale: numbers(4, 2), shift: numbers(4, 3) };
    const layers = [
      { filters: 4, kernel: 3, weights, normalise, pool: { type: "max", size: 3, stride: 2 } },
    ] as const;
    const network = createNetworkSync({ input: { channels: 3, height: 9, width: 9 }, layers });
    const code = network.encode(numbers(243, 1));
    network.decode(code);
    return {
      network,
      refs: [weights, normalise.scale, code.values, code.switches[0]!].map((array) => new WeakRef(array)),
    };
  })();
  // what is being compiled may still hold them for a while
  for (let wait = 0; wait < 100 && refs.some((ref) => ref.deref()); ++wait) {
    await new Promise((done) => setTimeout(done, 10));
    collectGarbage();
  }
  assert.equal(
    refs.map((ref) => ref.deref()),
    [undefined, undefined, undefined, undefined],
  );
  assert.equal(network.shapes, [[4, 3, 3]]);
});

test("1,000 networks, created and dropped, give their memory back", () => {
  const spec: NetworkSpec = {
    input: { channels: 2, height: 10, width: 10 },
    layers: [
      { filters: 6, kernel: 3, pool: { type: "average", size: 2, stride: 1 } },
      { filters: 4, kernel: 3, pool: 2 },
    ],
  };
  const before = bytesInUse();
  for (let i = 0; i < 1000; ++i) createNetworkSync(spec).encode(numbers(200, i + 1));
  assert.ok(bytesInUse() - before < 50 * 65_536);
});

test("a host that refuses the memory beside the kernels is named, and so is the size", () => {
  class Refused extends ArrayBuffer {
    constructor(length: number) {
      super(0);
      throw new RangeError(`no ${length} bytes`);
    }
  }
  withBuffers(Refused, () => refuses(() => createNetworkSync(PHOTO), "too-large", /[\d.]+ MiB/));
});

test.run();
