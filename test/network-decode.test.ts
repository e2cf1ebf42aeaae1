// Decoding through stacks: composite least squares against dense closed forms and single layers, and against going layer by
// layer.

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LayerSpec } from "../src/geometry.js";
import { scene } from "../src/image/scene.js";
import type { NetworkCode, NetworkDecodeOptions } from "../src/network/network.js";
import type { NetworkLayerSpec, NetworkSpec } from "../src/network/spec.js";
import { dot, type Matrix, norm, priorCovariance, smallestSolution, solvePositive } from "./closed-forms.js";
import { forward, magnitudes, noneOf, systemOf } from "./network-reference.js";
import { createNetworkSync, forAllNetworks, inputLength, referenceOf } from "./network-specs.js";
import { bits, numbers, relativeDistance, simd } from "./support.js";

const MAX3 = { type: "max", size: 3, stride: 2, ceil: true } as const;
const UNIT = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const COVARIANCE = [2, 0.9, 0.4, 0.9, 1, -0.3, 0.4, -0.3, 0.7];

/** Biases of both signs. */
function biases(filters: number, seed = 12): Float32Array {
  return numbers(filters, seed).map((value) => 0.3 * value);
}

/** The equations of a code: the rows of the composite A that count, and what they must give. */
function equationsOf(
  spec: NetworkSpec,
  { values, switches }: NetworkCode,
): { rows: Matrix; target: number[] } {
  const layers = referenceOf(spec);
  const { rows, b } = systemOf(layers, switches);
  const last = layers.at(-1)!;
  const counts = (i: number) => last.average || switches.at(-1)![i] !== noneOf(last);
  return {
    rows: rows.filter((_, i) => counts(i)),
    target: Array.from(values, (value, i) => value - b[i]!).filter((_, i) => counts(i)),
  };
}

/** The x of least |rows x - target|, for rows of full column rank. */
function leastSquares(rows: Matrix, target: ArrayLike<number>): Float64Array {
  const columns = Array.from(rows[0]!, (_, j) => Float64Array.from(rows, (row) => row[j]!));
  const gram = columns.map((column) => Float64Array.from(columns, (other) => dot(column, other)));
  return solvePositive(
    gram,
    columns.map((column) => dot(column, target)),
  );
}

function residualOf({ rows, target }: { rows: Matrix; target: number[] }, x: ArrayLike<number>): number {
  return norm(rows.map((row, i) => target[i]! - dot(row, x))) / norm(target);
}

const PICTURE = { channels: 3, height: 9, width: 8 };
const SMALL = { channels: 2, height: 7, width: 7 };

/** Far more values than the input has numbers, by every kind of pooling. */
const DETERMINED: readonly NetworkSpec[] = [
  {
    input: SMALL,
    layers: [
      { filters: 12, kernel: 3, padding: 1, rectifier: "crelu", bias: biases(12), seed: 1 },
      { filters: 64, kernel: 3, padding: 1, pool: 2, bias: biases(64), seed: 2 },
    ],
  },
  {
    input: SMALL,
    layers: [
      { filters: 48, kernel: 3, padding: 1, rectifier: "relu", pool: MAX3, bias: biases(48), seed: 3 },
      { filters: 80, kernel: 3, padding: 1, rectifier: "relu", bias: biases(80), seed: 4 },
    ],
  },
  {
    input: SMALL,
    layers: [
      { filters: 16, kernel: 3, padding: 2, seed: 5 },
      { filters: 24, kernel: 2, pool: { type: "average", size: 2, stride: 1 }, rectifier: "relu", seed: 6 },
      { filters: 32, kernel: 3, padding: 1, pool: 2, rectifier: "crelu", seed: 7 },
    ],
  },
  {
    input: { channels: 3, length: 30 },
    layers: [
      { filters: 24, kernel: 5, padding: 2, pool: 2, seed: 8 },
      {
        filters: 48,
        kernel: 3,
        padding: 1,
        pool: 3,
        normalise: { scale: biases(48, 3), shift: biases(48) },
        seed: 9,
      },
    ],
  },
];

