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
// Buffers: x; d in p; the code in values and switches, updated in place region by region. Its gradient is
// |W'(z - z of the iteration before)| / (step |x|), the change of the approximation: that of W d on a support would
// cost a product more.

import { g, inputLength, p } from "../arena";
import { distance } from "../vector";
import { residualOfCode, size, threshold } from "./sparse";
import { bookIteration } from "./state";

let stepSize: f64 = 1;

export function beginThresholding(step: f64): void {
  stepSize = step;
}

export function thresholdingStep(): void {
  const n = <i32>inputLength;
  memory.copy(g, p, (<usize>n) << 2);
  threshold(p, stepSize);
  const now = residualOfCode();
  bookIteration(now, distance(g, p, n) / (stepSize * size));
}
