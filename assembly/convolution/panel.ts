// Panels: four patches side by side, [step][4], as the micro-kernel and the transforms want them.

import { rowBytes } from "./image";

/**
 * Writes `lines` lines of `run` bytes of the patches at p0..p3, image rows apart, to `to` as [line][number][4].
 * Vectors read up to three numbers past the end of a line, and write so many steps, 48 bytes, past its panel.
 */
export function interleave(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  lines: i32,
  run: usize,
  to: usize,
): void {
  const pitch = rowBytes();
  for (; lines > 0; --lines) {
    if (ASC_FEATURE_SIMD) {
      let out = to;
      for (let t: usize = 0; t < run; t += 16, out += 64) {
        const a = v128.load(p0 + t);
        const b = v128.load(p1 + t);
        const c = v128.load(p2 + t);
        const d = v128.load(p3 + t);
        const ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5);
        const ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
        const cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5);
        const cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
        v128.store(out, i64x2.shuffle(ab01, cd01, 0, 2));
        v128.store(out, i64x2.shuffle(ab01, cd01, 1, 3), 16);
        v128.store(out, i64x2.shuffle(ab23, cd23, 0, 2), 32);
        v128.store(out, i64x2.shuffle(ab23, cd23, 1, 3), 48);
      }
    } else {
      for (let t: usize = 0; t < run; t += 4) {
        store<f32>(to + 4 * t, load<f32>(p0 + t));
        store<f32>(to + 4 * t, load<f32>(p1 + t), 4);
        store<f32>(to + 4 * t, load<f32>(p2 + t), 8);
        store<f32>(to + 4 * t, load<f32>(p3 + t), 12);
      }
    }
    p0 += pitch;
    p1 += pitch;
    p2 += pitch;
    p3 += pitch;
    to += 4 * run;
  }
}
