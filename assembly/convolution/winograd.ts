// Fast convolution for pooling regions of 2 x 2: both outputs of an axis from fewer products than two dot products.
//
// Along one axis a filter g of n taps gives two neighbouring outputs y0, y1 of the samples d:
//
//   three taps, 4 products instead of 6 (Winograd, Arithmetic Complexity of Computations, 1980, F(2, 3)):
//     m0 = (d0 - d2) g0                    y0 = m0 + m1 + m2
//     m1 = (d1 + d2) (g0 + g1 + g2) / 2    y1 = m1 - m2 - m3
//     m2 = (d2 - d1) (g0 - g1 + g2) / 2
//     m3 = (d1 - d3) g2
//   two taps, 3 products instead of 4:
//     m0 = (d0 - d1) g0                    y0 = m0 + m1
//     m1 = d1 (g0 + g1)                    y1 = m1 - m2
//     m2 = (d1 - d2) g1
//
// More taps are a triple, if their number is odd, and pairs behind it; two axes are nested. 3 x 3 then takes 16
// products a region instead of 36, 5 x 5 takes 49 instead of 100. A region of 2 x 2 outputs is one pooling region,
// so pooling stays fused. Products of C channels are summed before the way back (Lavin and Gray, Fast Algorithms
// for Convolutional Neural Networks, 2016): a matrix product at each point, done by the micro-kernel of tile.ts.
//
// All transforms are sums and differences (the halves are folded into the filters, in f64), so rounding stays that of
// a direct sum relative to |w| |x| of a patch, though not product by product; and differences of equal samples are
// exactly zero, so the positions of a flat area tie exactly. Equal patches elsewhere tie up to rounding only.

import { halfway, products, rows, window } from "../arena";
import { channels, filterRowPadded, filters, kernelHeight, kernelWidth, points } from "../geometry";
import { interleave } from "./panel";
import { PATCH_PRODUCTS, PRODUCTS } from "./tile";

/** One text for both builds: T is v128 or f32. */
function add<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.add(a, b);
  else return a + b;
}

function subtract<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.sub(a, b);
  else return a - b;
}

/** Samples of one axis, `step` bytes apart, to its points, `hop` bytes apart. */
function forward<T>(from: usize, step: usize, to: usize, hop: usize, taps: i32): void {
  if (taps & 1) {
    const d1 = load<T>(from + step);
    const d2 = load<T>(from + 2 * step);
    store<T>(to, subtract<T>(load<T>(from), d2));
    store<T>(to + hop, add<T>(d1, d2));
    store<T>(to + 2 * hop, subtract<T>(d2, d1));
    store<T>(to + 3 * hop, subtract<T>(d1, load<T>(from + 3 * step)));
    from += 3 * step;
    to += 4 * hop;
  }
  for (let pair = (taps >> 1) - (taps & 1); pair > 0; --pair) {
    const d1 = load<T>(from + step);
    store<T>(to, subtract<T>(load<T>(from), d1));
    store<T>(to + hop, d1);
    store<T>(to + 2 * hop, subtract<T>(d1, load<T>(from + 2 * step)));
    from += 2 * step;
    to += 3 * hop;
  }
}

/** The points of the patches at p0..p3 to `to`: [point][channel][4], `hop` bytes from one point to the next. */
export function transformGroup(p0: usize, p1: usize, p2: usize, p3: usize, to: usize, hop: usize): void {
  interleave(p0, p1, p2, p3, kernelHeight + 1, (<usize>((kernelWidth + 1) * channels)) << 2, window);
  if (ASC_FEATURE_SIMD) transformWindow<v128>(to, hop);
  else transformWindow<f32>(to, hop);
}

function transformWindow<T>(to: usize, hop: usize): void {
  const pixel = <usize>channels * 16;
  const line = pixel * <usize>(kernelWidth + 1);
  for (let t: usize = 0; t < line; t += <usize>sizeof<T>()) {
    forward<T>(window + t, line, halfway + t, line, kernelHeight);
  }
  for (let y: usize = 0; y < <usize>points; ++y) {
    const row = to + y * <usize>points * hop;
    for (let c: usize = 0; c < pixel; c += <usize>sizeof<T>()) {
      forward<T>(halfway + y * line + c, pixel, row + c, hop, kernelWidth);
    }
  }
}

/** The number of taps as a type: the way back is unrolled. Products of one axis: 4, 7, 10. */
type Three = u8;
type Five = u16;
type Seven = u32;

