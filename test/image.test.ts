// Pixels to planes and back, the measures of an error, the scene.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { psnr, relativeError } from "../src/image/metrics.js";
import { fromImageData, toImageData } from "../src/image/planes.js";
import { scene } from "../src/image/scene.js";

const SEED = { seed: 20 };

/** SHA-256 of the little-endian float32 planes of scene(224, 224, 0). */
const SCENE_DIGEST = "65d5bf7faa41ef8883770b6b1a10fa66fcbfd9c1d928d9a063f946478dcaae28";

const opaquePicture = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: 4 * width * height, maxLength: 4 * width * height })
      .map((data) => ({ data: data.map((value, i) => (i % 4 === 3 ? 255 : value)), width, height })),
  );

const numbers = (length: number) =>
  fc
    .array(fc.float({ min: -1, max: 2, noNaN: true }), { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values));

test("pixels survive the way to planes and back", () => {
  fc.assert(
    fc.property(opaquePicture, (picture) => {
      const { data } = toImageData(fromImageData(picture), picture.width, picture.height);
      assert.equal([...data], [...picture.data]);
    }),
    SEED,
  );
});

test("planes are red, green, blue, each divided by 255", () => {
  const planes = fromImageData({ data: Uint8Array.of(255, 0, 51, 9, 0, 102, 255, 9), width: 2, height: 1 });
  assert.equal(planes, Float32Array.of(1, 0, 0, 0.4, 0.2, 1));
});

test("one plane becomes grey, and what a display cannot show is clamped", () => {
  const { data } = toImageData(Float32Array.of(-1, 0.5, 7), 3, 1);
  assert.equal([...data], [0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
});

test("sizes that do not agree are refused with the numbers", () => {
  assert.throws(
    () => fromImageData({ data: new Uint8Array(7), width: 2, height: 1 }),
    /7 RGBA bytes.*need 8/,
  );
  assert.throws(() => toImageData(new Float32Array(5), 2, 1), /5 numbers.*need 6/);
  assert.throws(() => toImageData(new Float32Array(0), 0, 1), /0 x 1 pixels is impossible/);
});

test("the relative error of (1 + e) x is e", () => {
  fc.assert(
    fc.property(numbers(8), fc.integer({ min: -6, max: 6 }), (x, power) => {
      fc.pre(x.some((value) => Math.abs(value) > 1e-3));
      const e = 2 ** power;
      const estimate = x.map((value) => value + e * value);
      assert.ok(Math.abs(relativeError(estimate, x) / e - 1) < 1e-4);
    }),
    SEED,
  );
});

test("the relative error of zeros is 0 for zeros and infinite for anything else", () => {
  const zeros = new Float32Array(3);
  assert.is(relativeError(zeros, zeros), 0);
  assert.is(relativeError(Float32Array.of(0, 1, 0), zeros), Infinity);
});

test("an error of 1/10 everywhere is 20 dB", () => {
  const x = Float32Array.of(0.25, 0.5, 0.75);
  assert.ok(
    Math.abs(
      psnr(
        x.map((value) => value + 0.1),
        x,
      ) - 20,
    ) < 1e-5,
  );
});

test("PSNR is infinite for equal pictures, and for errors beyond black and white", () => {
  const x = Float32Array.of(0, 0.5, 1);
  assert.is(psnr(x, x), Infinity);
  assert.is(psnr(Float32Array.of(-3, 0.5, 9), x), Infinity);
});

test("PSNR does not care which picture is the true one, and is at least 0", () => {
  fc.assert(
    fc.property(numbers(6), numbers(6), (a, b) => {
      assert.is(psnr(a, b), psnr(b, a));
      assert.ok(psnr(a, b) >= 0);
    }),
    SEED,
  );
});

test("the scene has the same bits everywhere", () => {
  const planes = scene(224, 224, 0);
  assert.is(planes.length, 3 * 224 * 224);
  assert.is(createHash("sha256").update(new Uint8Array(planes.buffer)).digest("hex"), SCENE_DIGEST);
});

test("every pixel of a scene is covered, whatever its shape", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: 1, max: 24 }),
      fc.maxSafeNat(),
      (width, height, seed) => {
        const planes = scene(width, height, seed);
        assert.is(planes.length, 3 * width * height);
        assert.ok(planes.every((value) => value > 0 && value <= 1));
      },
    ),
    { ...SEED, numRuns: 30 },
  );
});

test("scenes of different seeds differ, also above 2^32", () => {
  const scenes = [0, 1, 2 ** 32, 2 ** 32 + 1].map((seed) => scene(8, 8, seed).join());
  assert.is(new Set(scenes).size, 4);
});

test("an impossible scene is refused with its numbers", () => {
  assert.throws(() => scene(0, 8), /0 x 8 pixels is impossible/);
  assert.throws(() => scene(1e5, 1e5), /100000 x 100000/);
  assert.throws(() => scene(8, 8, -1), /seed is -1/);
});

test.run();
