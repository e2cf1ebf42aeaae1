// Codes through files and back.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  packCode,
  parse,
  parseSync,
  readCodes,
  readSections,
  type StoredCode,
  serialise,
  serialiseSync,
  unpackCode,
  withParameters,
  writeCodes,
  writeSections,
} from "../src/code/index.js";
import { quantise, VALUE_FORMATS } from "../src/code/quantise.js";
import { isNetwork, shapeOf } from "../src/code/shape.js";
import type { LayerSpec } from "../src/geometry.js";
import type { Code } from "../src/layer.js";
import type { NetworkCode } from "../src/network/network.js";
import type { NetworkSpec } from "../src/network/spec.js";
import { anySpecs, chunksOf, codeDraws, codeOf, collect, streamOf } from "./code-files.js";
import { forAllNetworks, inputLength as networkInput } from "./network-specs.js";
import { bits, EXTREMES, inputLength, numbers, SEEDED, simd, specs } from "./support.js";

const LAYER = { input: { channels: 3, height: 20, width: 22 }, filters: 6, kernel: 5, padding: 2, pool: 2 };

function same(back: Code | NetworkCode, code: Code | NetworkCode): void {
  assert.equal(back, code);
  // assert.equal takes -0 for 0
  assert.is(bits(back.values), bits(code.values));
}

function encoded(spec: LayerSpec, seed = 3): Code {
  const layer = simd.createLayerSync(spec);
  return layer.encode(numbers(inputLength(layer), seed));
}

test("what a layer encodes comes back bit for bit", () => {
  const check = (spec: LayerSpec) => {
    const code = encoded(spec);
    const { code: back, noise } = parseSync(serialiseSync(code, spec));
    same(back, code);
    assert.is(noise, 0);
  };
  EXTREMES.forEach(check);
  fc.assert(fc.property(specs, check), SEEDED);
});

test("what a network encodes comes back bit for bit", () => {
  forAllNetworks((spec) => {
    const code = simd.createNetworkSync(spec).encode(numbers(networkInput(spec), 4));
    same(parseSync(serialiseSync(code, spec)).code, code);
  });
});

test("every code that a specification has comes back, whether or not an input has it", () => {
  fc.assert(
    fc.property(anySpecs, codeDraws, (spec, draw) => {
      const code = codeOf(spec, draw);
      same(parseSync(serialiseSync(code, spec)).code, code);
    }),
    { ...SEEDED, numRuns: 400 },
  );
});

test("a reader has the values and the noise that quantise gives", () => {
  fc.assert(
    fc.property(anySpecs, codeDraws, fc.constantFrom(...VALUE_FORMATS), (spec, draw, values) => {
      const code = codeOf(spec, { ...draw, corners: false });
      const file = parseSync(serialiseSync(code, spec, { values }));
      const expected = quantise(code.values, shapeOf(spec).values[0], values);
      same(file.code, { ...code, values: expected.values });
      assert.is(file.noise, expected.noise);
      assert.is(file.values, values);
    }),
    { ...SEEDED, numRuns: 300 },
  );
});

test("what is stored in few bits is stored the same again", () => {
  fc.assert(
    fc.property(anySpecs, codeDraws, fc.constantFrom(...VALUE_FORMATS), (spec, draw, values) => {
      const once = parseSync(serialiseSync(codeOf(spec, { ...draw, corners: false }), spec, { values })).code;
      same(parseSync(serialiseSync(once, spec, { values })).code, once);
    }),
    SEEDED,
  );
});

test("a value is within half a scale or half a gap of what was stored", () => {
  const { values } = encoded(LAYER);
  const length = values.length / LAYER.filters;
  const stored = (format: "float16" | "int8" | "int6" | "int4") =>
    parseSync(serialiseSync({ values, switches: new Uint8Array(values.length) }, LAYER, { values: format }))
      .code.values;
  for (const [format, largest] of [
    ["int8", 127],
    ["int6", 31],
    ["int4", 7],
  ] as const) {
    stored(format).forEach((value, i) => {
      const plane = Math.floor(i / length);
      const most = values
        .subarray(plane * length, (plane + 1) * length)
        .reduce((m, v) => Math.max(m, Math.abs(v)), 0);
      assert.ok(Math.abs(value - values[i]!) <= (most / largest) * 0.5 + most * 2 ** -24);
    });
  }
  stored("float16").forEach((value, i) => {
    assert.ok(Math.abs(value - values[i]!) <= Math.max(2 ** -11 * Math.abs(values[i]!), 2 ** -25));
  });
});

test("a sparse code comes back as one, without its report", () => {
  const layer = simd.createLayerSync(LAYER);
  const x = numbers(inputLength(layer));
  for (const k of [1, 20, 600]) {
    const { values, switches, kind } = layer.sparsify(x, { k, iterations: 3 });
    const bytes = serialiseSync({ values, switches, kind }, LAYER);
    const file = parseSync(bytes);
    assert.is(file.kind, "sparse");
    same(file.code, { values, switches, kind });
    assert.equal(layer.decode(file.code as Code), layer.decode({ values, switches, kind }));
    assert.ok(bytes.length < 200 + 7 * k, `${bytes.length} bytes for ${k} values`);
  }
});

