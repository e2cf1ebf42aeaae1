// What the experiments count bits with, and what they make of pictures.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { adaptiveBits, planewiseBits } from "../experiments/paper/code-length.mjs";
import { pixelsOf, planesOf, pngBits, shrunk, throughJpeg } from "../experiments/paper/pictures.mjs";
import { psnr } from "../src/image/metrics.js";
import { scene } from "../src/image/scene.js";
import { SEEDED } from "./support.js";

const about = (actual: number, wanted: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - wanted) <= tolerance * Math.max(1, wanted), `${actual} is not ${wanted}`);

test("the adaptive code has the length of the coder's own probabilities, in any order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { maxLength: 60 }), (symbols) => {
      const counts = new Uint32Array(5);
      let bits = 0;
      symbols.forEach((symbol, length) => {
        bits -= Math.log2((counts[symbol]! + 0.5) / (length + 2.5));
        counts[symbol]! += 1;
      });
      about(adaptiveBits(counts), bits);
    }),
    SEEDED,
  );
});

test("the adaptive code pays for its learning and comes near the entropy, and one symbol for ever costs little", () => {
  const counts = [7000, 2000, 1000];
  const entropy = counts.reduce((sum, count) => sum - count * Math.log2(count / 10_000), 0);
  const bits = adaptiveBits(counts);
  assert.ok(bits > entropy && bits < entropy + 2 * Math.log2(10_000), `${bits} against ${entropy}`);
  assert.ok(adaptiveBits([10_000, 0]) < 10);
  assert.is(adaptiveBits([0, 0]), 0);
});

test("planes are coded each by itself, and what is not counted is not sent", () => {
  const symbols = [0, 0, 0, 1, 1, 1];
  about(planewiseBits(symbols, 2, 2), 2 * adaptiveBits([3, 0]));
  about(
    planewiseBits(symbols, 2, 2, (i) => i % 3 > 0),
    2 * adaptiveBits([2, 0]),
  );
});

const SIZE = 48;
/** The scene in 8 bits. */
const planes = scene(SIZE, SIZE, 1).map((value) => Math.round(255 * value) / 255);

test("planes become pixels and pixels planes again, and the fourth channel is full", () => {
  const pixels = pixelsOf(planes, SIZE, SIZE);
  assert.is(pixels.data.length, 4 * SIZE * SIZE);
  assert.ok(pixels.data.every((value, i) => i % 4 < 3 || value === 255));
  assert.equal(planesOf(pixels), planes);
});

test("a picture is shrunk to the means of squares, without the rest", () => {
  const data = Uint8Array.from({ length: 3 * 5 * 4 }, (_, i) => 4 * i);
  const small = shrunk({ data, width: 5, height: 4, channels: 3 }, 2);
  assert.equal([small.width, small.height, small.channels], [2, 2, 3]);
  const mean = (x: number, y: number, c: number) =>
    [0, 3, 15, 18].reduce((sum, step) => sum + data[3 * (5 * y + x) + c + step]! / 4, 0);
  const wanted = [0, 2].flatMap((y) =>
    [0, 2].flatMap((x) => [0, 1, 2].map((c) => Math.round(mean(x, y, c)))),
  );
  assert.equal(Array.from(small.data), wanted);
});

test("JPEG gains with its bits, and PNG takes fewer than the bare pixels", () => {
  const [coarse, fine] = [20, 95].map((quality) => throughJpeg(planes, SIZE, SIZE, quality));
  assert.ok(fine!.bits > coarse!.bits);
  assert.ok(psnr(fine!.planes, planes) > psnr(coarse!.planes, planes) + 3);
  assert.ok(psnr(coarse!.planes, planes) > 15);
  assert.ok(pngBits(planes, SIZE, SIZE) < 24 * SIZE * SIZE);
});

test.run();
