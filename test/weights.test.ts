// Filters from files: what NumPy and the description of safetensors write, read number by number.

import { resolve } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { npy } from "../src/cli/codes/npy.js";
import { readNpy, readSafetensors } from "../src/weights/index.js";
import fixtures from "./fixtures/weights.json";
import { bits, half, numbers, SEEDED, simd } from "./support.js";
import { base64, dictionary, npyOf, refuses, SMALL, SMALL_NPY, safetensors } from "./weight-files.js";

const patterns = (words: readonly string[]) =>
  bits(Uint32Array.from(words, (word) => Number.parseInt(word, 16)));

for (const { name, file, dtype, shape, bits: words } of fixtures.npy) {
  test(`.npy as NumPy writes it: ${name}`, () => {
    const array = readNpy(base64(file));
    assert.equal([array.dtype, array.shape], [dtype, shape]);
    assert.is(bits(array.data), patterns(words));
  });
}

test("a safetensors file of every type: metadata, names, shapes, and the bits of every number", () => {
  const { file, metadata, tensors } = fixtures.safetensors;
  const read = readSafetensors(base64(file));
  assert.equal(read.metadata, metadata);
  assert.equal([...read.tensors.keys()].sort(), tensors.map(({ name }) => name).sort());
  for (const { name, dtype, shape, bits: words } of tensors) {
    const tensor = read.tensors.get(name)!;
    assert.equal([tensor.dtype, tensor.shape], [dtype, shape], name);
    assert.is(bits(tensor.data), patterns(words), name);
  }
});

test("every half that is finite comes back as its definition says", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern).filter(
    (p) => (p & 0x7c00) !== 0x7c00,
  );
  const file = safetensors(
    { h: { dtype: "F16", shape: [all.length], data_offsets: [0, 2 * all.length] } },
    new Uint8Array(all.buffer),
  );
  assert.is(bits(readSafetensors(file).tensors.get("h")!.data), bits(Float32Array.from(all, half)));
});

/** Numbers that a type holds, and float32 too, as the type stores them. */
const STORED: Record<string, (values: number[]) => ArrayBufferView<ArrayBuffer>> = {
  F32: (values) => Float32Array.from(values),
  F64: (values) => Float64Array.from(values),
  BF16: (values) =>
    Uint16Array.from(new Uint32Array(Float32Array.from(values).buffer), (word) => word >>> 16),
  I8: (values) => Int8Array.from(values),
  U16: (values) => Uint16Array.from(values),
  I32: (values) => Int32Array.from(values),
  I64: (values) => BigInt64Array.from(values, BigInt),
  U64: (values) => BigUint64Array.from(values, BigInt),
};

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const length = (shape: number[]) => shape.reduce((so, size) => so * size, 1);

/** Tensors of any names, types and shapes, of numbers that all types hold, in any order. */
const files = fc.record({
  tensors: fc.uniqueArray(
    fc.record({
      name: fc.string({ unit: "grapheme", maxLength: 8 }).filter((name) => name !== "__metadata__"),
      dtype: fc.constantFrom(...Object.keys(STORED)),
      shape: shapes,
      seed: fc.nat(),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  ),
  metadata: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
  spaces: fc.nat(9),
  reversed: fc.boolean(),
});

const valuesOf = (shape: number[], seed: number) =>
  [...numbers(length(shape), seed)].map((x) => Math.floor(64 * (x + 1)));

test("whatever is written as safetensors is read: names, metadata, order and padding make no difference", () => {
  fc.assert(
    fc.property(files, ({ tensors, metadata, spaces, reversed }) => {
      const buffer: number[] = [];
      const entries = tensors.map(({ name, dtype, shape, seed }) => {
        const stored = STORED[dtype]!(valuesOf(shape, seed));
        const begin = buffer.length;
        buffer.push(...new Uint8Array(stored.buffer));
        return [name, { dtype, shape, data_offsets: [begin, buffer.length] }] as const;
      });
      if (reversed) entries.reverse();
      const all = metadata ? [["__metadata__", metadata] as const, ...entries] : entries;
      const text = JSON.stringify(Object.fromEntries(all)) + " ".repeat(spaces);
      const read = readSafetensors(safetensors(text, buffer));
      assert.equal(Object.entries(read.metadata), Object.entries(metadata ?? {}));
      assert.is(read.tensors.size, tensors.length);
      for (const { name, dtype, shape, seed } of tensors) {
        const tensor = read.tensors.get(name)!;
        assert.equal([tensor.dtype, tensor.shape, [...tensor.data]], [dtype, shape, valuesOf(shape, seed)]);
      }
    }),
    SEEDED,
  );
});

test("what unpool encode writes as .npy is read again, bit for bit", () => {
  fc.assert(
    fc.property(shapes, fc.nat(), (shape, seed) => {
      const values = numbers(length(shape), seed);
      const read = readNpy(npy(values, shape));
      assert.equal(read.shape, shape);
      assert.is(bits(read.data), bits(values));
    }),
    SEEDED,
  );
});

test("an array in Fortran's order is the array that has the same entries", () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      // the entry at index (i, j, ...) is its row-major number, written where Fortran has it
      const stored = new Float32Array(length(shape));
      for (let i = 0; i < stored.length; ++i) {
        let rest = i;
        let at = 0;
        for (let axis = shape.length - 1; axis >= 0; --axis) {
          at += (rest % shape[axis]!) * length(shape.slice(0, axis));
          rest = Math.floor(rest / shape[axis]!);
        }
        stored[at] = i;
      }
      const header = dictionary("'<f4'", `(${shape.map((size) => `${size},`).join("")})`, "True");
      const { data } = readNpy(npyOf(header, new Uint8Array(stored.buffer)));
      assert.equal([...data], [...stored.keys()]);
    }),
    SEEDED,
  );
});

