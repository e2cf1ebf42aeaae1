// The playground's engine: a picture there and back.

import { readFileSync } from "node:fs";
import { type Code, createLayerSync, estimateMemory, fromImageData, type Layer, toImageData } from "unpool";
import { psnr, relativeError } from "unpool/analysis";
import { parseSync, serialiseSync } from "unpool/code";
import { scene } from "unpool/scene";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { digestOf } from "../site/engine/digest.js";
import { DIFFERENCE_GAIN, type Pixels } from "../site/engine/messages.js";
import { randomMagnitudes } from "../site/engine/random-magnitudes.js";
import { type Knobs, type Method, type Stored, specOf, USUAL } from "../site/state/knobs.js";
import { knobsOf, PRESETS } from "../site/state/presets.js";
import { answersTo, DIGESTS, failureOf, framesOf, inverted, only, summaryOf } from "./site-answers.js";
import { numbers } from "./support.js";

const DOCUMENT = readFileSync("docs/playground.md", "utf8");

/** The relative error of a preset, as the document gives it. */
const documented = (title: string) =>
  new RegExp(`^\\| ${title} \\|.*\\| (\\S+) \\|$`, "m").exec(DOCUMENT)?.[1];

/** A quick picture. */
const SMALL: Partial<Knobs> = { size: 40, filters: 12, iterations: 12 };

const layerOf = (knobs: Partial<Knobs>, size = { height: knobs.size!, width: knobs.size! }): Layer =>
  createLayerSync(specOf({ ...USUAL, ...knobs }, size));

const sceneOf = ({ size }: Partial<Knobs>) => scene(size!, size!, 0);

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

for (const preset of PRESETS) {
  test(`the preset “${preset.title}” comes to the error that is documented and to the digest of every host`, async () => {
    const answers = await answersTo({ kind: "invert", knobs: knobsOf(preset) });
    const { error, digest, expected, iterations, ssim } = summaryOf(answers);
    const rounded = error! < 1e-3 ? error!.toExponential(1) : String(Number(error!.toPrecision(2)));
    assert.is(rounded, documented(preset.title));
    assert.is(digest, DIGESTS[preset.name]);
    assert.is(expected, digest);
    assert.is(framesOf(answers).at(-1)!.iteration, iterations);
    assert.ok(ssim! > 0 && ssim! <= 1);
  });
}

test("picture and code come first, then a frame a step, then how it went", async () => {
  const answers = await inverted(SMALL);
  const { iterations, stopped, solver, milliseconds, memoryBytes } = summaryOf(answers);
  const kinds = answers.map(({ kind }) => kind);
  assert.equal(kinds, ["picture", "code", ...Array(iterations + 1).fill("frame"), "done"]);
  const frames = framesOf(answers);
  assert.equal(
    frames.map(({ iteration }) => iteration),
    [...Array.from({ length: iterations }, (_, i) => i + 1), iterations],
  );
  assert.equal([iterations, stopped, solver], [12, "iterations", "hybrid"]);
  assert.ok(milliseconds > 0);
  assert.is(memoryBytes, layerOf(SMALL).memoryBytes);
  assert.equal(only(answers, "picture")[0]!.pixels, toImageData(sceneOf(SMALL), 40, 40));
});

test("errors fall from frame to frame, and the last frame is the result", async () => {
  const knobs = { ...SMALL, filters: 32, iterations: 100 };
  const answers = await inverted(knobs);
  const frames = framesOf(answers);
  for (let i = 10; i < frames.length - 1; ++i) {
    assert.ok(frames[i]!.error! < frames[i - 10]!.error!, `error ${i} is ${frames[i]!.error}`);
    assert.ok(frames[i]!.residual < frames[i - 10]!.residual, `residual ${i} is ${frames[i]!.residual}`);
  }
  const layer = layerOf(knobs);
  const x = sceneOf(knobs);
  const result = layer.decode(layer.encode(x), { iterations: 100 });
  const last = frames.at(-1)!;
  const { digest, error } = summaryOf(answers);
  assert.is(digest, digestOf(result));
  assert.is(last.error, error);
  assert.is(last.error, relativeError(result, x));
  assert.is(last.psnr, psnr(result, x));
  assert.equal(last.pixels, toImageData(result, 40, 40));
});