test("a code without a kind is a pooled one, and wider switches come back narrow", () => {
  const { values, switches } = encoded(LAYER);
  const bytes = serialiseSync({ values, switches: Uint32Array.from(switches) }, LAYER);
  same(parseSync(bytes).code, { kind: "pooled", values, switches });
  assert.equal(bytes, serialiseSync({ kind: "pooled", values, switches: Uint16Array.from(switches) }, LAYER));
});

test("switches take the bits of the largest, and nothing where there is one position", () => {
  const bytesOf = (pool: number, most: number) => {
    const spec = { input: { channels: 1, height: 32, width: 32 }, filters: 1, kernel: 1, pool };
    const count = shapeOf(spec).switches[0]!.count;
    const code = { values: new Float32Array(count).fill(1), switches: new Uint8Array(count).fill(most) };
    return [serialiseSync(code, spec).length - 4 * count, count] as const;
  };
  const [none] = bytesOf(1, 0);
  for (const [pool, most, bits] of [
    [2, 0, 0],
    [2, 1, 1],
    [2, 3, 2],
    [4, 15, 4],
    [4, 8, 4],
  ] as const) {
    const [bytes, count] = bytesOf(pool, most);
    assert.is(bytes, none + (count * bits) / 8);
  }
});

test("rectified codes leave their zeros out", () => {
  const spec = { ...LAYER, rectifier: "crelu" as const, pool: 1 };
  const code = encoded(spec);
  const zeros = code.values.filter((value) => value === 0).length;
  const bytes = serialiseSync(code, spec).length;
  assert.ok(zeros > code.values.length / 3);
  assert.ok(bytes <= 4 * (code.values.length - zeros) + code.values.length / 8 + 200);
});

test("compressed files have the same codes, and parse reads them from bytes and streams of any chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      ...[anySpecs, codeDraws, fc.boolean(), fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 })],
      async (spec, draw, deflate, sizes) => {
        const code = codeOf(spec as LayerSpec, draw as never);
        const file = await serialise(code, spec as LayerSpec, { deflate: deflate as boolean });
        const whole = await parse(file);
        same(whole.code, code);
        assert.equal(await parse(streamOf(file, sizes as number[]).stream), whole);
        assert.equal(await parse(chunksOf(file, (sizes as number[])[0]!)), whole);
      },
    ),
    { ...SEEDED, numRuns: 60 },
  );
});

test("a stream may hand over one byte at a time, and nothing in between", async () => {
  const file = serialiseSync(encoded(LAYER), LAYER);
  const whole = parseSync(file);
  assert.equal(await parse(streamOf(file, [1]).stream), whole);
  assert.equal(await parse(streamOf(file, [0, 1, 0, 0, 3000]).stream), whole);
  async function* withNothing() {
    yield new Uint8Array();
    yield* chunksOf(file, 100);
    yield new Uint8Array();
  }
  assert.equal(await parse(withNothing()), whole);
});

test("serialise and serialiseSync give the same bytes, as often as they are asked", async () => {
  await fc.assert(
    fc.asyncProperty(anySpecs, codeDraws, async (spec, draw) => {
      const bytes = serialiseSync(codeOf(spec, draw), spec);
      assert.equal(await serialise(codeOf(spec, draw), spec), bytes);
      assert.equal(serialiseSync(codeOf(spec, draw), spec), bytes);
    }),
    { ...SEEDED, numRuns: 30 },
  );
});

test("the header is a specification that makes the same file", () => {
  fc.assert(
    fc.property(anySpecs, codeDraws, (spec, draw) => {
      const code = codeOf(spec, draw);
      const bytes = serialiseSync(code, spec);
      const header = parseSync(bytes);
      const layers = isNetwork(spec) ? spec.layers : [spec];
      const complete = withParameters(header, layers);
      assert.equal(serialiseSync(code, complete), bytes);
      assert.equal(shapeOf(complete), shapeOf(spec));
    }),
    SEEDED,
  );
});

test("the layer of a header decodes as the layer that encoded", () => {
  for (const spec of [
    LAYER,
    { ...LAYER, seed: 2 ** 53 - 1, unitNorm: true },
    { input: { channels: 2, length: 50 }, filters: 9, kernel: 5, pool: "global", rectifier: "relu" },
  ] as LayerSpec[]) {
    const code = encoded(spec);
    const file = parseSync(serialiseSync(code, spec));
    const [before, after] = [spec, file.spec as LayerSpec].map((s) => simd.createLayerSync(s));
    assert.is(bits(after!.weights), bits(before!.weights));
    assert.equal(after!.geometry, before!.geometry);
    assert.is(bits(after!.decode(file.code as Code)), bits(before!.decode(code)));
  }
});