test("headers as other writers make them are read: Python 2, double quotes, no spaces, another order", () => {
  const body = new Uint8Array(Float32Array.of(1, 2).buffer);
  for (const header of [
    dictionary("'<f4'", "(2L,)"),
    dictionary("'<f4'", "(2L, 1L)"),
    `{"descr":"<f4","fortran_order":False,"shape":(2,)}`,
    `{'shape': (1, 2), 'fortran_order': True, 'descr': '<f4'}   \n`,
  ]) {
    assert.equal([...readNpy(npyOf(header, body)).data], [1, 2], header);
  }
});

test("float64 is rounded to the nearest float32, whole numbers must be exact", () => {
  const one = (dtype: string, view: ArrayBufferView) =>
    readSafetensors(
      safetensors(
        { "conv.weight": { dtype, shape: [1], data_offsets: [0, view.byteLength] } },
        new Uint8Array(view.buffer),
      ),
    ).tensors.get("conv.weight")!.data[0];
  assert.is(one("F64", Float64Array.of(0.1)), Math.fround(0.1));
  assert.is(one("I32", Int32Array.of(2 ** 24)), 2 ** 24);
  refuses(
    () => one("I32", Int32Array.of(2 ** 24 + 1)),
    /element 0 of tensor "conv.weight" is 16777217, a whole/,
  );
  refuses(() => one("U32", Uint32Array.of(2 ** 32 - 1)), /is 4294967295, a whole/);
  assert.is(one("U64", BigUint64Array.of(2n ** 63n)), 2 ** 63);
  // float64 would round this one to a number that float32 has
  refuses(() => one("I64", BigInt64Array.of(2n ** 53n + 1n)), /is 9007199254740993, a whole/);
  refuses(() => one("F64", Float64Array.of(1e39)), /is 1e\+39; float32 ends at 3.4e38/, "not-finite");
});

test("bytes anywhere in a buffer are read, and the caller's stay theirs", () => {
  for (const [file, read] of [
    [SMALL, (bytes: Uint8Array | ArrayBuffer) => readSafetensors(bytes).tensors.get("w")!.data],
    [SMALL_NPY, (bytes: Uint8Array | ArrayBuffer) => readNpy(bytes).data],
  ] as const) {
    const room = new Uint8Array(file.length + 9);
    room.set(file, 3);
    const data = read(room.subarray(3, 3 + file.length));
    room.fill(0);
    assert.equal([...data], [1, 2]);
    assert.equal([...read(file.slice().buffer)], [1, 2]);
    assert.equal([...read(Buffer.from(file))], [1, 2]);
  }
  for (const wrong of [undefined, null, "text", 7, [1, 2], {}]) {
    refuses(
      () => readSafetensors(wrong as never),
      /\.safetensors file are .*must be a Uint8Array or an ArrayBuffer/,
    );
    refuses(() => readNpy(wrong as never), /\.npy file are/);
  }
});

test("a layer takes what was read: the filters of a file are those of the layer", () => {
  const weights = numbers(4 * 3 * 2 * 2, 5);
  const { shape, data } = readNpy(npy(weights, [4, 3, 2, 2]));
  const [filters, channels, height, width] = shape as [number, number, number, number];
  const layer = simd.createLayerSync({
    input: { channels, height: 8, width: 8 },
    filters,
    kernel: [height, width],
    weights: data,
  });
  assert.is(bits(layer.weights), bits(weights));
});

test("the entry as built gives what its source gives", async () => {
  const built = await import(resolve("build/weights.js"));
  assert.equal(built.readSafetensors(SMALL), readSafetensors(SMALL));
  assert.equal(built.readNpy(SMALL_NPY), readNpy(SMALL_NPY));
});

test.run();