/** Fewer values than the input has numbers, none twice. */
const OPEN: readonly NetworkSpec[] = [
  {
    input: PICTURE,
    layers: [
      { filters: 8, kernel: 3, pool: 2, bias: biases(8), seed: 1 },
      { filters: 9, kernel: 2, bias: biases(9), seed: 2 },
    ],
  },
  {
    input: PICTURE,
    layers: [
      { filters: 16, kernel: 3, padding: 1, pool: 2, rectifier: "relu", bias: biases(16), seed: 3 },
      { filters: 9, kernel: 3, rectifier: "crelu", bias: biases(9), seed: 4 },
    ],
  },
];

test("where the values determine the input the result is the dense least-squares solution, consistent or not", () => {
  for (const spec of DETERMINED) {
    const network = createNetworkSync(spec);
    const x = numbers(inputLength(spec), 6);
    const code = network.encode(x);
    const noisy = { ...code, values: code.values.map((v, at) => v * (1 + 0.05 * Math.sin(at * at))) };
    const equations = equationsOf(spec, noisy);
    const { rows, target } = equations;
    assert.ok(rows.length > 1.5 * x.length, `${rows.length} rows`);
    const expected = leastSquares(rows, target);
    const least = residualOf(equations, expected);
    for (const smoothness of [0, 1]) {
      const exact = relativeDistance(network.decode(code, { smoothness, iterations: 500 }), x);
      assert.ok(exact < 2e-6, String(exact));
      assert.is(network.report.stopped, "converged");
      const y = network.decode(noisy, { smoothness, iterations: 500 });
      // of a residual that stays a run ends when it falls by less than a thousandth: early, where it falls slowly
      const tolerance = [5e-3, 1e-2][smoothness]!;
      assert.ok(relativeDistance(y, expected) < tolerance, String(relativeDistance(y, expected)));
      const { residual, stopped } = network.report;
      assert.ok(residual >= least * (1 - 1e-6) && residual < least * (1 + 1e-3), `${residual}, ${least}`);
      assert.ok(Math.abs(residual - residualOf(equations, y)) < 1e-6);
      assert.is(stopped, "stagnated");
    }
  }
});

test("what the values leave open is what the prior likes best, as solved densely, and no residual is left", () => {
  const priors = (
    [
      [0, 0, UNIT],
      [1, 0.7, UNIT.map((v) => (v ? 1 : 0.7))],
      [0.5, COVARIANCE, COVARIANCE],
    ] as const
  ).map(([smoothness, correlation, mixing]) => ({
    covariance: priorCovariance({ geometry: PICTURE }, smoothness, mixing),
    options: { smoothness, correlation, iterations: 500 },
  }));
  for (const spec of OPEN) {
    const network = createNetworkSync(spec);
    const code = network.encode(numbers(inputLength(spec), 2));
    const equations = equationsOf(spec, code);
    assert.ok(equations.rows.length > 20 && equations.rows.length < 60, `${equations.rows.length} rows`);
    for (const { covariance, options } of priors) {
      const expected = smallestSolution(equations.rows, equations.target, covariance);
      const y = network.decode(code, options);
      assert.ok(relativeDistance(y, expected) < 2e-6, String(relativeDistance(y, expected)));
      assert.ok(residualOf(equations, y) < 5e-7, String(residualOf(equations, y)));
      assert.is(network.report.stopped, "converged");
    }
    const usual = bits(network.decode(code));
    assert.is(bits(network.decode(code, { smoothness: 1, correlation: 0.7 })), usual, "of a picture");
  }
});

