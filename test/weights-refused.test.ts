// Every way a file of filters can be wrong, and what is said about it.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readNpy, readSafetensors } from "../src/weights/index.js";
import fixtures from "./fixtures/weights.json";
import { SEEDED } from "./support.js";
import { base64, dictionary, npyOf, refuses, SMALL, SMALL_NPY, safetensors } from "./weight-files.js";

test("types of NumPy that are no float32, float16, float64 or whole numbers are refused by name", () => {
  for (const { file, descr } of fixtures.refused) {
    const literal = JSON.stringify(descr).replace(/[()[\]|\\]/g, "\\$&");
    refuses(() => readNpy(base64(file)), new RegExp(`descr is ${literal}; supported are`));
  }
});

test("NaN and infinity are refused, with the tensor and the element", () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const values = Float32Array.of(0, 1, 2, bad, 4);
    const header = { a: { dtype: "F32", shape: [5], data_offsets: [0, 20] } };
    const words = new RegExp(`^element 3 of tensor "a" is ${bad}; every number must be finite$`);
    refuses(() => readSafetensors(safetensors(header, new Uint8Array(values.buffer))), words, "not-finite");
    const doubles = new Uint8Array(Float64Array.from(values).buffer);
    refuses(
      () => readNpy(npyOf(dictionary("'<f8'", "(5,)"), doubles)),
      new RegExp(`^element 3 of the array is ${bad}`),
      "not-finite",
    );
  }
  for (const [dtype, pattern] of [
    ["F16", 0x7c00],
    ["F16", 0xfe01],
    ["BF16", 0x7f80],
    ["BF16", 0xffc0],
  ] as const) {
    const file = safetensors({ a: { dtype, shape: [], data_offsets: [0, 2] } }, [
      pattern & 255,
      pattern >> 8,
    ]);
    refuses(() => readSafetensors(file), /^element 0 of tensor "a" is (NaN|-?Infinity)/, "not-finite");
  }
});

test("a file that lacks its end, at any byte, is refused, and so is one with bytes left over", () => {
  assert.equal([...readSafetensors(SMALL).tensors.get("w")!.data], [1, 2]);
  assert.equal([...readNpy(SMALL_NPY).data], [1, 2]);
  for (let size = 0; size < SMALL.length; ++size)
    refuses(() => readSafetensors(SMALL.slice(0, size)), /bytes/);
  for (let size = 0; size < SMALL_NPY.length; ++size) {
    refuses(() => readNpy(SMALL_NPY.slice(0, size)), size < 6 ? /begins with/ : /bytes|version/);
  }
  refuses(() => readSafetensors(Uint8Array.of(...SMALL, 0)), /take 8 bytes; the file has 9 after its header/);
  refuses(() => readNpy(Uint8Array.of(...SMALL_NPY, 0)), /has 9 bytes after its header; .* takes 8/);
});

test("any bytes at any place give a result or an UnpoolError, never another error", () => {
  for (const [file, read] of [
    [SMALL, readSafetensors],
    [SMALL_NPY, readNpy],
  ] as const) {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.uint8Array({ minLength: 1, maxLength: 4 }), (at, bytes) => {
        const wrong = file.slice();
        wrong.set(bytes.subarray(0, file.length - at), at);
        try {
          read(wrong);
        } catch (error) {
          assert.is((error as Error).name, "UnpoolError", String(error));
        }
      }),
      { ...SEEDED, numRuns: 3000 },
    );
  }
});

test("an absurd length is refused by what it is, and nothing of it is allocated", () => {
  const lengths = [
    [2n ** 64n - 1n, /said to have 18446744073709551615 bytes; at most 100000000/],
    [2n ** 63n, /said to have 9223372036854775808 bytes; at most 100000000/],
    [100_000_001n, /said to have 100000001 bytes; at most 100000000/],
    [100_000_000n, new RegExp(`said to have 100000000 bytes; only ${SMALL.length - 8} follow`)],
  ] as const;
  for (const [length, words] of lengths) {
    const file = SMALL.slice();
    new DataView(file.buffer).setBigUint64(0, length, true);
    refuses(() => readSafetensors(file), words);
  }
  for (const shape of [[2 ** 40], [2 ** 53 - 1, 2 ** 53 - 1], [2 ** 52, 0, 2 ** 52, 2]]) {
    const file = safetensors({ w: { dtype: "F32", shape, data_offsets: [0, 8] } }, new Uint8Array(8));
    refuses(() => readSafetensors(file), /8 of them; F32 of shape .* takes/);
    refuses(() => readNpy(npyOf(dictionary("'<f4'", `(${shape.join(", ")})`), [0])), /has 1 bytes after/);
  }
  const wide = npyOf(dictionary("'<f4'", "(1,)"), [0, 0, 0, 0]);
  wide[6] = 2;
  wide.set([255, 255, 255, 255], 8);
  refuses(() => readNpy(wide), /said to have 4294967295 bytes; at most 10000/);
});

