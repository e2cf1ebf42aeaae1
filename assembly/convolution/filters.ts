// The filters, kept twice: `rows` for single patches (channels innermost) and `blocks` for the fused
// analysis (filters innermost, in blocks of 8 or 4).

import { bias, blocks, rows, squares } from "../arena";
import {
  channels,
  filterRow,
  filterRowPadded,
  filters,
  filtersPadded,
  kernelHeight,
  kernelWidth,
  points,
} from "../geometry";
import { drawBlock, gaussian, STREAM_FILTERS } from "../random";
import { transformFilters } from "./winograd";

/** Bytes of one filter in `rows`. */
export function filterBytes(): usize {
  return (<usize>(kernelHeight * filterRowPadded)) << 2;
}

/** Filter k in `rows`. */
export function filterOf(k: i32): usize {
  return rows + <usize>k * filterBytes();
}

/** Byte offset in `rows` of filter k, row i, column j, channel c. */
function rowOffset(k: i32, c: i32, i: i32, j: i32): usize {
  return (<usize>((k * kernelHeight + i) * filterRowPadded + j * channels + c)) << 2;
}

/** Width of the block that begins where `left` filters are left. */
export function blockWidth(left: i32): i32 {
  return left >= 8 ? 8 : 4;
}

/**
 * Draws the filters of a seed: number e of the stream, in OIHW order, is N(0, 1) / sqrt(C kh kw),
 * computed in f64 and rounded once to f32 (the paper's scaling: rows of unit norm in expectation).
 * With `unitNorm` each filter is then divided by its norm, summed in f64 in OIHW order.
 */
export function drawFilters(seedLow: u32, seedHigh: u32, unitNorm: bool): void {
  const scale = 1.0 / sqrt<f64>(<f64>(channels * kernelHeight * kernelWidth));
  let e: u64 = 0;
  for (let k = 0; k < filters; ++k) {
    let energy: f64 = 0;
    for (let c = 0; c < channels; ++c) {
      for (let i = 0; i < kernelHeight; ++i) {
        for (let j = 0; j < kernelWidth; ++j) {
          if ((e & 3) == 0) drawBlock(e >> 2, STREAM_FILTERS, seedLow, seedHigh);
          const w = <f32>(gaussian(<i32>(e & 3)) * scale);
          energy += <f64>w * <f64>w;
          store<f32>(rows + rowOffset(k, c, i, j), w);
          ++e;
        }
      }
    }
    if (unitNorm) {
      const norm = sqrt<f64>(energy);
      const first = rows + <usize>k * filterBytes();
      for (let at = first; at < first + filterBytes(); at += 4) {
        store<f32>(at, <f32>(<f64>load<f32>(at) / norm));
      }
    }
  }
}

/** Makes `squares` and `blocks` from `rows`; call it whenever `rows` were written. */
export function packFilters(): void {
  for (let at: usize = 0; at < <usize>filters * filterBytes(); at += 4) {
    const w = load<f32>(rows + at);
    store<f32>(squares + at, w * w);
  }
  let to = blocks;
  for (let first = 0; first < filtersPadded; ) {
    const wide = blockWidth(filtersPadded - first);
    if (points > 0) {
      transformFilters(first, wide, to);
      to += (<usize>(wide * points * points * channels)) << 2;
      first += wide;
      continue;
    }
    for (let i = 0; i < kernelHeight; ++i) {
      for (let t = 0; t < filterRow; ++t) {
        for (let f = first; f < first + wide; ++f) {
          const from = rows + ((<usize>((f * kernelHeight + i) * filterRowPadded + t)) << 2);
          store<f32>(to, f < filters ? load<f32>(from) : 0);
          to += 4;
        }
      }
    }
    first += wide;
  }
}

/** No activation comes near the end of float32, 3.4e38, as long as |x| times a filter's sum of |w| stays under this. */
const ACTIVATION_LIMIT: f64 = 1e30;
/** Range of the largest sum of |w| in a filter, and of |bias|: squares of filters must not over- or underflow. */
const LARGEST_SUM: f64 = 1e12;
const SMALLEST_SUM: f64 = 1e-12;

/** Largest |x| of an input: ACTIVATION_LIMIT over the largest sum of |w| in one filter. */
export let inputLimit: f32 = 0;

/** Finds inputLimit. False if a weight or bias is not finite or the filters are out of range. */
export function measureFilters(): bool {
  let largest: f64 = 0;
  for (let k = 0; k < filters; ++k) {
    if (!(abs<f32>(load<f32>(bias + ((<usize>k) << 2))) <= <f32>LARGEST_SUM)) return false;
    const first = rows + <usize>k * filterBytes();
    let sum: f64 = 0;
    for (let at = first; at < first + filterBytes(); at += 4) sum += abs<f64>(<f64>load<f32>(at));
    if (!(sum <= LARGEST_SUM)) return false;
    largest = max<f64>(largest, sum);
  }
  if (largest > 0 && largest < SMALLEST_SUM) return false;
  inputLimit = <f32>(ACTIVATION_LIMIT / max<f64>(largest, 1));
  return true;
}