test("a frame after some steps is what a run of so many steps comes to", async () => {
  const answers = await inverted({ ...SMALL, method: "scaled" });
  const { pixels, difference, largest } = framesOf(answers)[4]!;
  const x = sceneOf(SMALL);
  const layer = layerOf(SMALL);
  const frames: Float32Array[] = [];
  layer.decode(layer.encode(x), {
    ...{ method: "scaled", iterations: 12 },
    onStep: (_, __, current) => frames.push(current()),
  });
  assert.equal(pixels, toImageData(frames[4]!, 40, 40));
  const far = frames[4]!.map((value, i) => DIFFERENCE_GAIN * Math.abs(value - x[i]!));
  assert.equal(difference, toImageData(far, 40, 40));
  assert.is(Math.fround(DIFFERENCE_GAIN * largest!), Math.max(...far));
});

test("own pixels are worked on at their size, and no digest is expected of them", async () => {
  const x = scene(33, 21, 5);
  const pixels: Pixels = toImageData(x, 33, 21);
  const answers = await inverted({ filters: 16 }, pixels);
  const { digest, expected, ssim } = summaryOf(answers);
  const layer = layerOf({ filters: 16 }, { height: 21, width: 33 });
  assert.is(digest, digestOf(layer.decode(layer.encode(fromImageData(pixels)), { iterations: 100 })));
  assert.is(expected, undefined);
  assert.ok(ssim! > 0.99);
  const { view } = only(answers, "code")[0]!;
  assert.equal([view.shape, view.rows, view.unknowns], [[16, 10, 16], 16 * 10 * 16, 3 * 21 * 33]);
  const usual = await inverted({ size: 96 });
  assert.is(summaryOf(usual).expected, undefined, "no preset has this size");
});

test("a picture smaller than the window of SSIM has none", async () => {
  const pixels: Pixels = toImageData(scene(10, 30), 10, 30);
  assert.is(summaryOf(await inverted({ filters: 8 }, pixels)).ssim, undefined);
});

for (const values of ["float32", "float16", "int8", "int6", "int4"] as Stored[]) {
  test(`what is decoded of values stored as ${values} is what the file holds, with its noise`, async () => {
    const answers = await inverted({ ...SMALL, values });
    const layer = layerOf(SMALL);
    const code = layer.encode(sceneOf(SMALL));
    const options = { values, colour: "rgb" } as const;
    const file = serialiseSync(code, specOf({ ...USUAL, ...SMALL }, { height: 40, width: 40 }), options);
    assert.equal(new Uint8Array(only(answers, "code")[0]!.view.file), file);
    const { code: parsed, noise } = parseSync(file);
    assert.is(noise > 0, values !== "float32");
    const result = layer.decode(parsed as Code, { noise, iterations: 12 });
    assert.is(summaryOf(answers).digest, digestOf(result));
  });
}

test("random magnitudes have the norm and the signs of the values, and zeros stay zeros", () => {
  const values = numbers(5000, 3).map((value, i) => (i % 3 === 0 ? 0 : 7 * value));
  const random = values.slice();
  randomMagnitudes(random, 4);
  assert.ok(Math.abs(norm(random) / norm(values) - 1) < 1e-6);
  for (let i = 0; i < values.length; ++i) assert.is(Math.sign(random[i]!), Math.sign(values[i]!), `${i}`);
  // uniform: the mean square is a third of the largest
  const largest = random.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const share = norm(random) ** 2 / (random.filter((value) => value !== 0).length * largest ** 2);
  assert.ok(Math.abs(share - 1 / 3) < 0.02, `${share}`);
  const other = values.slice();
  randomMagnitudes(other, 5);
  assert.not.equal(other, random);
  const nothing = new Float32Array(9);
  randomMagnitudes(nothing, Number.MAX_SAFE_INTEGER);
  assert.equal(nothing, new Float32Array(9));
});