const entry = (more: object = {}) => ({ dtype: "F32", shape: [2], data_offsets: [0, 8], ...more });
const WRONG_SAFETENSORS: [string, unknown, number, RegExp][] = [
  ["no text", "", 0, /does not begin with {/],
  ["a list", "[]", 0, /does not begin with {/],
  ["space before it", " {}", 0, /does not begin with {/],
  ["no JSON", "{'w': 1}", 0, /no JSON in UTF-8/],
  ["JSON that ends early", '{"w": {"dtype": "F32"', 0, /no JSON in UTF-8/],
  ["something behind the JSON", "{} {}", 0, /no JSON in UTF-8/],
  ["a name twice", '{"w": {}, "w": {}}', 0, /two entries named "w"/],
  ["a name twice, once with an escape", '{"w": {}, "\\u0077": {}}', 0, /two entries named "w"/],
  ["a field twice", '{"w": {"dtype": "F32", "shape": [], "dtype": "F64"}}', 0, /two entries named "dtype"/],
  ["metadata that is a list", { __metadata__: [] }, 0, /__metadata__ is .*object of texts/],
  ["metadata that is null", { __metadata__: null }, 0, /__metadata__ is null/],
  ["metadata of numbers", { __metadata__: { a: 1 } }, 0, /"a" in __metadata__ is 1; it must be a text/],
  ["a tensor that is none", { w: 7 }, 0, /tensor "w" is 7/],
  ["a tensor that is a list", { w: [] }, 0, /tensor "w" is/],
  [
    "no dtype",
    { w: entry({ dtype: undefined }) },
    8,
    /dtype of tensor "w" is undefined; supported are F32, F16/,
  ],
  ["an unknown dtype", { w: entry({ dtype: "F8_E4M3" }) }, 8, /dtype of tensor "w" is "F8_E4M3"; supported/],
  ["truth values", { w: entry({ dtype: "BOOL", data_offsets: [0, 2] }) }, 2, /is "BOOL"; supported/],
  ["the name of a method", { w: entry({ dtype: "toString" }) }, 8, /is "toString"; supported/],
  ["no shape", { w: entry({ shape: undefined }) }, 8, /shape of tensor "w" is undefined/],
  ["a shape that is a number", { w: entry({ shape: 2 }) }, 8, /shape of tensor "w" is 2/],
  ["a negative size", { w: entry({ shape: [-1, -2] }) }, 8, /is \[-1,-2\]; it must be whole numbers/],
  ["a broken size", { w: entry({ shape: [0.5, 4] }) }, 8, /is \[0.5,4\]/],
  [
    "a size beyond 2^53",
    '{"w":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,8]}}',
    8,
    /whole numbers/,
  ],
  [
    "a shape of another size",
    { w: entry({ shape: [3] }) },
    8,
    /bytes 0 to 8, 8 of them; F32 of shape \[3\] takes 12/,
  ],
  ["no offsets", { w: entry({ data_offsets: undefined }) }, 8, /data_offsets of tensor "w" are undefined/],
  ["three offsets", { w: entry({ data_offsets: [0, 8, 8] }) }, 8, /must be two whole numbers/],
  ["offsets backwards", { w: entry({ data_offsets: [8, 0] }) }, 8, /bytes 8 to 0, -8 of them/],
  [
    "a hole before",
    { w: entry({ data_offsets: [4, 12] }) },
    12,
    /"w" begins at byte 4 .*leaves a hole, .*at 0/,
  ],
  [
    "a hole between",
    { v: entry(), w: entry({ data_offsets: [12, 20] }) },
    20,
    /"w" begins at byte 12 .*leaves a hole, .*at 8/,
  ],
  [
    "an overlap",
    { v: entry(), w: entry({ data_offsets: [4, 12] }) },
    12,
    /"w" begins at byte 4 .*overlaps the tensor before it, .*at 8/,
  ],
  ["the same bytes twice", { v: entry(), w: entry() }, 8, /"w" begins at byte 0 .*overlaps/],
  ["a buffer too long", { w: entry() }, 9, /take 8 bytes; the file has 9/],
  ["a buffer too short", { w: entry() }, 7, /take 8 bytes; the file has 7/],
  ["no tensors, but bytes", {}, 1, /take 0 bytes; the file has 1/],
];

for (const [what, header, bytes, words] of WRONG_SAFETENSORS) {
  test(`safetensors, ${what}: refused`, () => {
    refuses(() => readSafetensors(safetensors(header, new Uint8Array(bytes))), words);
  });
}

test("a header that is no UTF-8 is refused", () => {
  const file = safetensors('{"w": 1}');
  file[10] = 0xff;
  refuses(() => readSafetensors(file), /no JSON in UTF-8/);
});

const WRONG_NPY: [string, string, RegExp][] = [
  ["no dictionary", "[1, 2]", /header is "\[1, 2\]"; it must be a dictionary/],
  [
    "an entry that lacks",
    "{'descr': '<f4', 'shape': (1,)}",
    /must be a dictionary of descr, fortran_order and shape/,
  ],
  ["an entry too many", `${dictionary("'<f4'", "(1,)").slice(0, -1)} 'more': True}`, /must be a dictionary/],
  ["an order that is a number", dictionary("'<f4'", "(1,)", "1"), /must be a dictionary/],
  ["an order that is a text", dictionary("'<f4'", "(1,)", "'False'"), /must be a dictionary/],
  ["a shape that is a text", dictionary("'<f4'", "'1'"), /must be a dictionary/],
  ["a shape without commas", dictionary("'<f4'", "(1 1)"), /must be a dictionary/],
  ["a negative size", dictionary("'<f4'", "(-1,)"), /must be a dictionary/],
  ["a broken size", dictionary("'<f4'", "(1.0,)"), /must be a dictionary/],
  ["an expression", dictionary("'<f4'", "(1,) + (1,)"), /must be a dictionary/],
  ["something behind it", `${dictionary("'<f4'", "(1,)")} 1`, /must be a dictionary/],
  ["a float of 16 bytes", dictionary("'<f16'", "(1,)"), /descr is "<f16"; supported are/],
  ["a float of 3 bytes", dictionary("'<f3'", "(1,)"), /descr is "<f3"; supported are/],
  [
    "another shape",
    dictionary("'<f4'", "(2, 3)"),
    /has 4 bytes after its header; <f4 of shape \(2, 3\) takes 24/,
  ],
];

for (const [what, header, words] of WRONG_NPY) {
  test(`.npy, ${what}: refused`, () => {
    refuses(() => readNpy(npyOf(header, [0, 0, 0, 0])), words);
  });
}

test("an .npy file of another magic or version is refused", () => {
  const file = SMALL_NPY.slice();
  file[0] = 0x92;
  refuses(() => readNpy(file), /begins with "\x92NUMPY"; an \.npy file begins with "\x93NUMPY"/);
  file[0] = 0x93;
  file[6] = 4;
  refuses(() => readNpy(file), /version is 4; 1, 2 and 3 are known/);
});

test("a long header takes time in proportion, whatever it is made of", () => {
  const long = 2_000_000;
  for (const header of [
    `{"__metadata__":{"${"a".repeat(long)}":""}}`,
    `{"__metadata__":{"${'\\"'.repeat(long)}":""}}`,
    `{"__metadata__":{"a"${" ".repeat(long)}:""}}`,
  ]) {
    assert.is(readSafetensors(safetensors(header)).tensors.size, 0);
  }
  refuses(() => readSafetensors(safetensors(`{"a":${"[".repeat(long)}`)), /no JSON/);
  const body = [0, 0, 0, 0];
  assert.is(readNpy(npyOf(dictionary("'<f4'", `(${"1, ".repeat(3000)})`, "True"), body)).shape.length, 3000);
  refuses(() => readNpy(npyOf(dictionary("'<f4'", `(1,${" ".repeat(9000)}x)`), body)), /dictionary/);
  refuses(() => readNpy(npyOf(dictionary("'<f4'", `(${"1".repeat(9000)}x)`), body)), /dictionary/);
});

test.run();
