// OMP, orthogonal matching pursuit, one entry an iteration and at most one a region of a filter.
//
//   j = the entry of M(W d, k), outside the support, of largest magnitude; S = S + j
//   z = argmin over supp z in S of |x - W'z|; d = x - W'z
//
// Pati, Rezaiifar, Krishnaprasad (1993); regions that have an entry are passed over, as the model wants. An analysis
// an entry: for codes of tens of entries. The least squares (support.ts) begins at the z before, with the
// coefficient of the new entry that is best by itself. Ends with k entries, or when nothing is left to add; the
// residual alone does not end it by falling slowly.
//
// Buffers: x; d in p, g; the code, r and q: the code while W d is pooled, then the vectors of the least
// squares. The gradient: support.ts, at the new z.

import { g, inputLength, p, r, values } from "../arena";
import { codeSize, loadSwitch, storeSwitch, valueAt } from "../pooling";
import { dot, norm } from "../vector";
import {
  clearCode,
  correlate,
  countEntries,
  entries,
  imageOf,
  restoreCode,
  saveCode,
  sparsity,
} from "./sparse";
import { bookIteration, CONVERGED, RUNNING, STAGNATED, status, stopSolver } from "./state";
import { fitSupport, stationarity } from "./support";

/** Adds the entry whose region has the largest |W d|; false if all are zero. */
function addEntry(): bool {
  const m = <usize>codeSize();
  saveCode();
  correlate(p);
  let best: usize = 0;
  let most: f32 = 0;
  for (let i: usize = 0; i < m; ++i) {
    const magnitude = abs<f32>(valueAt(i));
    if (magnitude <= most || load<f32>(r + (i << 2)) != 0) continue;
    most = magnitude;
    best = i;
  }
  const at = values + (best << 2);
  const correlation = valueAt(best);
  const place = loadSwitch(best);
  if (most > 0) {
    // |W'e| of the entry alone: a filter is not of norm 1, and its part on the padding does not count
    clearCode();
    store<f32>(at, 1);
    storeSwitch(best, place);
    imageOf(values, g, 1);
  }
  restoreCode();
  if (most == 0) return false;
  store<f32>(at, <f32>(<f64>correlation / dot(g, g, <i32>inputLength)));
  storeSwitch(best, place);
  countEntries();
  return true;
}

export function matchingStep(inner: i32): void {
  const added = entries < sparsity && addEntry();
  const settled = fitSupport(inner);
  bookIteration(norm(p, <i32>inputLength), stationarity);
  if (status == STAGNATED) stopSolver(RUNNING);
  if (status == RUNNING && (!added || entries >= sparsity) && settled) stopSolver(CONVERGED);
}
