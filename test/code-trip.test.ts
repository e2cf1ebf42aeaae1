// Codes through files and back.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse, parseSync, serialise, serialiseSync } from "../src/code/index.js";
import type { Code } from "../src/layer.js";
import type { NetworkCode } from "../src/network/network.js";
import { forAllNetworks, inputLength as networkInput } from "./network-specs.js";
import { bits, inputLength, numbers, SEEDED, simd, specs } from "./support.js";

test("what a layer encodes comes back bit for bit", () => {
  fc.assert(
    fc.property(specs, (spec) => {
      const layer = simd.createLayerSync(spec);
      const code = layer.encode(numbers(inputLength(layer), 3));
      const { code: back, noise } = parseSync(serialiseSync(code, spec));
      same(back, code);
      assert.is(noise, 0);
    }),
    SEEDED,
  );
});

test("what a network encodes comes back bit for bit", () => {
  forAllNetworks((spec) => {
    const network = simd.createNetworkSync(spec);
    const code = network.encode(numbers(networkInput(spec), 4));
    same(parseSync(serialiseSync(code, spec)).code, code);
  });
});

test("a compressed file has the same code", async () => {
  const spec = { input: { channels: 3, height: 32, width: 32 }, filters: 8, kernel: 5, pool: 2 };
  const layer = simd.createLayerSync(spec);
  const code = layer.encode(numbers(inputLength(layer), 3));
  const file = await parse(await serialise(code, spec, { deflate: true }));
  same(file.code, code);
});

function same(back: Code | NetworkCode, code: Code | NetworkCode): void {
  assert.equal(back, code);
  assert.is(bits(back.values), bits(code.values));
}

test.run();
