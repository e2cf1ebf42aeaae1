// What the solvers for sparse codes share: the input x, the code z in values and switches, d = x - W'z in p, and how
// a code or its support is kept while a step tries another.
//
// A support is compared by its switches, never by its values: q holds, as u32, the switch of each entry of the code,
// or NONE where the value is 0.

import { inputLength, p, q, r, switches, values, x } from "../arena";
import { analyse } from "../convolution/analysis";
import { clearImage, clearPadding } from "../convolution/image";
import { synthesise } from "../convolution/synthesis";
import { switchBytes } from "../geometry";
import { codeSize, keepLargest, NONE, storeSwitch, supportAt, valueAt } from "../pooling";
import { norm } from "../vector";
import { beginAt, beginSolver, ROUNDING, residual, spend, spendAll } from "./state";

/** Non-zeros that the code may have. */
export let sparsity: i32 = 0;
/** Non-zeros that it has; counted by countEntries. */
export let entries: i32 = 0;
/** |x|. */
export let size: f64 = 0;

/** z = 0, or with `warm` M(z, k) of the code that stands there, unless x is zero; d = x - W'z. */
export function beginSparse(k: i32, relativeTolerance: f64, warm: bool): void {
  sparsity = k;
  size = norm(x, <i32>inputLength);
  beginSolver(size, relativeTolerance);
  if (warm && size > 0) keepLargest(k);
  else clearCode();
  countEntries();
  beginAt(residualOfCode());
}

/** z = M(z, k), and its relative residual. */
export function truncate(k: i32): f64 {
  keepLargest(k);
  countEntries();
  const length = residualOfCode();
  return size > 0 ? length / size : 0;
}

export function clearCode(): void {
  const m = <usize>codeSize();
  memory.fill(values, 0, m << 2);
  memory.fill(switches, 0, m * <usize>switchBytes);
}

export function countEntries(): void {
  entries = 0;
  for (let i = codeSize() - 1; i >= 0; --i) if (valueAt(<usize>i) != 0) ++entries;
}

/** d = x - W'z, one product with the support. Returns |d|. */
export function residualOfCode(): f64 {
  memory.copy(p, x, (<usize>(<i32>inputLength)) << 2);
  subtractImage();
  return norm(p, <i32>inputLength);
}

/** d = d - W'z for the values that stand there. */
export function subtractImage(): void {
  synthesise(values, p, -1);
  clearPadding(p);
  spend(<f64>entries);
}

/** image = factor x W'z' for a code-shaped z' on the support. */
export function imageOf(vector: usize, image: usize, factor: f64): void {
  clearImage(image);
  synthesise(vector, image, <f32>factor);
  clearPadding(image);
  spend(<f64>entries);
}

/** z = M(z + step W image, k). */
export function threshold(image: usize, step: f64): void {
  analyse(image, <f32>step, true);
  keepLargest(sparsity);
  countEntries();
  spendAll();
}

/** q = the support of z. */
export function saveSupport(): void {
  const m = <usize>codeSize();
  for (let i: usize = 0; i < m; ++i) store<u32>(q + (i << 2), supportAt(i));
}

/** Whether the support of z is another than that in q. */
export function supportChanged(): bool {
  const m = <usize>codeSize();
  for (let i: usize = 0; i < m; ++i) if (load<u32>(q + (i << 2)) != supportAt(i)) return true;
  return false;
}

/** r, q = z and its support. */
export function saveCode(): void {
  memory.copy(r, values, (<usize>codeSize()) << 2);
  saveSupport();
}

/** z = r, q. */
export function restoreCode(): void {
  const m = <usize>codeSize();
  memory.copy(values, r, m << 2);
  for (let i: usize = 0; i < m; ++i) {
    const place = load<u32>(q + (i << 2));
    storeSwitch(i, place == NONE ? 0 : place);
  }
  countEntries();
}

/** Pools W image into the place of z, which saveCode has saved; no bias, no step. */
export function correlate(image: usize): void {
  clearCode();
  analyse(image, 1, true);
  spendAll();
}

/** Whether a residual of this norm is rounding that does not fall any more: a method that is no descent ends there. */
export function isSettled(norm: f64): bool {
  return norm <= ROUNDING * size && norm >= residual * size;
}