test("a network of one layer decodes as that layer does in whitened variables", () => {
  const changes: Partial<NetworkLayerSpec>[] = [
    {},
    { rectifier: "relu", bias: biases(12) },
    { rectifier: "crelu", filters: 6, bias: biases(6) },
    { pool: "global", filters: 60 },
    { pool: [1, 3], stride: 2, padding: 1 },
  ];
  for (const change of changes) {
    const spec = { filters: 12, kernel: 3, pool: 2, seed: 5, ...change };
    const layer = simd.createLayerSync({ input: PICTURE, ...spec } as LayerSpec);
    const network = createNetworkSync({ input: PICTURE, layers: [spec] });
    const x = numbers(inputLength({ input: PICTURE, layers: [] }), 8);
    const [alone, code] = [layer.encode(x), network.encode(x)];
    const start = numbers(x.length, 3);
    for (const options of [{}, { start }, { smoothness: 0.5, correlation: COVARIANCE }]) {
      // float32 rounds alpha and beta there and not here, which the condition of A B magnifies at each iteration
      for (const [iterations, rounding] of [
        [1, 3e-7],
        [2, 3e-7],
        [3, 3e-6],
        [500, 2e-6],
      ] as const) {
        const common = { ...options, iterations, tolerance: 0 };
        const expected = layer.decode(alone, { ...common, method: "whitened", inequalities: false });
        const found = network.decode(code, common);
        assert.ok(
          relativeDistance(found, expected) < rounding,
          `after ${iterations}: ${relativeDistance(found, expected)}`,
        );
        if (iterations > 3) continue;
        // with a rectifier the layer leaves out products that do not count, and it books the one that a start costs
        if (!change.rectifier && !("start" in options)) {
          assert.ok(Math.abs(network.report.products - layer.report.products) < 1e-12);
        }
        for (const key of ["residuals", "gradients"] as const) {
          assert.ok(relativeDistance(network.report[key], layer.report[key]) < 1e-6, key);
        }
      }
    }
    const expected = layer.decode(alone, { method: "synthesis" });
    assert.ok(relativeDistance(network.decode(code, { method: "synthesis" }), expected) < 3e-7);
    assert.ok(Math.abs(network.report.step / layer.report.step - 1) < 1e-6);
  }
});

test("synthesis is one step along A'v, with the scale that fits the code best", () => {
  for (const spec of [...DETERMINED.slice(1, 3), ...OPEN]) {
    const network = createNetworkSync(spec);
    const code = network.encode(numbers(inputLength(spec), 7));
    const equations = equationsOf(spec, code);
    const { rows, target } = equations;
    const direction = Float64Array.from(rows[0]!, (_, j) =>
      rows.reduce((sum, row, i) => sum + row[j]! * target[i]!, 0),
    );
    const scale = dot(direction, direction) / norm(rows.map((row) => dot(row, direction))) ** 2;
    const y = network.decode(code, { method: "synthesis", iterations: 7 });
    const { report } = network;
    assert.ok(
      relativeDistance(
        y,
        direction.map((v) => scale * v),
      ) < 1e-6,
    );
    assert.ok(Math.abs(report.step / scale - 1) < 1e-6, `${report.step}, ${scale}`);
    assert.equal([report.method, report.iterations, report.solver], ["synthesis", 1, undefined]);
    assert.ok(Math.abs(report.residual - residualOf(equations, y)) < 1e-6);
  }
});

test("whatever the stack, the result is finite, and the residual that is reported is the result's and never rises", () => {
  forAllNetworks((spec) => {
    const network = createNetworkSync(spec);
    const code = network.encode(numbers(inputLength(spec), 9));
    const layers = referenceOf(spec);
    const [last, kept] = [layers.at(-1)!, code.switches.at(-1)!];
    const counts = (i: number) => last.average || kept[i] !== noneOf(last);
    const rest = (x: ArrayLike<number>) => {
      const made = forward(layers, code.switches, x, true);
      return norm(code.values.map((value, i) => (counts(i) ? value - made[i]! : 0)));
    };
    const scale = rest(new Float64Array(inputLength(spec)));
    for (const method of ["least-squares", "synthesis", "layer-by-layer"] as const) {
      const y = network.decode(code, { method, iterations: 8 });
      assert.ok(y.every(Number.isFinite), method);
      const { residual, residuals, iterations } = network.report;
      assert.ok(residuals.every(Number.isFinite), method);
      if (method === "layer-by-layer" || iterations === 0) continue;
      const rounding = 1e-5 + (1e-6 * norm(magnitudes(layers, code.switches, y).at(-1)!)) / scale;
      assert.ok(
        Math.abs(residual - rest(y) / scale) < rounding,
        `${method}: ${residual}, ${rest(y) / scale}`,
      );
      assert.ok(residuals.every((value, i) => value <= (residuals[i - 1] ?? 1) + rounding));
    }
  }, 60);
});

