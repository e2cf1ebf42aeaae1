import { test } from "uvu";
import * as assert from "uvu/assert";
import simdProbe from "../build/kernel.probe.wasm";
import scalarProbe from "../build/kernel.probe-scalar.wasm";
import { openProbe } from "./kernel/open.js";
import { bits, numbers } from "./support.js";

type Probe = Record<string, (...args: number[]) => number>;

function open(bytes: Uint8Array) {
  const run = openProbe<Probe>(bytes);
  const at = [4096, 8192, 16384] as const;
  const vectors = (n: number) => at.map((pointer) => new Float32Array(run.memory.buffer, pointer, n));
  return { run, at, vectors };
}

const builds = [open(simdProbe), open(scalarProbe)];

test("a dot product adds eight lanes in f64 in the documented order, in both builds", () => {
  for (const n of [0, 8, 16, 24, 168, 512]) {
    const a = numbers(n, n + 1);
    const b = numbers(n, n + 2);
    const lane = new Float64Array(8);
    for (let i = 0; i < n; ++i) lane[i % 8]! += a[i]! * b[i]!;
    const [l0, l1, l2, l3, l4, l5, l6, l7] = lane as unknown as number[] as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const expected = l0 + l1 + (l2 + l3) + (l4 + l5 + (l6 + l7));
    for (const { run, at, vectors } of builds) {
      const [u, v] = vectors(n);
      u!.set(a);
      v!.set(b);
      assert.is(run.dot!(at[0], at[1], n), expected);
    }
  }
});

test("vector updates do what their formulas say and nothing past their end, in both builds", () => {
  const { fround } = Math;
  const formulas: Record<string, (y: number, a: number, b: number, c: number) => number> = {
    axpy: (y, a, _, c) => fround(y + fround(c * a)),
    xpay: (y, a, _, c) => fround(a + fround(c * y)),
    multiply: (_, a, b) => fround(a * b),
    scale: (_, a, __, c) => fround(c * a),
    maskByZeros: (y, a) => (a === 0 ? 0 : y),
  };
  const n = 40;
  const c = fround(0.3);
  const [y0, a0, b0] = [numbers(n, 1), numbers(n, 2).map((v, i) => (i % 3 ? v : 0)), numbers(n, 3)];
  for (const [name, formula] of Object.entries(formulas)) {
    const expected = y0.map((y, i) => formula(y, a0[i]!, b0[i]!, c));
    for (const { run, at, vectors } of builds) {
      const [y, a, b] = vectors(n + 1);
      y!.set([...y0, Number.NaN]);
      a!.set(a0);
      b!.set(b0);
      if (name === "multiply") run.multiply!(at[0], at[1], at[2], n);
      else if (name === "maskByZeros") run.maskByZeros!(at[0], at[1], n);
      else run[name]!(at[0], c, at[1], n);
      assert.is(bits(y!.slice(0, n)), bits(expected), name);
      assert.ok(Number.isNaN(y![n]), `${name} wrote past its end`);
    }
  }
});

test.run();
