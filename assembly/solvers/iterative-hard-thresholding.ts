// Model-based iterative hard thresholding: find a model-k-sparse z with W'z close to x.
//
//   z = 0; d = x; repeat: b = z + step W d; z = M(b, k); d = x - W'z
//
// Blumensath and Davies (2009) for IHT, Baraniuk, Cevher, Duarte, Hegde (2010) for the model, the paper's
// Algorithm 1 with step = 1. One iteration with step 1 from z = 0 is one layer of the network: analysis,
// pooling with switches, synthesis. Step 1 needs |W|^2 < 1 or so in theory and works for few non-zeros
// in practice; with step = 1/(1.02 L), L the largest eigenvalue of W'W, the residual falls at each iteration
// (Blumensath and Davies), as long as L is not underestimated by more than the 2 %.
//
// Buffers: x; d in p; the code in values and switches, updated in place region by region.

import { inputLength, p, switches, values, x } from "../arena";
import { analyse } from "../convolution/analysis";
import { clearPadding } from "../convolution/image";
import { Plain, synthesise } from "../convolution/synthesis";
import { switchBytes } from "../geometry";
import { codeSize, keepLargest } from "../pooling";
import { norm } from "../vector";
import { beginSolver, bookIteration, RUNNING, status } from "./state";

let stepSize: f32 = 1;
let sparsity: i32 = 0;

/** Prepares to sparsify the input that stands in x, to k non-zeros. */
export function beginThresholding(step: f64, k: i32, relativeTolerance: f64): void {
  const n = <i32>inputLength;
  const m = <usize>codeSize();
  stepSize = <f32>step;
  sparsity = k;
  memory.fill(values, 0, m << 2);
  memory.fill(switches, 0, m * <usize>switchBytes);
  memory.copy(p, x, (<usize>n) << 2);
  beginSolver(norm(x, n), relativeTolerance);
}

/** Up to `count` iterations; returns the status. */
export function stepThresholding(count: i32): i32 {
  const n = <i32>inputLength;
  for (let i = 0; i < count && status == RUNNING; ++i) {
    analyse(p, stepSize, true);
    keepLargest(sparsity);
    memory.copy(p, x, (<usize>n) << 2);
    synthesise<Plain>(values, p, -1);
    clearPadding(p);
    bookIteration(norm(p, n));
  }
  return status;
}
