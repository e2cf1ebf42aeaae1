// Conjugate gradients for least squares (CGLS: Hestenes and Stiefel 1952) on min |A B u - r0| over whole networks: the
// update equations of assembly/solvers/conjugate-gradients.ts, with products that go through every layer.
//
//   u = 0; r = r0; g = B'A'r; p = g; gamma = g.g
//   repeat: q = A B p; alpha = gamma / q.q; u += alpha p; r -= alpha q
//           g = B'A'r; gamma' = g.g; p = g + (gamma'/gamma) p; gamma = gamma'
//
// Vectors are float32, sums float64 in the order of their indices: the same bits on every host.

import {
  CONVERGED,
  DISCREPANCY,
  DIVERGED,
  DIVERGENCE,
  ROUNDING,
  RUNNING,
  STAGNATED,
  STAGNATION_FALL,
  STAGNATION_WINDOW,
  VANISHED,
} from "../../assembly/solvers/endings.js";
import type { Solving } from "../drive.js";
import type { Operator } from "./operator.js";

/** What the run works in: u, p, g are as long as the variables, r and q as the values. */
export interface Vectors {
  readonly u: Float32Array;
  readonly p: Float32Array;
  readonly g: Float32Array;
  readonly r: Float32Array;
  readonly q: Float32Array;
}

/** A run that begins with the right-hand side in vectors.r and leaves the solution in vectors.u. */
export class ConjugateGradients implements Solving {
  readonly #operator: Operator;
  readonly #vectors: Vectors;
  readonly #tolerance: number;
  readonly #noise: number;
  readonly #scale: number;
  #status: number = RUNNING;
  #iteration = 0;
  #residual = 1;
  #reference = 1;
  #gradient = 0;
  #products = 0;
  #gamma = 0;
  /** Alpha of the last iteration; 0 before the first. */
  stepLength = 0;
  /** Largest |A B p| / |p| so far, a lower bound of |A B|. */
  #norm = 0;

  /**
   * @param scale norm that residuals are relative to: that of the right-hand side, unless the run begins from an input.
   * @param noise norm of a residual that is small enough.
   */
  constructor(operator: Operator, vectors: Vectors, scale: number, tolerance: number, noise: number) {
    this.#operator = operator;
    this.#vectors = vectors;
    this.#tolerance = tolerance;
    this.#noise = noise;
    this.#scale = scale;
    const { u, p, g, r } = vectors;
    u.fill(0);
    const start = Math.sqrt(dot(r, r));
    this.#residual = scale > 0 ? start / scale : 0;
    this.#reference = this.#residual;
    // a start that float32 cannot tell from a solution
    if (this.#residual <= Math.max(tolerance, ROUNDING)) {
      this.#status = CONVERGED;
      return;
    }
    this.#products = operator.cost;
    operator.back(r, g);
    p.set(g);
    this.#gamma = dot(g, g);
    if (this.#gamma === 0) this.#status = CONVERGED;
  }

  status(): number {
    return this.#status;
  }

  residual(): number {
    return this.#residual;
  }

  /** |B'A'r| / (|A B| |right-hand side|), with the estimate of |A B| that there is. */
  gradient(): number {
    return this.#gradient;
  }

  products(): number {
    return this.#products;
  }

  step(count: number): number {
    for (let i = 0; i < count && this.#status === RUNNING; ++i) this.#advance();
    return this.#status;
  }

  #advance(): void {
    const { u, p, g, r, q } = this.#vectors;
    this.#operator.forward(p, q);
    const curvature = dot(q, q);
    const alpha = this.#gamma / curvature;
    if (!Number.isFinite(alpha)) {
      this.#status = this.#residual <= ROUNDING ? CONVERGED : DIVERGED;
      return;
    }
    this.stepLength = alpha;
    add(u, alpha, p);
    add(r, -alpha, q);
    this.#norm = Math.max(this.#norm, Math.sqrt(curvature / dot(p, p)));
    this.#operator.back(r, g);
    this.#products += 2 * this.#operator.cost;
    const next = dot(g, g);
    const steepness = Math.sqrt(next) / this.#norm;
    const length = Math.sqrt(dot(r, r));
    this.#gradient = steepness / this.#scale;
    this.#book(length);
    if (this.#status === RUNNING && (next === 0 || steepness <= this.#tolerance * length)) {
      this.#status = CONVERGED;
    }
    const beta = next / this.#gamma;
    for (let i = 0; i < p.length; ++i) p[i] = g[i]! + beta * p[i]!;
    this.#gamma = next;
  }

  #book(length: number): void {
    const residual = length / this.#scale;
    this.#residual = residual;
    ++this.#iteration;
    if (residual <= Math.max(this.#tolerance, VANISHED)) this.#status = CONVERGED;
    else if (length <= this.#noise) this.#status = DISCREPANCY;
    else if (!(residual < DIVERGENCE * Math.max(1, this.#reference))) this.#status = DIVERGED;
    else if (this.#iteration % STAGNATION_WINDOW === 0) {
      const stalled = residual <= this.#reference && residual > (1 - STAGNATION_FALL) * this.#reference;
      if (stalled) this.#status = residual <= ROUNDING ? CONVERGED : STAGNATED;
      this.#reference = residual;
    }
  }
}

/** Sum of products, float64, in the order of the indices. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i]! * b[i]!;
  return sum;
}

/** y += factor x. */
function add(y: Float32Array, factor: number, x: Float32Array): void {
  for (let i = 0; i < y.length; ++i) y[i]! += factor * x[i]!;
}
