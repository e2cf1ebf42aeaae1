// What a network is once its switches are fixed: products against transposes, a dense matrix and codes.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Operator } from "../src/network/operator.js";
import type { NetworkSpec } from "../src/network/spec.js";
import { dot, norm } from "./closed-forms.js";
import { magnitudes, systemOf } from "./network-reference.js";
import {
  createNetworkSync,
  forAllNetworks,
  inputLength,
  networkSpecs,
  openStages,
  referenceOf,
} from "./network-specs.js";
import { numbers, relativeDistance, SEEDED } from "./support.js";

/** An operator over some stages of a network whose switches are those of an input. */
function operatorOf(spec: NetworkSpec, x: Float32Array, prior: boolean, from = 0) {
  const stages = openStages(spec);
  const code = createNetworkSync(spec).encode(x);
  stages.forEach((stage, i) => {
    stage.fix(code.switches[i]!);
  });
  const operator = new Operator(stages.slice(from), stages[from - 1], prior, 1);
  const vector = (length: number, seed = 0) => (seed ? numbers(length, seed) : new Float32Array(length));
  return {
    code,
    stages,
    operator,
    forward: (u: Float32Array) => {
      const q = vector(operator.values);
      operator.forward(u, q);
      return q;
    },
    back: (r: Float32Array) => {
      const g = vector(operator.variables);
      operator.back(r, g);
      return g;
    },
    rest: (values: Float32Array, at?: Float32Array) => {
      const r = vector(operator.values);
      operator.rest(values, at, r);
      return r;
    },
  };
}

test("A and A' are transposes of one another: <A u, r> = <u, A'r>, with and without the prior, from any layer on", () => {
  const check = (spec: NetworkSpec) => {
    const x = numbers(inputLength(spec), 7);
    for (const [prior, from] of [
      [false, 0],
      [true, 0],
      [false, spec.layers.length - 1],
    ] as const) {
      const { operator, forward, back } = operatorOf(spec, x, prior, from);
      const r = numbers(operator.values, 8);
      // variables of the prior have gaps, which must be zero: what comes back is zero there
      const u = prior || from > 0 ? back(numbers(operator.values, 9)) : numbers(operator.variables, 9);
      const [q, g] = [forward(u), back(r)];
      const size = norm(q) * norm(r) + norm(u) * norm(g);
      assert.ok(Math.abs(dot(q, r) - dot(u, g)) <= 1e-6 * size, `${dot(q, r)}, ${dot(u, g)}, of ${size}`);
    }
  };
  forAllNetworks(check, 60);
});

test("A is, entry by entry, the matrix of the float64 reference at the same switches, and its affine part that of its biases", () => {
  const check = (spec: NetworkSpec) => {
    if (inputLength(spec) > 150) return;
    const { operator, code, forward, rest } = operatorOf(spec, numbers(inputLength(spec), 10), false);
    const layers = referenceOf(spec);
    const { rows, b } = systemOf(layers, code.switches);
    const columns = Array.from({ length: operator.variables }, (_, j) => {
      return forward(new Float32Array(operator.variables).fill(1, j, j + 1));
    });
    const found = Float64Array.from(rows.flatMap((_, i) => columns.map((column) => column[i]!)));
    const expected = Float64Array.from(rows.flatMap((row) => [...row]));
    assert.ok(relativeDistance(found, expected) < 1e-6, String(relativeDistance(found, expected)));
    const nothing = new Float32Array(operator.variables);
    const affine = rest(new Float32Array(operator.values));
    const size = norm(magnitudes(layers, code.switches, nothing).at(-1)!);
    assert.ok(norm(affine.map((value, i) => value + b[i]!)) <= 1e-6 * size);
  };
  fc.assert(fc.property(networkSpecs, check), SEEDED);
});

test("at the input itself A x and the affine part are the values of its code, and nothing is left to explain", () => {
  forAllNetworks((spec) => {
    const x = numbers(inputLength(spec), 11);
    const { code, operator, forward, rest } = operatorOf(spec, x, false);
    const size = norm(magnitudes(referenceOf(spec), code.switches, x).at(-1)!);
    assert.ok(norm(rest(code.values, x)) <= 1e-6 * size, `${norm(rest(code.values, x)) / size}`);
    const affine = rest(new Float32Array(operator.values));
    const left = forward(x).map((value, i) => code.values[i]! - (value - affine[i]!));
    assert.ok(norm(left) <= 1e-6 * size, `${norm(left) / size}`);
  }, 60);
});

test.run();
