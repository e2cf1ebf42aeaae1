// Whether a code determines its input: answered before anything is decoded.

import type { Geometry } from "./geometry.js";
import type { Kernel } from "./kernel.js";
import { planOf, writePlan } from "./plan.js";
import { tridiagonalExtremes } from "./tridiagonal.js";

export interface Invertibility {
  /** Values that count, m: all, after a rectifier the positive ones. */
  readonly rows: number;
  /** Numbers in the input, N. */
  readonly unknowns: number;
  /** Of those, how many lie in no patch that was kept. */
  readonly unseen: number;
  /** How many weigh less than 1 % of the mean in the patches that were kept, the unseen among them. */
  readonly faint: number;
  /**
   * The condition number of A with scaled columns is at least so large, on what it does not leave open: by Ritz values,
   * which come close. Infinity if no row counts.
   */
  readonly conditionAtLeast: number;
  /**
   * "determined": the equations have one solution, and float32 finds it. "fragile": they have one, but errors in the
   * values grow, at least in places, and it takes many iterations. "open": they leave something to a prior.
   */
  readonly verdict: "determined" | "fragile" | "open";
  /** All of it in a sentence. */
  readonly sentence: string;
}

/** Iterations of conjugate gradients: as many Ritz values. */
const STEPS = 100;
/** Multiples of squares of it are as good as random here. */
const GOLDEN = 0.6180339887498949;
/** Share of the mean weight up to which a number is faint. */
const FAINT = 1e-2;
/** Measured on photographs: up to here 100 iterations in scaled variables end below an error of 1e-4. */
const TAME = 24;
/** Errors and residuals, as shares: what is found again, what is lost, what float32 does not tell from zero. */
const FOUND = 1e-3;
const LOST = 1e-2;
const ROUNDING = 1e-6;
/** A gradient that is so small beside its residual is not orthogonal to the earlier ones any more. */
const BLURRED = 1e-5;

/**
 * Looks at the code that stands in the kernel, with `rows` values that count. It tries them on noise: whether least
 * squares finds it again says whether A has a null space. Conjugate gradients are the Lanczos process (Golub, Van Loan,
 * Matrix Computations, 10.2): the tridiagonal matrix of their coefficients has the Ritz values of s A'A s as eigenvalues.
 * @internal
 */
export function invertibility(kernel: Kernel, geometry: Geometry, rows: number): Invertibility {
  const { run, plan, staging, values, bias } = kernel;
  const unknowns = staging.length;
  const noise = staging.map((_, i) => ((i * i * GOLDEN) % 1) - 0.5);
  const counted = values.slice();
  const biases = bias.slice();
  staging.set(noise);
  run.loadInput();
  run.encodeAtSwitches();
  counted.forEach((value, i) => {
    if (value === 0 && geometry.rectifier !== "none") values[i] = 0;
  });
  bias.fill(0);
  run.beginLeastSquares(writePlan(planOf("scaled", false), STEPS, plan), 0, 0, 0);
  bias.set(biases);
  const [unseen, faint] = [run.faintNumbers(0), run.faintNumbers(FAINT)];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let carried = 0;
  for (let i = 0; i < STEPS && run.status() === 0; ++i) {
    run.step(1);
    const [alpha, beta] = [run.stepLength(), run.gradientRatio()];
    if (!(alpha > 0)) break;
    diagonal.push(1 / alpha + carried);
    beside.push(Math.sqrt(beta) / alpha);
    carried = beta / alpha;
    if (run.gradient() < BLURRED * run.residual()) break;
  }
  const [least, greatest] = diagonal.length > 0 ? tridiagonalExtremes(diagonal, beside) : [0, 1];
  const conditionAtLeast = Math.sqrt(greatest / Math.max(least, 0));
  run.storeOutput();
  const error = relativeError(staging, noise);
  // the equations hold, for another input
  const open = rows < unknowns || unseen > 0 || (error > LOST && run.residual() < ROUNDING);
  const tame = faint === 0 && conditionAtLeast <= TAME && error < FOUND;
  const verdict = open ? "open" : tame ? "determined" : "fragile";
  const facts = { rows, unknowns, unseen, faint, conditionAtLeast, verdict } as const;
  return { ...facts, sentence: sentenceOf(facts) };
}

function relativeError(found: Float32Array, truth: Float32Array): number {
  let [error, size] = [0, 0];
  truth.forEach((value, i) => {
    error += (found[i]! - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(error / size);
}

function sentenceOf(facts: Omit<Invertibility, "sentence">): string {
  const { rows, unknowns, unseen, faint, conditionAtLeast, verdict } = facts;
  const ratio = `${rows} values for ${unknowns} unknowns (m/N = ${(rows / unknowns).toFixed(2)})`;
  if (rows < unknowns) return `${ratio}: at least ${unknowns - rows} stay open, for a prior to fill in`;
  if (unseen > 0) return `${ratio}, but ${unseen} lie in no patch that was kept, for a prior to fill in`;
  if (verdict === "open") return `${ratio}, but other inputs have the same, for a prior to choose`;
  const condition = `${ratio}, condition number at least ${conditionAtLeast.toFixed(0)}`;
  if (verdict === "determined")
    return `${condition}: the code determines the input, to the precision of float32`;
  const where = faint > 0 ? `${faint} unknowns hardly count in the patches that were kept` : "only just";
  return `${condition}: the code determines the input, but ${where}: errors grow, and iterations are many`;
}
