// NIHT, normalised iterative hard thresholding: IHT that finds its step, and whose residual never rises.
//
//   S = supp z; mu = |(W d)_S|^2 / |W'(W d)_S|^2           (from zero: S = supp M(W x, k))
//   z' = M(z + mu W d, k)
//   if supp z' is not S: while mu > 0.99 |z' - z|^2 / |W'(z' - z)|^2: mu = mu / 2, and z' anew
//   z = z'; d = x - W'z
//
// Blumensath and Davies, Normalized iterative hard thresholding (2010). On the same support mu is the exact line
// search; on another one the test makes |d| fall: z' is the nearest point of the model to z + mu W d, so that
// |d'|^2 <= |d|^2 - |z' - z|^2 / mu + |W'(z' - z)|^2, and this holds for rectified codes too. What rounding adds is met
// by a last look: a step that raises |d| is taken back, and ends the run.
//
// Buffers: x; d in p, the d before in g; the code before in r and q. Nothing of W d is kept: a halving is an analysis
// more. The gradient: support.ts, at the new z.

import { g, inputLength, p, q, r } from "../arena";
import { codeSize, loadSwitch, valueAt } from "../pooling";
import { distance } from "../vector";
import { entries, residualOfCode, restoreCode, saveCode, size, supportChanged, threshold } from "./sparse";
import {
  bookIteration,
  CONVERGED,
  ROUNDING,
  RUNNING,
  residual,
  STAGNATED,
  status,
  stopSolver,
} from "./state";
import { exactStep, gradientStep, prepareStep, stationarity } from "./support";

/** Of the longest step that surely descends. */
const CAUTION: f64 = 0.99;
/** Then the step is taken for zero. */
const HALVINGS: i32 = 40;

/** |z - z before|^2, over all positions: values in different places do not meet. */
function squaredChange(): f64 {
  const m = <usize>codeSize();
  let sum: f64 = 0;
  for (let i: usize = 0; i < m; ++i) {
    const now = <f64>valueAt(i);
    const before = <f64>load<f32>(r + (i << 2));
    const same = load<u32>(q + (i << 2)) == loadSwitch(i);
    sum += same ? (now - before) * (now - before) : now * now + before * before;
  }
  return sum;
}

export function normalisedStep(): void {
  const n = <i32>inputLength;
  const before = residual * size;
  let now = before;
  if (entries == 0) {
    if (gradientStep(p)) now = residualOfCode();
  } else {
    memory.copy(g, p, (<usize>n) << 2);
    saveCode();
    let mu = exactStep;
    for (let i = 0; ; ++i) {
      threshold(g, mu);
      now = residualOfCode();
      if (!supportChanged()) break;
      const moved = distance(p, g, n);
      if (mu * moved * moved <= CAUTION * squaredChange() || i == HALVINGS) break;
      mu /= 2;
      restoreCode();
    }
    if (!(now < before)) {
      restoreCode();
      now = residualOfCode();
    }
  }
  prepareStep();
  bookIteration(now, stationarity);
  if (status == RUNNING && !(now < before))
    stopSolver(residual <= ROUNDING || stationarity == 0 ? CONVERGED : STAGNATED);
}