test("colour, range and whole image come back", () => {
  const code = encoded(LAYER);
  const header = (options: object) => parseSync(serialiseSync(code, LAYER, options));
  assert.is(header({}).colour, undefined);
  assert.is(header({}).range, undefined);
  assert.is("image" in header({}), false);
  assert.equal(header({ colour: "rgb" }).range, [0, 1]);
  assert.is(header({ colour: "rgb" }).colour, "rgb");
  assert.equal(header({ range: [-1.5, 255] }).range, [-1.5, 255]);
  const image = { height: 20, width: 22, overlap: 7 };
  assert.equal(header({ image }).image, image);
  assert.is(header({ image }).tiles, 1);
  const grey = { ...LAYER, input: { channels: 1, height: 20, width: 22 } };
  assert.is(parseSync(serialiseSync(encoded(grey), grey, { colour: "grey" })).colour, "grey");
});

const TILED = { values: "int8" as const, image: { height: 50, width: 40, overlap: 5 } };

function tiles(count: number): Code[] {
  return Array.from({ length: count }, (_, i) => encoded(LAYER, i + 1));
}

test("codes of tiles are written and read one after the other", async () => {
  // ceil((50 - 5) / (20 - 5)) x ceil((40 - 5) / (22 - 5))
  const codes = tiles(9);
  for (const deflate of [false, true]) {
    const options = { ...TILED, deflate };
    const chunks = await collect(writeCodes(LAYER, codes, options));
    assert.is(chunks.length, 11);
    const file = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
    const whole = await parse(file);
    assert.is(whole.tiles, 9);
    assert.equal(whole.image, TILED.image);
    assert.is(whole.codes.length, 9);
    assert.equal(whole.codes[0], { code: whole.code, noise: whole.noise });
    whole.codes.forEach(({ code }, i) => {
      same(code, { ...codes[i]!, values: quantise(codes[i]!.values, 6, "int8").values });
    });
    const { header, codes: stored } = await readCodes(streamOf(file, [777]).stream);
    assert.equal(await collect(stored), whole.codes);
    assert.is(header.tiles, 9);
    if (!deflate) assert.equal(parseSync(file), whole);
  }
});

test("sections are packed and unpacked anywhere, by the header alone", async () => {
  const codes = tiles(9);
  for (const deflate of [false, true]) {
    const options = { ...TILED, deflate };
    const file = Uint8Array.from(
      (await collect(writeCodes(LAYER, codes, options))).flatMap((chunk) => [...chunk]),
    );
    const packed = await Promise.all(codes.map((code) => packCode(code, LAYER, options)));
    const chunks = await collect(writeSections(LAYER, packed, options));
    if (!deflate) assert.equal(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])), file);
    const { header, sections } = await readSections(file);
    const unpacked: StoredCode[] = [];
    for await (const bytes of sections) {
      // as between threads
      const [sent, plain] = structuredClone([bytes, header], { transfer: [bytes.buffer] });
      unpacked.push(await unpackCode(sent as Uint8Array, plain as typeof header));
    }
    assert.equal(unpacked, (await parse(file)).codes);
  }
});

test("sections of sparse codes are written as such", async () => {
  const layer = simd.createLayerSync(LAYER);
  const { values, switches, kind } = layer.sparsify(numbers(inputLength(layer)), { k: 9, iterations: 2 });
  const packed = await packCode({ values, switches, kind }, LAYER);
  const chunks = await collect(writeSections(LAYER, [packed], { kind: "sparse" }));
  const file = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  assert.equal(file, serialiseSync({ values, switches, kind }, LAYER));
});

test("arrays that were given are known by their SHA-256", () => {
  const spec: NetworkSpec = {
    input: { channels: 1, height: 6, width: 6 },
    layers: [
      { filters: 2, kernel: 3, weights: numbers(18, 1), bias: Float32Array.of(0.5, -1) },
      {
        filters: 2,
        kernel: 1,
        seed: 7,
        normalise: { scale: Float32Array.of(1, 2), shift: Float32Array.of(3, 4) },
      },
      { filters: 1, kernel: 1, seed: 8 },
    ],
  };
  const code = simd.createNetworkSync(spec).encode(numbers(36));
  const file = parseSync(serialiseSync(code, spec));
  const [first, second, third] = file.parameters;
  assert.equal(
    [first, second].map((digest) => [digest!.weights, digest!.bias, digest!.normalise]),
    [
      [true, true, false],
      [false, false, true],
    ],
  );
  // printf '\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40\x00\x00\x80\x40' | sha256sum
  assert.is(second!.sha256, "ad73b9acd6e4a74b2f5bb5386658ce3bb146cd040a1867646ab3b973fb6632b1");
  assert.is(third, undefined);
  const layers = (file.spec as NetworkSpec).layers;
  assert.is("seed" in layers[0]!, false);
  assert.is(layers[1]!.seed, 7);
  assert.equal(
    simd.createNetworkSync(withParameters(file, spec.layers) as NetworkSpec).encode(numbers(36)),
    code,
  );
});

test.run();
