// Least squares on a code: min |A x - v|, A = S W, v the pooled values (minus bias), by a plan: stretches of conjugate
// gradients, one after the other, each in scaled or in whitened variables, each beginning anew from x.
//
// Before a stretch x may be looked at: for violations of the maxima, which then are rows of A, too; or for the
// switches, where nobody sent them; then the x of least pool residual is the result. src/plan.ts makes the plans.
//
// A plan is u32 [stretches][2] in arena.plan: iterations, and what kind of stretch, a sum of WHITENED, VIOLATIONS,
// SWITCHES. The last stretch goes on for ever.

import { plan, q, r, x } from "../arena";
import { clearImage } from "../convolution/image";
import { analyseAtSwitches } from "../convolution/switched";
import { axpy, norm } from "../vector";
import { beginDirections, stepAlongDirection } from "./conjugate-gradients";
import {
  allowNoise,
  beginAt,
  beginSolver,
  CONVERGED,
  DISCREPANCY,
  ROUNDING,
  RUNNING,
  residual,
  resumeSolver,
  STAGNATED,
  spend,
  spendAll,
  status,
  stopSolver,
} from "./state";
import { estimateSwitches, forgetEstimates, takeBest } from "./switch-estimate";
import { codeFloats, countRows, formTarget, rowMask } from "./target";
import { findViolations, forgetViolations } from "./violations";

const WHITENED: u32 = 1;
const VIOLATIONS: u32 = 2;
const SWITCHES: u32 = 4;

let stretch: i32 = 0; // that runs
let last: i32 = 0;
let left: u32 = 0; // iterations of it
let found: i32 = 0; // by the last look: violations, or switches that moved
let tolerance: f64 = 0;

/** Prepares to decode the code that stands in values and switches, from zero or, `warm`, from x. */
export function beginLeastSquares(stretches: i32, relativeTolerance: f64, noise: f64, warm: bool): void {
  stretch = 0;
  last = stretches - 1;
  tolerance = relativeTolerance;
  forgetViolations();
  forgetEstimates();
  formTarget();
  beginSolver(norm(r, codeFloats()), tolerance);
  allowNoise(noise);
  // a right-hand side of zero is solved by zero, unless no row counts: then by any start
  if (!warm || (status != RUNNING && countRows() > 0)) clearImage(x);
  beginStretch(warm);
  if (status == RUNNING && residual <= max<f64>(tolerance, ROUNDING)) settle();
}

export function leastSquaresStep(): void {
  while (left == 0 && stretch < last) {
    ++stretch;
    beginStretch(true);
    if (status != RUNNING) return; // x is stationary in the new rows and variables, too
  }
  --left;
  stepAlongDirection();
  if (stretch == last) return;
  if (status == STAGNATED || status == DISCREPANCY) {
    // the next stretch may go further
    resumeSolver();
    left = 0;
  } else if (status == CONVERGED) settle();
}

/** The equations are solved: converged, but for what a look at x may find. */
function settle(): void {
  stopSolver(CONVERGED);
  if (stretch == last || kindOf(stretch + 1) <= WHITENED) return;
  resumeSolver();
  ++stretch;
  beginStretch(true);
  if (found == 0) stopSolver(CONVERGED);
}

function kindOf(index: i32): u32 {
  return load<u32>(plan + ((<usize>index) << 3), 4);
}

/** From x, or from x = 0. */
function beginStretch(warm: bool): void {
  const kind = kindOf(stretch);
  left = load<u32>(plan + ((<usize>stretch) << 3));
  forgetViolations();
  if (kind & SWITCHES) found = estimateSwitches();
  if (kind & VIOLATIONS) found = findViolations();
  if (kind > WHITENED) spendAll();
  formTarget();
  if (warm) {
    analyseAtSwitches(x, q, rowMask());
    axpy(r, -1, q, codeFloats());
    beginAt(norm(r, codeFloats()));
    spend(<f64>countRows());
  }
  beginDirections((kind & WHITENED) != 0, tolerance);
}

/** After the last step where switches are unknown: x is the one of least pool residual. */
export function finishLeastSquares(): void {
  estimateSwitches();
  takeBest();
}
