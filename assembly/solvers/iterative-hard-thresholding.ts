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
import { analyse } from "../convolution/analysis";
import { keepLargest } from "../pooling";
import { distance, norm } from "../vector";
import { beginThresholded, residualOfCode } from "./sparse";
import { bookIteration, spend, spendAll } from "./state";

let stepSize: f32 = 1;
let sparsity: i32 = 0;
let size: f64 = 0; // |x|

/** Prepares to sparsify the input that stands in x, to k non-zeros; `warm`: from the code that stands there. */
export function beginThresholding(step: f64, k: i32, relativeTolerance: f64, warm: bool): void {
  stepSize = <f32>step;
  sparsity = k;
  size = beginThresholded(relativeTolerance, warm);
}

export function thresholdingStep(): void {
  const n = <i32>inputLength;
  memory.copy(g, p, (<usize>n) << 2);
  analyse(p, stepSize, true);
  keepLargest(sparsity);
  residualOfCode();
  spendAll();
  spend(<f64>sparsity);
  bookIteration(norm(p, n), distance(g, p, n) / (<f64>stepSize * size));
}
