// The micro-kernel: products of a panel of 4 patches and a block of 8 or 4 filters.
//
// Each sum runs over the steps of the panel in order, the same in every build. 4 x 8 takes 8
// accumulators; V8 loads the 6 vectors of a step before it multiplies, and has 15 registers: 4 x 12, the usual
// choice for 16, spills five vectors a step there and is a sixth slower.

/** The width of a block as a type, so that one generic function unrolls to two kernels. */
export type Four = u8;
export type Eight = u16;

/**
 * What comes after a repeat, as a type: the filters that follow and the next tile of `out`, or the same filters again
 * and `out` moved by `outHop`. Known to the compiler, it saves 4 % where a repeat has three steps.
 */
export type Onward = u8;
export type Again = u16;

/** Bytes of one tile's products, [4 patches][8 filters], and of one patch's share. */
export const PRODUCTS: usize = 128;
export const PATCH_PRODUCTS: usize = 32;

/** Bytes of the filters in one step of a block. */
export function stepBytes<Wide>(): usize {
  return 16 * sizeof<Wide>();
}

/**
 * Writes [repeats][4][8] sums to `out`: `steps` products each of the panel [steps][4] and the filters [steps][wide].
 * From one repeat to the next the panel moves by `panelHop` bytes.
 * Blocks of 4 leave the rest of the 8 as it was.
 */
export function multiply<Wide, Next>(
  panel: usize,
  w: usize,
  out: usize,
  steps: usize,
  repeats: i32,
  panelHop: usize,
  outHop: usize,
): void {
  for (; repeats > 0; --repeats) {
    if (ASC_FEATURE_SIMD) {
      // the first step makes the accumulators: a fast convolution has as few as one step a channel
      let w0 = v128.load(w);
      let a = v128.load32_splat(panel);
      let b = v128.load32_splat(panel, 4);
      let c = v128.load32_splat(panel, 8);
      let d = v128.load32_splat(panel, 12);
      let a0 = f32x4.mul(w0, a);
      let b0 = f32x4.mul(w0, b);
      let c0 = f32x4.mul(w0, c);
      let d0 = f32x4.mul(w0, d);
      let a1 = a0;
      let b1 = a0;
      let c1 = a0;
      let d1 = a0;
      if (sizeof<Wide>() > 1) {
        const w1 = v128.load(w, 16);
        a1 = f32x4.mul(w1, a);
        b1 = f32x4.mul(w1, b);
        c1 = f32x4.mul(w1, c);
        d1 = f32x4.mul(w1, d);
      }
      let weights = w + stepBytes<Wide>();
      const end = panel + 16 * steps;
      for (let from = panel + 16; from < end; from += 16, weights += stepBytes<Wide>()) {
        w0 = v128.load(weights);
        a = v128.load32_splat(from);
        b = v128.load32_splat(from, 4);
        c = v128.load32_splat(from, 8);
        d = v128.load32_splat(from, 12);
        a0 = f32x4.add(a0, f32x4.mul(w0, a));
        b0 = f32x4.add(b0, f32x4.mul(w0, b));
        c0 = f32x4.add(c0, f32x4.mul(w0, c));
        d0 = f32x4.add(d0, f32x4.mul(w0, d));
        if (sizeof<Wide>() > 1) {
          const w1 = v128.load(weights, 16);
          a1 = f32x4.add(a1, f32x4.mul(w1, a));
          b1 = f32x4.add(b1, f32x4.mul(w1, b));
          c1 = f32x4.add(c1, f32x4.mul(w1, c));
          d1 = f32x4.add(d1, f32x4.mul(w1, d));
        }
      }
      v128.store(out, a0);
      v128.store(out, b0, 32);
      v128.store(out, c0, 64);
      v128.store(out, d0, 96);
      if (sizeof<Wide>() > 1) {
        v128.store(out, a1, 16);
        v128.store(out, b1, 48);
        v128.store(out, c1, 80);
        v128.store(out, d1, 112);
      }
    } else {
      for (let patch: usize = 0; patch < 4; ++patch) {
        for (let f: usize = 0; f < stepBytes<Wide>(); f += 4) {
          let sum = load<f32>(w + f) * load<f32>(panel + 4 * patch);
          for (let step: usize = 1; step < steps; ++step) {
            sum += load<f32>(w + step * stepBytes<Wide>() + f) * load<f32>(panel + 16 * step + 4 * patch);
          }
          store<f32>(out + patch * PATCH_PRODUCTS + f, sum);
        }
      }
    }
    panel += panelHop;
    if (sizeof<Next>() == 1) w += steps * stepBytes<Wide>();
    out += sizeof<Next>() == 1 ? PRODUCTS : outHop;
  }
}
