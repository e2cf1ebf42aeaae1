// Vectors in linear memory: f32 numbers, sums in f64.
//
// One order of summation, whatever the build: eight f64 lanes, lane l takes elements l, l + 8, ..., and
// the lanes are added as ((l0 + l1) + (l2 + l3)) + ((l4 + l5) + (l6 + l7)). Lengths are multiples of 8
// (arena.ts rounds up; the rest is zero and stays zero).

/** Sum of a_i b_i over n elements. */
export function dot(a: usize, b: usize, n: i32): f64 {
  const end = a + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    let sum01 = f64x2.splat(0);
    let sum23 = f64x2.splat(0);
    let sum45 = f64x2.splat(0);
    let sum67 = f64x2.splat(0);
    while (a < end) {
      const u = v128.load(a);
      const v = v128.load(b);
      const w = v128.load(a, 16);
      const y = v128.load(b, 16);
      sum01 = f64x2.add(sum01, f64x2.mul(lower(u), lower(v)));
      sum23 = f64x2.add(sum23, f64x2.mul(upper(u), upper(v)));
      sum45 = f64x2.add(sum45, f64x2.mul(lower(w), lower(y)));
      sum67 = f64x2.add(sum67, f64x2.mul(upper(w), upper(y)));
      a += 32;
      b += 32;
    }
    return both(sum01) + both(sum23) + (both(sum45) + both(sum67));
  } else {
    let l0: f64 = 0;
    let l1: f64 = 0;
    let l2: f64 = 0;
    let l3: f64 = 0;
    let l4: f64 = 0;
    let l5: f64 = 0;
    let l6: f64 = 0;
    let l7: f64 = 0;
    while (a < end) {
      l0 += <f64>load<f32>(a) * <f64>load<f32>(b);
      l1 += <f64>load<f32>(a, 4) * <f64>load<f32>(b, 4);
      l2 += <f64>load<f32>(a, 8) * <f64>load<f32>(b, 8);
      l3 += <f64>load<f32>(a, 12) * <f64>load<f32>(b, 12);
      l4 += <f64>load<f32>(a, 16) * <f64>load<f32>(b, 16);
      l5 += <f64>load<f32>(a, 20) * <f64>load<f32>(b, 20);
      l6 += <f64>load<f32>(a, 24) * <f64>load<f32>(b, 24);
      l7 += <f64>load<f32>(a, 28) * <f64>load<f32>(b, 28);
      a += 32;
      b += 32;
    }
    return l0 + l1 + (l2 + l3) + (l4 + l5 + (l6 + l7));
  }
}

function lower(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 0));
}

function both(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Euclidean norm. */
export function norm(a: usize, n: i32): f64 {
  return sqrt<f64>(dot(a, a, n));
}

/** |a - b|, one f64 after the other: it is asked for once an iteration. */
export function distance(a: usize, b: usize, n: i32): f64 {
  let sum: f64 = 0;
  for (const end = a + ((<usize>n) << 2); a < end; a += 4, b += 4) {
    const difference = <f64>load<f32>(a) - <f64>load<f32>(b);
    sum += difference * difference;
  }
  return sqrt<f64>(sum);
}

/** y_i += c a_i. */
export function axpy(y: usize, c: f32, a: usize, n: i32): void {
  const end = y + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    const factor = f32x4.splat(c);
    for (; y < end; y += 16, a += 16) {
      v128.store(y, f32x4.add(v128.load(y), f32x4.mul(factor, v128.load(a))));
    }
  } else {
    for (; y < end; y += 4, a += 4) store<f32>(y, load<f32>(y) + c * load<f32>(a));
  }
}

/** y_i = a_i + c y_i: the new direction of a conjugate gradient step. */
export function xpay(y: usize, c: f32, a: usize, n: i32): void {
  const end = y + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    const factor = f32x4.splat(c);
    for (; y < end; y += 16, a += 16) {
      v128.store(y, f32x4.add(v128.load(a), f32x4.mul(factor, v128.load(y))));
    }
  } else {
    for (; y < end; y += 4, a += 4) store<f32>(y, load<f32>(a) + c * load<f32>(y));
  }
}

/** y_i = a_i b_i. */
export function multiply(y: usize, a: usize, b: usize, n: i32): void {
  const end = y + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; y < end; y += 16, a += 16, b += 16) {
      v128.store(y, f32x4.mul(v128.load(a), v128.load(b)));
    }
  } else {
    for (; y < end; y += 4, a += 4, b += 4) store<f32>(y, load<f32>(a) * load<f32>(b));
  }
}

/** y_i = c a_i. */
export function scale(y: usize, c: f32, a: usize, n: i32): void {
  const end = y + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    const factor = f32x4.splat(c);
    for (; y < end; y += 16, a += 16) v128.store(y, f32x4.mul(factor, v128.load(a)));
  } else {
    for (; y < end; y += 4, a += 4) store<f32>(y, c * load<f32>(a));
  }
}

/** y_i = 0 where a_i = 0. */
export function maskByZeros(y: usize, a: usize, n: i32): void {
  const end = y + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; y < end; y += 16, a += 16) {
      const zero = f32x4.eq(v128.load(a), f32x4.splat(0));
      v128.store(y, v128.andnot(v128.load(y), zero));
    }
  } else {
    for (; y < end; y += 4, a += 4) if (load<f32>(a) == 0) store<f32>(y, 0);
  }
}

/** False if one of n elements is infinite or not a number. */
export function allFinite(a: usize, n: i32): bool {
  for (const end = a + ((<usize>n) << 2); a < end; a += 4) {
    if (!isFinite<f32>(load<f32>(a))) return false;
  }
  return true;
}
