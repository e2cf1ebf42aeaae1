// Model-based CoSaMP, compressive sampling matching pursuit.
//
//   T = supp z + supp M(W d, 2 k); c = argmin over supp c in T of |x - W'c|; z = M(c, k); d = x - W'z
//
// Baraniuk, Cevher, Duarte, Hegde (2010), after Needell and Tropp (2009). Their M_2 of 2 k entries may keep two of a
// region (the nearest sum of two codes of the model); here it keeps one, so that T has two a region at most, that of z
// and one more: a third has no place in the arena. In the paper's 1-D setting with 8 channels and k = 30, with 4 and
// k = 12, that costs 1 and 2 of 32 recoveries (31 and 25 instead of 32 and 27, in a float64 model of both).
//
// T is two sheets over the code: that of z, in r with its switches in q, and what W d adds, in values and switches. The
// least squares is CGLS whose directions are images (W e on T, with e = d + beta e): neither gradients nor directions
// over T are stored, and every product with T goes entry by entry, 4 an iteration. No descent. It ends when the
// support repeats and the least squares on T is solved, or when |d| more than doubles; then with the least squares on
// the support of z, in the second case of the z before. (To end at the first rise costs recoveries: with 4 channels
// 50 % are left of 72 %. Never to end, or to begin the least squares a whole step away from z, lets |d| run away on
// photographs.)
//
// Buffers: x; d in p, e in s, W'W e on T in g. The gradient: support.ts, at the new z.

import { codeLength, g, inputLength, lists, p, q, r, s, values } from "../arena";
import { filterOf } from "../convolution/filters";
import { clearImage, clearPadding } from "../convolution/image";
import { offsetOf, regionPatch } from "../convolution/regions";
import { patchDot } from "../convolution/switched";
import { addList, append } from "../convolution/synthesis";
import { filters, planes, pooledHeight, pooledWidth, RECTIFIER_NONE, rectifier } from "../geometry";
import { codeSize, keepLargest, loadSwitch, NONE, storeSwitch, supportAt, valueAt } from "../pooling";
import { axpy, dot, norm, scale, xpay } from "../vector";
import {
  correlate,
  countEntries,
  entries,
  residualOfCode,
  restoreCode,
  saveCode,
  size,
  sparsity,
  subtractImage,
  supportChanged,
} from "./sparse";
import {
  bookIteration,
  CONVERGED,
  ROUNDING,
  RUNNING,
  residual,
  STAGNATED,
  spend,
  status,
  stopSolver,
} from "./state";
import { exactStep, fitSupport, measureStep, prepareStep, SETTLED, stationarity } from "./support";

/** Of a step, so that an entry of T that W d adds is marked by a value, and the least squares begins at z. */
const START: f64 = 1e-3;
/** A rise of |d| by more ends the run. */
const PATIENCE: f64 = 2;

/**
 * One sheet of T, entry by entry, w its filter in its place. With `spread` g += <w, e> w, else its coefficient grows
 * by alpha <w, e>. Returns the sum of <w, e>^2 with `spread`, else that of <w, d>^2.
 */
function walkSheet(own: bool, spread: bool, alpha: f32): f64 {
  const regions = pooledHeight * pooledWidth;
  let index: usize = 0;
  let sum: f64 = 0;
  for (let plane = 0; plane < planes; ++plane) {
    const mirrored = plane >= filters;
    const w = filterOf(mirrored ? plane - filters : plane);
    const signed = mirrored ? -alpha : alpha;
    for (let region = 0; region < regions; ++region, ++index) {
      const place = own ? load<u32>(q + (index << 2)) : supportAt(index);
      if (place == NONE) continue;
      const offset = regionPatch(0, region) + offsetOf(place);
      let product = patchDot(s + offset, w);
      if (spread) {
        append(lists, w, product);
        addList(g + offset, lists);
      } else {
        const at = (own ? r : values) + (index << 2);
        store<f32>(at, load<f32>(at) + signed * product);
        product = patchDot(p + offset, w);
      }
      sum += <f64>product * <f64>product;
    }
  }
  return sum;
}

function walk(spread: bool, alpha: f32): f64 {
  return walkSheet(true, spread, alpha) + walkSheet(false, spread, alpha);
}

/** z to its sheet; the other is supp M(W d, 2 k) without it, a step of NIHT away from 0. Returns |T|. */
function extendSupport(): i32 {
  const own = entries;
  saveCode();
  correlate(p);
  keepLargest(min<i32>(codeSize(), 2 * sparsity));
  for (let i = <usize>codeSize(); i-- > 0; ) {
    if (load<u32>(q + (i << 2)) == loadSwitch(i)) store<f32>(values + (i << 2), 0);
  }
  countEntries();
  if (own == 0) {
    memory.copy(r, values, (<usize>(<i32>codeLength)) << 2);
    measureStep();
  }
  scale(values, <f32>(START * exactStep), values, <i32>codeLength);
  subtractImage();
  return own + entries;
}

/** At most `most` iterations of CGLS on T, of `rows` entries. Whether its gradient is down to rounding. */
function fitSheets(most: i32, rows: f64): bool {
  const n = <i32>inputLength;
  memory.copy(s, p, (<usize>n) << 2);
  let gamma = walk(false, 0);
  let largest: f64 = 0;
  for (let i = 0; gamma > 0; ++i) {
    clearImage(g);
    const along = walk(true, 0);
    clearPadding(g);
    spend(2 * rows);
    const curvature = dot(g, g, n);
    largest = max<f64>(largest, curvature / along);
    if (gamma <= SETTLED * SETTLED * largest * size * size) return true;
    const alpha = gamma / curvature;
    if (i == most || !isFinite<f64>(alpha)) return false;
    axpy(p, <f32>-alpha, g, n);
    const next = walk(false, <f32>alpha);
    spend(2 * rows);
    xpay(s, <f32>(next / gamma), p, n);
    gamma = next;
  }
  return true;
}

/** z = M(c, k); of two in one region the larger stays, that of z among equals. */
function mergeSheets(): void {
  for (let i = <usize>codeSize(); i-- > 0; ) {
    const place = load<u32>(q + (i << 2));
    const own: f32 = place == NONE ? 0 : load<f32>(r + (i << 2));
    const added = valueAt(i);
    const larger = rectifier == RECTIFIER_NONE ? abs<f32>(added) > abs<f32>(own) : added > max<f32>(own, 0);
    if (larger) continue;
    store<f32>(values + (i << 2), rectifier == RECTIFIER_NONE ? own : max<f32>(own, 0));
    storeSwitch(i, place == NONE ? 0 : place);
  }
  keepLargest(sparsity);
  countEntries();
}

export function samplingPursuitStep(inner: i32): void {
  const settled = fitSheets(inner, <f64>extendSupport());
  mergeSheets();
  const repeated = !supportChanged();
  const risen = residualOfCode() > PATIENCE * residual * size;
  const finished = risen || (repeated && settled);
  if (risen) restoreCode();
  if (finished) fitSupport(inner);
  else prepareStep();
  const now = norm(p, <i32>inputLength);
  bookIteration(now, stationarity);
  if (status == RUNNING && finished) stopSolver(risen && residual > ROUNDING ? STAGNATED : CONVERGED);
}