for (const rectifier of ["none", "relu", "crelu"] as const) {
  test(`with random values the file holds those that are decoded; rectifier ${rectifier}`, async () => {
    const knobs = { ...SMALL, rectifier, magnitudes: "random" } as const;
    const answers = await inverted(knobs);
    const { view } = only(answers, "code")[0]!;
    const code = parseSync(new Uint8Array(view.file)).code as Code;
    const layer = layerOf(knobs);
    const own = layer.encode(sceneOf(knobs));
    assert.equal(code.values.map(Math.sign), own.values.map(Math.sign));
    assert.not.equal(code.values, own.values);
    assert.is(
      view.rows,
      rectifier === "none" ? own.values.length : own.values.filter((value) => value !== 0).length,
    );
    // random magnitudes are no maxima: what exceeds them is no violation
    const result = layer.decode(code, { iterations: 12, inequalities: false });
    assert.is(summaryOf(answers).digest, digestOf(result));
  });
}

for (const method of ["iht", "niht", "htp", "cgiht", "cosamp", "fista"] as Method[]) {
  test(`${method} shows the picture of its sparse code after each step, and stores what it found`, async () => {
    const knobs = { ...SMALL, method, share: 10, values: "int8" } as const;
    const answers = await inverted(knobs);
    const kinds = answers.map(({ kind }) => kind);
    assert.equal(kinds.slice(-3), ["code", "frame", "done"], "the code is what the steps come to");
    const frames = framesOf(answers);
    assert.ok(frames.length > 3);
    const { view } = only(answers, "code")[0]!;
    const k = Math.floor((12 * 20 * 20) / 10);
    assert.ok(view.rows > 0 && view.rows <= k, `${view.rows} of ${k} non-zeros`);
    const { code } = parseSync(new Uint8Array(view.file));
    assert.is((code as Code).kind, "sparse");
    const result = layerOf(knobs).decode(code as Code);
    assert.is(summaryOf(answers).digest, digestOf(result));
    assert.equal(frames.at(-1)!.pixels, toImageData(result, 40, 40));
    // before it is rounded: near, and not the same
    const before = frames.at(-2)!;
    assert.is(before.iteration, summaryOf(answers).iterations);
    if (method !== "fista") assert.ok(Math.abs(before.error! - frames.at(-1)!.error!) < 0.02);
    assert.not.equal(before.pixels, frames.at(-1)!.pixels);
  });
}

test("one step has one frame, and its time is that of the step", async () => {
  const answers = await inverted({ ...SMALL, method: "synthesis" });
  const frames = framesOf(answers);
  assert.equal(
    frames.map(({ iteration }) => iteration),
    [1],
  );
  const { iterations, milliseconds } = summaryOf(answers);
  assert.is(iterations, 1);
  assert.ok(milliseconds > 0);
  assert.ok(frames[0]!.residual > 0 && frames[0]!.residual < 1);
});

test("what takes too much memory is refused with the numbers, before anything else", async () => {
  const answers = await inverted({ size: 512, filters: 256, pool: 1 });
  assert.is(answers.length, 1);
  const { code, message } = failureOf(answers);
  assert.is(code, "too-large");
  assert.match(message, /takes \d+ MiB of memory, .* under 512 MiB/);
  // the second layer of a sparse code counts: one such layer would do
  const knobs = { size: 512, filters: 100, pool: 1 };
  const one = estimateMemory(specOf({ ...USUAL, ...knobs }, { height: 512, width: 512 }));
  assert.ok(one < 2 ** 29 && 2 * one > 2 ** 29, `${one}`);
  assert.is(failureOf(await inverted({ ...knobs, method: "iht" })).code, "too-large");
});

test("what the library refuses is an answer with its code and its sentence", async () => {
  const pixels: Pixels = toImageData(scene(5, 4), 5, 4);
  const pool = failureOf(await inverted({ pool: 8 }, pixels));
  assert.is(pool.code, "invalid-spec");
  assert.match(pool.message, /the pooling region is 8 x 8, larger than .* 4 x 5/);
  const method = failureOf(await inverted({ ...SMALL, switches: "unknown", method: "scaled" }));
  assert.is(method.code, "invalid-option");
  assert.match(method.message, /estimated by “least squares” alone, not by “least squares, scaled”/);
  const short: Pixels = { width: 20, height: 20, data: new Uint8ClampedArray(100) };
  assert.is(failureOf(await inverted({}, short)).code, "invalid-input");
});

test("what should not have happened is a fault, and the worker lives on", async () => {
  const { code, message } = failureOf(await answersTo({ kind: "invert", knobs: undefined as never }));
  assert.is(code, "fault");
  assert.ok(message.length > 0);
  assert.ok(summaryOf(await inverted(SMALL)).digest);
});

test.run();
