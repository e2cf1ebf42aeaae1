// Values of a code in fewer bits.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { quantise, VALUE_FORMATS, type ValueFormat } from "../src/code/quantise.js";
import { bits, half, numbers, SEEDED } from "./support.js";

const INTEGERS = { int8: 127, int6: 31, int4: 7 } as const;
const formats = Object.entries(INTEGERS) as [ValueFormat, number][];

/** Planes of one length, of any magnitudes that float32 has, zeros among them. */
const codes = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 12 }))
  .chain(([planes, length]) =>
    fc.record({
      planes: fc.constant(planes),
      values: fc
        .array(fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(0)), {
          minLength: planes * length,
          maxLength: planes * length,
        })
        .map((list) => Float32Array.from(list)),
    }),
  );

function float16(...list: number[]): number[] {
  return [...quantise(Float32Array.from(list), 1, "float16").values];
}

function code(error: unknown): string {
  return (error as { code: string }).code;
}

test("a whole number is within half a scale of its value, and the largest of a plane comes back exactly", () => {
  fc.assert(
    fc.property(codes, ({ planes, values }) => {
      const length = values.length / planes;
      for (const [format, largest] of formats) {
        const { values: rounded } = quantise(values, planes, format);
        for (let plane = 0; plane < planes; ++plane) {
          const before = values.subarray(plane * length, (plane + 1) * length);
          const after = rounded.subarray(plane * length, (plane + 1) * length);
          const most = before.reduce((so, value) => Math.max(so, Math.abs(value)), 0);
          // half a scale, the rounding of float32 to what is stored, and its smallest numbers
          const bound = (most / largest) * (0.5 + largest * 2 ** -24) + 2 ** -149;
          before.forEach((value, i) => {
            assert.ok(Math.abs(after[i]! - value) <= bound, `${format}: ${value} -> ${after[i]}`);
            if (Math.abs(value) === most) assert.is(Math.abs(after[i]!), most);
          });
        }
      }
    }),
    SEEDED,
  );
});

test("quantised values are the plane's scale times whole numbers of the format", () => {
  const { values } = quantise(Float32Array.of(7, 3.4, -3.6, 0.5, 1.5, -7, 0.4, 6.5), 1, "int4");
  assert.equal([...values], [7, 3, -4, 0, 2, -7, 0, 6], "ties to even");
  const planes = quantise(Float32Array.of(127, 1.4, 12.7, 1.34), 2, "int8").values;
  assert.equal([...planes], [127, 1, Math.fround(12.7), Math.fround((13 * Math.fround(12.7)) / 127)]);
});

test("zeros are zeros, and a plane of zeros is one", () => {
  fc.assert(
    fc.property(codes, fc.constantFrom(...VALUE_FORMATS), ({ planes, values }, format) => {
      const within = values.map((value) => (Math.abs(value) < 60000 ? value : 0));
      const { values: rounded } = quantise(within, planes, format);
      within.forEach((value, i) => {
        if (value === 0) assert.is(rounded[i], 0);
      });
    }),
    SEEDED,
  );
  for (const format of VALUE_FORMATS) {
    assert.equal(quantise(new Float32Array(6), 2, format), { values: new Float32Array(6), noise: 0 });
    assert.equal(quantise(new Float32Array(0), 3, format), { values: new Float32Array(0), noise: 0 });
  }
});

test("every half comes back exactly, with its sign", () => {
  const halves = Float32Array.from({ length: 2 * 0x7c00 }, (_, i) =>
    half(i < 0x7c00 ? i : 0x8000 + i - 0x7c00),
  );
  const { values } = quantise(halves, 1, "float16");
  // but for the sign of zero
  assert.equal([...values], [...halves.map((value) => value || 0)]);
});

