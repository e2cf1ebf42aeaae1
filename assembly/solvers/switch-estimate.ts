// Switches that nobody sent: an estimate of them from an estimate of x.
//
// A region's switch is the position of the entry that, with the sign of its value, is the largest under x. The pool
// residual E = |max - |v|| / |v| is what the code says of x without its switches: the decoder's own measure of success.

import { band, best, inputLength, values, x } from "../arena";
import { surveyPlane } from "../convolution/survey";
import { planes, pooledHeight, pooledWidth, positions, RECTIFIER_NONE, rectifier } from "../geometry";
import { codeSize, loadSwitch, storeSwitch } from "../pooling";
import { norm } from "../vector";
import { biasOf, codeFloats } from "./target";

/** E of the x that was looked at last, and the least so far, whose x is in `best`. */
export let poolResidual: f64 = 0;
export let leastPoolResidual: f64 = Infinity;

let moved: i32 = 0;

/** Before the first estimate. */
export function forgetEstimates(): void {
  leastPoolResidual = Infinity;
}

/** Takes the switches that x gives the regions, and x as the best so far if its E is the least; returns how many moved. */
export function estimateSwitches(): i32 {
  let sum: f64 = 0;
  moved = 0;
  for (let row = 0; row < pooledHeight; ++row) {
    for (let plane = 0; plane < planes; ++plane) {
      surveyPlane(x, row, plane);
      const first = (plane * pooledHeight + row) * pooledWidth;
      for (let column = 0; column < pooledWidth; ++column) {
        sum += estimate(first + column, column, biasOf(plane));
      }
    }
  }
  const size = norm(values, codeFloats());
  poolResidual = size > 0 ? sqrt<f64>(sum) / size : 0;
  if (poolResidual < leastPoolResidual) {
    leastPoolResidual = poolResidual;
    memory.copy(best, x, (<usize>(<i32>inputLength)) << 2);
  }
  return moved;
}

/** x = the best so far. */
export function takeBest(): void {
  memory.copy(x, best, (<usize>(<i32>inputLength)) << 2);
}

/** Sets one switch; returns the squared difference of its entry and its value. */
function estimate(index: i32, column: i32, shift: f32): f64 {
  const value = load<f32>(values + ((<usize>index) << 2));
  const sign: f32 = value < 0 ? -1 : 1;
  let largest: f32 = -Infinity;
  let kept = 0;
  for (let position = 0; position < positions; ++position) {
    const h = sign * (load<f32>(band + ((<usize>(position * pooledWidth + column)) << 2)) + shift);
    if (h > largest) {
      largest = h;
      kept = position;
    }
  }
  if (loadSwitch(<usize>index) != <u32>kept) ++moved;
  storeSwitch(<usize>index, kept);
  if (rectifier != RECTIFIER_NONE) largest = max<f32>(largest, 0);
  const difference = <f64>(largest - abs<f32>(value));
  return difference * difference;
}

/** The same position in every region: fixed switches, and where the estimates begin. */
export function fixEverySwitch(position: i32): void {
  const n = codeSize();
  for (let i = 0; i < n; ++i) storeSwitch(<usize>i, position);
}