test("layer by layer is one least-squares problem after the other, each as solved densely", () => {
  // last to first: open, open, determined; what a rectifier cleared is known to be 0
  for (const rectifier of ["none", "relu", "crelu"] as const) {
    const layer = (filters: number, seed: number) => ({ filters, rectifier, bias: biases(filters), seed });
    const spec: NetworkSpec = {
      input: { channels: 2, height: 5, width: 5 },
      layers: [
        { ...layer(12, 1), kernel: 3, padding: 1 },
        { ...layer(16, 2), kernel: 2, pool: 2 },
        { ...layer(20, 3), kernel: 2 },
      ],
    };
    const network = createNetworkSync(spec);
    const x = numbers(inputLength(spec), 8);
    const { values, switches } = network.encode(x);
    const layers = referenceOf(spec);
    let target: ArrayLike<number> = values;
    for (let i = 2; i > 0; --i) {
      // the columns of entries that the layer before did not keep are left out
      const kept = (j: number) => switches[i - 1]![j] !== noneOf(layers[i - 1]!);
      const { rows, b } = systemOf([layers[i]!], [switches[i]!]);
      const counts = (row: number) => switches[i]![row] !== noneOf(layers[i]!);
      const found = smallestSolution(
        rows.filter((_, row) => counts(row)).map((row) => row.map((value, j) => (kept(j) ? value : 0))),
        Array.from(target, (value, row) => value - b[row]!).filter((_, row) => counts(row)),
        Array.from(rows[0]!, (_, j) => Float64Array.from(rows[0]!, (_, k) => (j === k ? 1 : 0))),
      );
      target = found;
    }
    const { rows, b } = systemOf([layers[0]!], [switches[0]!]);
    const counts = (row: number) => switches[0]![row] !== noneOf(layers[0]!);
    const expected = leastSquares(
      rows.filter((_, row) => counts(row)),
      Array.from(target, (value, row) => value - b[row]!).filter((_, row) => counts(row)),
    );
    const y = network.decode(
      { values, switches },
      { method: "layer-by-layer", iterations: 500, smoothness: 0 },
    );
    assert.ok(relativeDistance(y, expected) < 5e-3, String(relativeDistance(y, expected)));
    assert.ok(relativeDistance(y, x) > 0.5, "the least norm is not what a layer's input had");
  }
});

test("through the whole stack a picture comes back, layer by layer it does not", () => {
  // the centre of the built-in scene through 32 filters of 5 x 5 and 128 of 3 x 3, each pooled by 2 x 2
  const side = 32;
  const whole = scene(128, 128, 1);
  const x = new Float32Array(3 * side * side).map((_, i) => {
    const [c, row] = [Math.floor(i / side / side), Math.floor(i / side) % side];
    return whole[(c * 128 + row + 48) * 128 + (i % side) + 48]!;
  });
  for (const rectifier of ["none", "relu"] as const) {
    const network = createNetworkSync({
      input: { channels: 3, height: side, width: side },
      layers: [
        { filters: 32, kernel: 5, pool: 2, rectifier, seed: 1 },
        { filters: 128, kernel: 3, pool: 2, rectifier, seed: 2 },
      ],
    });
    const code = network.encode(x);
    const error = (method: NetworkDecodeOptions["method"], iterations: number) =>
      relativeDistance(network.decode(code, { method, iterations }), x);
    const [composite, each, oneStep] = [
      error("least-squares", 100),
      error("layer-by-layer", 50),
      error("synthesis", 1),
    ];
    // measured: 0.036, 0.56, 0.85; with relu 0.060, 0.68, 0.92
    assert.ok(composite < 0.1, `${rectifier}: ${composite}`);
    assert.ok(each > 5 * composite, `${rectifier}: ${composite}, ${each}`);
    assert.ok(oneStep > each, `${rectifier}: ${each}, ${oneStep}`);
  }
});

test.run();