/** Points of one axis, a row of products apart, back to two outputs `apart` bytes apart. */
function fold<T, Taps>(m: usize, to: usize, apart: usize): void {
  const m1 = load<T>(m, 128 * (4 + 3 * (sizeof<Taps>() >> 1)));
  const m2 = load<T>(m, 256 * (4 + 3 * (sizeof<Taps>() >> 1)));
  let y0 = add<T>(add<T>(load<T>(m), m1), m2);
  let y1 = subtract<T>(subtract<T>(m1, m2), load<T>(m, 384 * (4 + 3 * (sizeof<Taps>() >> 1))));
  if (sizeof<Taps>() > 1) {
    const n1 = load<T>(m, 640 * (4 + 3 * (sizeof<Taps>() >> 1)));
    y0 = add<T>(y0, add<T>(load<T>(m, 512 * (4 + 3 * (sizeof<Taps>() >> 1))), n1));
    y1 = add<T>(y1, subtract<T>(n1, load<T>(m, 768 * (4 + 3 * (sizeof<Taps>() >> 1)))));
  }
  if (sizeof<Taps>() > 2) {
    const n1 = load<T>(m, 1024 * (4 + 3 * (sizeof<Taps>() >> 1)));
    y0 = add<T>(y0, add<T>(load<T>(m, 896 * (4 + 3 * (sizeof<Taps>() >> 1))), n1));
    y1 = add<T>(y1, subtract<T>(n1, load<T>(m, 1152 * (4 + 3 * (sizeof<Taps>() >> 1)))));
  }
  store<T>(to, y0);
  store<T>(to + apart, y1);
}

/** From products [point][4][8] of one group to activations [4 regions][4 positions][8]. */
export function transformBack(from: usize, out: usize): void {
  if (ASC_FEATURE_SIMD) outputsOf<v128>(from, out);
  else outputsOf<f32>(from, out);
}

function outputsOf<T>(from: usize, out: usize): void {
  if (kernelHeight == 3) outputs<T, Three>(from, out);
  else if (kernelHeight == 5) outputs<T, Five>(from, out);
  else outputs<T, Seven>(from, out);
}

function outputs<T, Taps>(from: usize, out: usize): void {
  const line = PRODUCTS * (4 + 3 * (sizeof<Taps>() >> 1));
  // down the columns of points, to two lines of points
  let to = halfway;
  for (const end = from + line; from < end; to += line - PRODUCTS) {
    for (
      const column = from + PRODUCTS;
      from < column;
      from += <usize>sizeof<T>(), to += <usize>sizeof<T>()
    ) {
      fold<T, Taps>(from, to, PRODUCTS);
    }
  }
  // along each line
  from = halfway;
  for (let y: usize = 0; y < 2; ++y) {
    to = out + y * 2 * PATCH_PRODUCTS;
    for (const group = from + PRODUCTS; from < group; to += PRODUCTS - PATCH_PRODUCTS) {
      for (
        const region = from + PATCH_PRODUCTS;
        from < region;
        from += <usize>sizeof<T>(), to += <usize>sizeof<T>()
      ) {
        fold<T, Taps>(from, to, PATCH_PRODUCTS);
      }
    }
  }
}

/** Taps of one axis, in f64 and 8 bytes x `step` apart, to its points, `hop` numbers apart. */
function forwardFilter(from: usize, step: usize, to: usize, hop: usize, taps: i32): void {
  step <<= 3;
  hop <<= 3;
  if (taps & 1) {
    const g0 = load<f64>(from);
    const g1 = load<f64>(from + step);
    const g2 = load<f64>(from + 2 * step);
    store<f64>(to, g0);
    store<f64>(to + hop, 0.5 * (g0 + g2 + g1));
    store<f64>(to + 2 * hop, 0.5 * (g0 + g2 - g1));
    store<f64>(to + 3 * hop, g2);
    from += 3 * step;
    to += 4 * hop;
  }
  for (let pair = (taps >> 1) - (taps & 1); pair > 0; --pair) {
    const g0 = load<f64>(from);
    const g1 = load<f64>(from + step);
    store<f64>(to, g0);
    store<f64>(to + hop, g0 + g1);
    store<f64>(to + 2 * hop, g1);
    from += 2 * step;
    to += 3 * hop;
  }
}

/** The points of a block of filters to `to`: [point][channel][wide]. */
export function transformFilters(first: i32, wide: i32, to: usize): void {
  const taps = products; // f64 [kernelHeight][kernelWidth]
  const down = taps + 8 * <usize>(kernelHeight * kernelWidth); // f64 [points][kernelWidth]
  const both = down + 8 * <usize>(points * kernelWidth); // f64 [points][points]
  for (let c = 0; c < channels; ++c) {
    for (let f = first; f < first + wide; ++f) {
      for (let i = 0; i < kernelHeight; ++i) {
        for (let j = 0; j < kernelWidth; ++j) {
          const at = rows + ((<usize>((f * kernelHeight + i) * filterRowPadded + j * channels + c)) << 2);
          store<f64>(taps + ((<usize>(i * kernelWidth + j)) << 3), f < filters ? <f64>load<f32>(at) : 0);
        }
      }
      for (let j: usize = 0; j < <usize>kernelWidth; ++j) {
        forwardFilter(taps + 8 * j, <usize>kernelWidth, down + 8 * j, <usize>kernelWidth, kernelHeight);
      }
      for (let y: usize = 0; y < <usize>points; ++y) {
        const row = down + 8 * y * <usize>kernelWidth;
        forwardFilter(row, 1, both + 8 * y * <usize>points, 1, kernelWidth);
      }
      for (let point = 0; point < points * points; ++point) {
        const at = to + ((<usize>((point * channels + c) * wide + f - first)) << 2);
        store<f32>(at, <f32>load<f64>(both + ((<usize>point) << 3)));
      }
    }
  }
}
