// Analysis by the fast convolution: the points of four regions make a panel, and a region's products go straight to
// the code.

import { activations, batch, bias, blocks, panels, products } from "../arena";
import { channels, filters, filtersPadded, planes, points, pooledHeight, pooledWidth } from "../geometry";
import { poolSquares } from "../squares";
import { blockWidth } from "./filters";
import { regionPatch } from "./regions";
import { Again, Eight, Four, multiply, Onward, PRODUCTS, stepBytes } from "./tile";
import { transformBack, transformGroup } from "./winograd";

/** A block whose points take more bytes than this is used point by point, so that a point's filters stay near. */
const NEAR: i32 = 24 << 10;

/** Packs the points of `count` regions from `first` on: [point][group][channel][4]. */
function packPoints(image: usize, first: i32, count: i32): void {
  const groups = (count + 3) >> 2;
  const bytes: usize = <usize>channels * 16;
  const last = first + count - 1;
  for (let group = 0; group < groups; ++group) {
    const region = first + (group << 2);
    transformGroup(
      regionPatch(image, region),
      regionPatch(image, min<i32>(region + 1, last)),
      regionPatch(image, min<i32>(region + 2, last)),
      regionPatch(image, min<i32>(region + 3, last)),
      panels + <usize>group * bytes,
      <usize>groups * bytes,
    );
  }
}

/** Products [group][point][4][8] of `some` groups of the batch of `groups`, from group `from` on. */
function multiplyPoints<Wide>(w: usize, groups: i32, from: i32, some: i32): void {
  const count = points * points;
  const steps = <usize>channels;
  const panel: usize = steps * 16;
  const filterBytes = steps * stepBytes<Wide>();
  const hop = <usize>groups * panel;
  let first = panels + <usize>from * panel;
  if (some == 1) {
    multiply<Wide, Onward>(first, w, products, steps, count, hop, 0);
    return;
  }
  let to = products;
  for (let point = 0; point < count; ++point) {
    multiply<Wide, Again>(first, w, to, steps, some, panel, <usize>count * PRODUCTS);
    first += hop;
    w += filterBytes;
    to += PRODUCTS;
  }
}

export function analysePoints(image: usize, step: f32, previous: bool): void {
  const planeSize = <usize>(pooledHeight * pooledWidth);
  const mirrored = <usize>filters * planeSize;
  const square = points * points;
  for (let start = 0; start < <i32>planeSize; start += batch) {
    const count = min<i32>(batch, <i32>planeSize - start);
    const groups = (count + 3) >> 2;
    packPoints(image, start, count);
    let w = blocks;
    for (let first = 0; first < filtersPadded; ) {
      const wide = blockWidth(filtersPadded - first);
      const lanes = min<i32>(wide, filters - first);
      const addend: usize = previous ? 0 : bias + ((<usize>first) << 2);
      const blockBytes = square * channels * wide * 4;
      const some = blockBytes <= NEAR ? 1 : groups;
      for (let from = 0; from < groups; from += some) {
        if (wide == 8) multiplyPoints<Eight>(w, groups, from, some);
        else multiplyPoints<Four>(w, groups, from, some);
        for (let group = 0; group < some; ++group) {
          const region = (from + group) << 2;
          const here = min<i32>(4, count - region);
          const index = <usize>first * planeSize + <usize>(start + region);
          transformBack(products + <usize>(group * square) * PRODUCTS, activations);
          poolSquares(wide, here, index, lanes, planeSize, step, addend, previous);
          if (planes > filters)
            poolSquares(wide, here, index + mirrored, lanes, planeSize, -step, addend, previous);
        }
      }
      w += <usize>blockBytes;
      first += wide;
    }
  }
}
