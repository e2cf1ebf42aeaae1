// The micro-kernel: the activations of 4 patches under one block of 12, 8 or 4 filters.
//
// Each activation is one f32 sum in the order row, column, channel of the filter, starting at zero, the
// same in every build. 4 x 12 needs 12 accumulators, 3 filter vectors and 1 splat: the 16 registers
// that x86-64 has. The scalar twin below is the definition.

import { filterRow, kernelHeight } from "../geometry";
import { rowBytes } from "./image";

/** The width of a block as a type, so that one generic function unrolls to three kernels. */
export type Four = u8;
export type Eight = u16;
export type Twelve = u32;

/** Writes [4][wide] activations to `out` from the patches at p0..p3 and a block of filters at `w`. */
export function tile<Wide>(p0: usize, p1: usize, p2: usize, p3: usize, w: usize, out: usize): void {
  if (ASC_FEATURE_SIMD) {
    const pitch = rowBytes();
    const run = (<usize>filterRow) << 2;
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let c0 = a0;
    let c1 = a0;
    let c2 = a0;
    let d0 = a0;
    let d1 = a0;
    let d2 = a0;
    for (let i = kernelHeight; i > 0; --i) {
      for (const end = p0 + run; p0 < end; ) {
        const w0 = v128.load(w);
        let v = v128.load32_splat(p0);
        a0 = f32x4.add(a0, f32x4.mul(w0, v));
        if (sizeof<Wide>() > 1) {
          const w1 = v128.load(w, 16);
          a1 = f32x4.add(a1, f32x4.mul(w1, v));
          if (sizeof<Wide>() > 2) {
            const w2 = v128.load(w, 32);
            a2 = f32x4.add(a2, f32x4.mul(w2, v));
            v = v128.load32_splat(p1);
            b0 = f32x4.add(b0, f32x4.mul(w0, v));
            b1 = f32x4.add(b1, f32x4.mul(w1, v));
            b2 = f32x4.add(b2, f32x4.mul(w2, v));
            v = v128.load32_splat(p2);
            c0 = f32x4.add(c0, f32x4.mul(w0, v));
            c1 = f32x4.add(c1, f32x4.mul(w1, v));
            c2 = f32x4.add(c2, f32x4.mul(w2, v));
            v = v128.load32_splat(p3);
            d0 = f32x4.add(d0, f32x4.mul(w0, v));
            d1 = f32x4.add(d1, f32x4.mul(w1, v));
            d2 = f32x4.add(d2, f32x4.mul(w2, v));
          } else {
            v = v128.load32_splat(p1);
            b0 = f32x4.add(b0, f32x4.mul(w0, v));
            b1 = f32x4.add(b1, f32x4.mul(w1, v));
            v = v128.load32_splat(p2);
            c0 = f32x4.add(c0, f32x4.mul(w0, v));
            c1 = f32x4.add(c1, f32x4.mul(w1, v));
            v = v128.load32_splat(p3);
            d0 = f32x4.add(d0, f32x4.mul(w0, v));
            d1 = f32x4.add(d1, f32x4.mul(w1, v));
          }
        } else {
          b0 = f32x4.add(b0, f32x4.mul(w0, v128.load32_splat(p1)));
          c0 = f32x4.add(c0, f32x4.mul(w0, v128.load32_splat(p2)));
          d0 = f32x4.add(d0, f32x4.mul(w0, v128.load32_splat(p3)));
        }
        p0 += 4;
        p1 += 4;
        p2 += 4;
        p3 += 4;
        w += wideBytes<Wide>();
      }
      p0 += pitch - run;
      p1 += pitch - run;
      p2 += pitch - run;
      p3 += pitch - run;
    }
    const bytes = wideBytes<Wide>();
    v128.store(out, a0);
    v128.store(out + bytes, b0);
    v128.store(out + 2 * bytes, c0);
    v128.store(out + 3 * bytes, d0);
    if (sizeof<Wide>() > 1) {
      v128.store(out, a1, 16);
      v128.store(out + bytes, b1, 16);
      v128.store(out + 2 * bytes, c1, 16);
      v128.store(out + 3 * bytes, d1, 16);
    }
    if (sizeof<Wide>() > 2) {
      v128.store(out, a2, 32);
      v128.store(out + bytes, b2, 32);
      v128.store(out + 2 * bytes, c2, 32);
      v128.store(out + 3 * bytes, d2, 32);
    }
  } else {
    patch<Wide>(p0, w, out);
    patch<Wide>(p1, w, out + wideBytes<Wide>());
    patch<Wide>(p2, w, out + 2 * wideBytes<Wide>());
    patch<Wide>(p3, w, out + 3 * wideBytes<Wide>());
  }
}

function wideBytes<Wide>(): usize {
  return sizeof<Wide>() == 1 ? 16 : sizeof<Wide>() == 2 ? 32 : 48;
}

/** The scalar twin: one patch under one block of filters. */
function patch<Wide>(from: usize, w: usize, out: usize): void {
  for (let f: usize = 0; f < wideBytes<Wide>(); f += 4) {
    let sum: f32 = 0;
    let weight = w + f;
    for (let i = 0; i < kernelHeight; ++i) {
      const row = from + <usize>i * rowBytes();
      for (let t: usize = 0; t < (<usize>filterRow) << 2; t += 4) {
        sum += load<f32>(weight) * load<f32>(row + t);
        weight += wideBytes<Wide>();
      }
    }
    store<f32>(out + f, sum);
  }
}
