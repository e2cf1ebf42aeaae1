// HTP, hard thresholding pursuit: a gradient step chooses the support, least squares the values.
//
//   S = supp M(z + mu W d, k); z = argmin over supp z in S of |x - W'z|; d = x - W'z
//
// Foucart (2011), with the mu of NIHT, |g_S|^2 / |W'g_S|^2, for g = W d at the end of the least squares before. They
// are 2 products with the support an iteration (support.ts), and begin at M(z + mu W d, k), at most `inner` of them.
// Ends when the least squares is solved and either the support has repeated, so that nothing would change any more, or
// the residual is rounding.
//
// In the paper's 1-D setting 1000 codes of 80 entries took 3 to 6 iterations, 25 of them 6. Tried: the first step of the
// least squares instead of mu (no difference); 1.5 mu (with 4 channels and k = 12 58 % are recovered instead of 31 %, but
// photographs with k of a quarter of the pixels take turns for ever); 2 mu (slower everywhere but there).
//
// Not a descent: where no code of k entries gives x the supports may take turns; the run then ends by its
// iterations, with the last of them.
//
// Buffers: x; d in p, g; the code, r and q: the support before, then the vectors of the least squares. The gradient:
// support.ts, at the new z.

import { inputLength, p } from "../arena";
import { norm } from "../vector";
import { saveSupport, supportChanged } from "./sparse";
import { bookIteration, CONVERGED, ROUNDING, RUNNING, residual, status, stopSolver } from "./state";
import { fitSupport, gradientStep, stationarity } from "./support";

export function pursuitStep(inner: i32): void {
  saveSupport();
  const moved = gradientStep(p);
  const repeated = !supportChanged();
  const settled = fitSupport(inner);
  bookIteration(norm(p, <i32>inputLength), stationarity);
  if (status == RUNNING && (!moved || (settled && (repeated || residual <= ROUNDING)))) stopSolver(CONVERGED);
}
