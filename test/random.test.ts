import { test } from "uvu";
import * as assert from "uvu/assert";
import simdProbe from "../build/kernel.probe.wasm";
import filterCases from "./fixtures/filters.json";
import philoxCases from "./fixtures/philox.json";
import { openProbe } from "./kernel/open.js";
import { simd } from "./support.js";

type Probe = {
  philoxBlock(to: number, ...words: number[]): void;
  normals(to: number, n: number, seed: number): void;
  logarithmOf(u: number): number;
  sineOf(a: number): number;
  cosineOf(a: number): number;
};

const probe = openProbe<Probe>(simdProbe);
const FREE = 4096;

test("Philox4x32-10 gives the known answers of Random123", () => {
  for (const { counter, key, output } of philoxCases) {
    probe.philoxBlock(FREE, ...[...counter, ...key].map((word) => Number.parseInt(word, 16)));
    const words = [...new Uint32Array(probe.memory.buffer, FREE, 4)];
    assert.equal(
      words.map((word) => word.toString(16).padStart(8, "0")),
      output,
    );
  }
});

test("filters of a seed are those that NumPy draws, bit for bit", async () => {
  for (const { seed, shape, unitNorm, bits } of filterCases) {
    const [filters, channels, height, width] = shape as [number, number, number, number];
    const layer = await simd.createLayer({
      input: { channels, height, width },
      filters,
      kernel: [height, width],
      seed,
      unitNorm,
    });
    const drawn = [...new Uint32Array(layer.weights.buffer)];
    assert.equal(
      drawn.map((word) => word.toString(16).padStart(8, "0")),
      bits,
      `seed ${seed}, ${shape.join(" x ")}`,
    );
  }
});

test("logarithm, sine and cosine agree with the host's to the last few bits", () => {
  for (let i = 1; i < 2000; ++i) {
    const u = (i + 0.5) / 2001;
    const a = ((i - 1000) / 1000) * (Math.PI / 4);
    assert.ok(Math.abs(probe.logarithmOf(u) - Math.log(u)) <= 4e-16 * Math.max(1, -Math.log(u)));
    assert.ok(Math.abs(probe.sineOf(a) - Math.sin(a)) <= 3e-16);
    assert.ok(Math.abs(probe.cosineOf(a) - Math.cos(a)) <= 3e-16);
  }
});

test("normal numbers have the moments of a normal distribution within sampling error", () => {
  const n = 7000;
  probe.normals(FREE, n, 11);
  const draws = new Float64Array(probe.memory.buffer, FREE, n);
  const moment = (power: number) => draws.reduce((sum, value) => sum + value ** power, 0) / n;
  // five standard errors of each
  assert.ok(Math.abs(moment(1)) < 5 / Math.sqrt(n));
  assert.ok(Math.abs(moment(2) - 1) < 5 * Math.sqrt(2 / n));
  assert.ok(Math.abs(moment(3)) < 5 * Math.sqrt(15 / n));
  assert.ok(Math.abs(moment(4) - 3) < 5 * Math.sqrt(96 / n));
});

test("with unitNorm every filter has norm 1, without it the mean square is 1", async () => {
  const spec = { input: { channels: 4, height: 9, width: 9 }, filters: 400, kernel: 5, seed: 3 };
  const energies = (weights: Float32Array) =>
    Array.from({ length: 400 }, (_, k) =>
      weights.subarray(100 * k, 100 * k + 100).reduce((sum, w) => sum + w * w, 0),
    );
  const unit = await simd.createLayer({ ...spec, unitNorm: true });
  for (const energy of energies(unit.weights)) assert.ok(Math.abs(energy - 1) < 1e-6);
  const plain = energies((await simd.createLayer(spec)).weights);
  const mean = plain.reduce((sum, energy) => sum + energy, 0) / 400;
  assert.ok(Math.abs(mean - 1) < 5 * Math.sqrt(2 / 100 / 400));
});

test("another seed draws other filters, and the high half of a seed counts", async () => {
  const spec = { input: { channels: 1, height: 3, width: 3 }, filters: 1, kernel: 3 };
  const drawn = [0, 1, 2 ** 32, 2 ** 33 + 1].map((seed) =>
    simd.createLayerSync({ ...spec, seed }).weights.join(),
  );
  assert.is(new Set(drawn).size, 4);
});

test.run();