test("half precision rounds to the nearest, ties to even, under the normal numbers too", () => {
  const tiny = 2 ** -24; // the smallest half
  assert.equal(float16(1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20), [
    1,
    1 + 2 ** -9,
    1 + 2 ** -10,
  ]);
  assert.equal(float16(-2049, -2051, 2050), [-2048, -2052, 2050]);
  assert.equal(float16(0.5 * tiny, 1.5 * tiny, 0.51 * tiny, 2.5 * tiny), [0, 2 * tiny, tiny, 2 * tiny]);
  assert.equal(float16(2 ** -14 - 2 ** -25, 2 ** -149, -(2 ** -130)), [2 ** -14, 0, 0]);
  assert.equal(float16(0.1, 1 / 3, 65504, 65519), [half(0x2e66), half(0x3555), 65504, 65504]);
  assert.is(float16(3.14159274)[0], half(0x4248));
});

test("between two halves the nearer one is taken", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0x7bfe }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (pattern, t) => {
        const [low, high] = [half(pattern), half(pattern + 1)];
        const value = Math.fround(low + t * (high - low));
        const [rounded] = float16(value);
        const nearer = value - low < high - value ? low : high;
        const tie = value - low === high - value;
        assert.is(rounded, tie ? half(pattern + (pattern & 1)) : nearer);
      },
    ),
    SEEDED,
  );
});

test("a value beyond half precision is refused with itself and the way out", () => {
  for (const value of [65520, -70000, 3e38]) {
    assert.throws(
      () => float16(1, value),
      (error: Error) => {
        assert.match(error.message, /value 1 is .*; float16 holds at most 65504: .* int8/);
        return code(error) === "invalid-code";
      },
    );
    quantise(Float32Array.of(value), 1, "int8");
  }
});

test("the noise is the root of the mean of step² / 12 over what is not zero", () => {
  // scales 2 and 1, three and one values
  const { noise } = quantise(Float32Array.of(14, 1, -3, 0, 0, 7, 0, 0), 2, "int4");
  assert.is(noise, Math.sqrt((3 * 4 + 1) / 12 / 4));
  // gaps of 2^-10, 2^-9 and, below the normal numbers, 2^-24
  const half = quantise(Float32Array.of(1, 2.5, 0, 2 ** -20), 1, "float16").noise;
  assert.is(half, Math.sqrt((2 ** -20 + 2 ** -18 + 2 ** -48) / 12 / 3));
});

test("the noise is close to the errors that there are", () => {
  const values = numbers(40_000, 5);
  for (const format of VALUE_FORMATS) {
    const { values: rounded, noise } = quantise(values, 4, format);
    const squares = rounded.reduce((sum, value, i) => sum + (value - values[i]!) ** 2, 0);
    const ratio = Math.sqrt(squares / values.length) / noise;
    assert.ok(ratio > 0.97 && ratio < 1.03, `${format}: ${ratio}`);
  }
});

test("quantising again changes nothing, and never the given values", () => {
  fc.assert(
    fc.property(codes, fc.constantFrom(...VALUE_FORMATS), ({ planes, values }, format) => {
      const within = values.map((value) => (Math.abs(value) < 60000 ? value : 1));
      const before = bits(within);
      const once = quantise(within, planes, format).values;
      assert.is(bits(within), before);
      assert.is(bits(quantise(once, planes, format).values), bits(once));
    }),
    SEEDED,
  );
});

test("values that are not finite, planes that do not divide them and other formats are refused", () => {
  const values = numbers(6);
  const refusals: [() => unknown, string, RegExp][] = [
    [() => quantise(Float32Array.of(0, Number.NaN), 1, "int8"), "invalid-code", /value 1 is NaN/],
    [() => quantise(Float32Array.of(-Infinity), 1, "float16"), "invalid-code", /value 0 is -Infinity/],
    [() => quantise(values, 4, "int8"), "invalid-code", /6 values are not 4 planes/],
    [() => quantise(values, 0, "int8"), "invalid-code", /not 0 planes/],
    [() => quantise(values, 1, "int2" as ValueFormat), "invalid-option", /"int2"; .*"float16", "int8"/],
  ];
  for (const [run, name, sentence] of refusals) {
    assert.throws(run, (error: Error) => code(error) === name && sentence.test(error.message));
  }
});

test.run();
