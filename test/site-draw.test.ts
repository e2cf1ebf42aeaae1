// The playground's engine: codes and filters as pictures.

import type { Code } from "unpool";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { atlasOf } from "../site/engine/atlas.js";
import { drawFilters, drawSwitches, drawValues, positionColours } from "../site/engine/draw.js";
import type { Atlas } from "../site/engine/messages.js";
import { numbers } from "./support.js";

/** Red, green, blue and opacity of a pixel of a picture of an atlas. */
function pixelOf({ pixels, columns, height, width }: Atlas, picture: number, y: number, x: number): number[] {
  const column = picture % columns;
  const row = Math.floor(picture / columns);
  const at = 4 * ((row * (height + 1) + y) * pixels.width + column * (width + 1) + x);
  return [...pixels.data.subarray(at, at + 4)];
}

const number = (picture: number, pixel: number, data: Uint8ClampedArray, at: number) => {
  data.set([picture, pixel, 7], at);
};

test("pictures stand in a grid, a clear pixel apart, in about a square", () => {
  const shapes: [count: number, height: number, width: number][] = [
    [1, 5, 5],
    [3, 4, 6],
    [32, 96, 96],
    [64, 1, 1],
    [12, 30, 4],
    [40, 1, 64],
    [200, 8, 8],
  ];
  for (const [pictures, height, width] of shapes) {
    const atlas = atlasOf(pictures, height, width, number);
    const { pixels, count, columns } = atlas;
    assert.is(count, Math.min(64, pictures));
    const rows = Math.ceil(count / columns);
    assert.equal([pixels.width, pixels.height], [columns * (width + 1) - 1, rows * (height + 1) - 1]);
    assert.is(pixels.data.length, 4 * pixels.width * pixels.height);
    const side = Math.max(height, width) + 1;
    assert.ok(Math.abs(pixels.width - pixels.height) <= 2 * side, `${pixels.width} x ${pixels.height}`);
    for (const picture of [0, count >> 1, count - 1]) {
      for (const [y, x] of [
        [0, 0],
        [height - 1, width - 1],
      ] as const) {
        assert.equal(
          pixelOf(atlas, picture, y, x),
          [picture, y * width + x, 7, 255].map((c) => Math.min(255, c)),
        );
      }
    }
    const opaque = pixels.data.filter((_, i) => i % 4 === 3).reduce((sum, a) => sum + (a === 255 ? 1 : 0), 0);
    assert.is(opaque, count * height * width, "what is between the pictures is clear");
  }
});

test("of large planes there are fewer, and always one", () => {
  assert.is(atlasOf(64, 512, 512, number).count, 16);
  assert.is(atlasOf(64, 2048, 2049, number).count, 1);
});

test("four positions have four colours, which differ in lightness as well", () => {
  const colours = positionColours([2, 2]);
  const lightness = [0, 1, 2, 3].map((position) => {
    const [red, green, blue] = colours.subarray(3 * position, 3 * position + 3);
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  });
  lightness.sort((one, other) => one - other);
  for (let i = 1; i < 4; ++i) assert.ok(lightness[i]! - lightness[i - 1]! > 15, `${lightness}`);
});

test("larger regions lie smoothly between the corners, and no two positions look the same", () => {
  for (const [height, width] of [
    [8, 8],
    [3, 5],
    [1, 28],
    [4, 1],
  ] as const) {
    const colours = positionColours([height, width]);
    const seen = new Set<string>();
    const at = (y: number, x: number) => [...colours.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
    for (let y = 0; y < height; ++y) for (let x = 0; x < width; ++x) seen.add(at(y, x).join());
    assert.is(seen.size, height * width);
    assert.equal(at(0, 0), [...positionColours([2, 2]).subarray(0, 3)]);
    if (height > 1 && width > 1)
      assert.equal(at(height - 1, width - 1), [...positionColours([2, 2]).subarray(9)]);
  }
  assert.is(positionColours([1, 1]).length, 3);
});

test("values are warm or cool by sign, all planes on one scale, and zero is dark", () => {
  // planes: one small, one large
  const values = Float32Array.of(0.25, -0.25, 0, 0, 1, -1, 0, 0);
  const atlas = drawValues(values, [2, 2, 2]);
  const [small, smallNegative, zero] = [
    pixelOf(atlas, 0, 0, 0),
    pixelOf(atlas, 0, 0, 1),
    pixelOf(atlas, 0, 1, 0),
  ];
  const [large, largeNegative] = [pixelOf(atlas, 1, 0, 0), pixelOf(atlas, 1, 0, 1)];
  assert.ok(large[0]! > large[2]! && largeNegative[2]! > largeNegative[0]!);
  for (const c of [0, 1, 2]) {
    // the root of a quarter is a half
    assert.ok(Math.abs(small[c]! - (zero[c]! + large[c]!) / 2) <= 1);
    assert.ok(Math.abs(smallNegative[c]! - (zero[c]! + largeNegative[c]!) / 2) <= 1);
    assert.ok(zero[c]! < 50);
  }
  const nothing = drawValues(new Float32Array(4), [1, 2, 2]);
  assert.equal(pixelOf(nothing, 0, 0, 0), zero);
});

test("switches are coloured by position; where nothing was kept it is dark", () => {
  const code: Code = {
    values: Float32Array.of(1, -1, 2, 0, 3),
    switches: Uint8Array.of(0, 1, 2, 3, 4),
  };
  const colours = positionColours([2, 2]);
  const dark = pixelOf(drawValues(new Float32Array(1), [1, 1, 1]), 0, 0, 0);
  const all = drawSwitches(code, [5, 1, 1], [2, 2], false);
  const kept = drawSwitches(code, [5, 1, 1], [2, 2], true);
  for (let position = 0; position < 4; ++position) {
    const colour = [...colours.subarray(3 * position, 3 * position + 3), 255];
    assert.equal(pixelOf(all, position, 0, 0), colour);
    assert.equal(pixelOf(kept, position, 0, 0), position === 3 ? dark : colour);
  }
  assert.equal(pixelOf(all, 4, 0, 0), dark, "a network's mark that no entry was positive");
});

test("filters are pictures around mid-grey, on one scale", () => {
  const weights = numbers(8 * 3 * 25, 2);
  weights[0] = 2;
  const atlas = drawFilters(weights, 3, [5, 5])!;
  assert.equal([atlas.count, atlas.height, atlas.width], [8, 5, 5]);
  const level = (weight: number) => Uint8ClampedArray.of(127.5 + (127.5 * weight) / 2)[0];
  assert.is(pixelOf(atlas, 0, 0, 0)[0], 255);
  for (const [filter, y, x] of [
    [3, 1, 2],
    [7, 4, 4],
  ] as const) {
    const channels = [0, 1, 2].map((c) => level(weights[((filter * 3 + c) * 5 + y) * 5 + x]!));
    assert.equal(pixelOf(atlas, filter, y, x), [...channels, 255]);
  }
  const grey = pixelOf(drawFilters(weights, 1, [5, 5])!, 1, 0, 0);
  assert.equal(grey, [level(weights[25]!), level(weights[25]!), level(weights[25]!), 255]);
  assert.is(drawFilters(weights, 2, [5, 5]), undefined);
});

test.run();
