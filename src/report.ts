// How a solver ran: kept by the layer in buffers that warm calls reuse.

import type { DecodeMethod } from "./decode.js";
import type { Solver } from "./plan.js";
import type { SparsifyMethod } from "./sparsify.js";

export type Method = DecodeMethod | SparsifyMethod | "layer-by-layer";

export type Stopped =
  | "converged" // the residual or the gradient met the tolerance, or the rounding of float32
  | "stagnated" // the residual fell by less than 0.1 % over five iterations
  | "diverged" // the residual grew past 100 times the right-hand side, or overflowed
  | "discrepancy" // the residual is what the noise of the values explains
  | "iterations" // as many as were asked for
  | "aborted" // by the signal
  | "budget"; // out of time

export class Report {
  method: Method = "synthesis";
  iterations = 0;
  stopped: Stopped = "iterations";
  /** Step size of "iht" and of the l1 methods; scale of "synthesis"; NaN for the others. */
  step = Number.NaN;
  /** Rows of W that were multiplied, or added up, in units of all rows that pooling sees: of one W x. */
  products = 0;
  /** Of least squares: the solver that ran. */
  solver: Solver | undefined;
  /** Of least squares: why that one, in a sentence. */
  reason = "";
  /** Of estimated switches: |max - |v|| / |v|, max the maxima of the result's regions; NaN where switches were known. */
  poolResidual = Number.NaN;
  #residuals = new Float64Array(128);
  #gradients = new Float64Array(128);

  /** |residual| / |right-hand side| after each iteration (a view: copy it to keep it). */
  get residuals(): Float64Array {
    return this.#residuals.subarray(0, this.iterations);
  }

  /** How far each iteration left the run from stationary, by the measure of its method (a view). */
  get gradients(): Float64Array {
    return this.#gradients.subarray(0, this.iterations);
  }

  /** The last of `residuals`, 1 before the first iteration. */
  get residual(): number {
    return this.iterations > 0 ? this.#residuals[this.iterations - 1]! : 1;
  }

  /** @internal */
  begin(method: Method, step: number): void {
    this.method = method;
    this.step = step;
    this.iterations = 0;
    this.products = 0;
    this.solver = undefined;
    this.reason = "";
    this.poolResidual = Number.NaN;
    this.stopped = "iterations";
  }

  /** @internal */
  push(residual: number, gradient: number): void {
    const length = this.#residuals.length;
    if (this.iterations === length) {
      this.#residuals = longer(this.#residuals, 2 * length);
      this.#gradients = longer(this.#gradients, 2 * length);
    }
    this.#residuals[this.iterations] = residual;
    this.#gradients[this.iterations++] = gradient;
  }

  /**
   * The residual of what became of the last iteration's result.
   * @internal
   */
  amend(residual: number): void {
    if (this.iterations > 0) this.#residuals[this.iterations - 1] = residual;
  }

  /** A report that later calls leave alone. */
  copy(): Report {
    const copy = new Report();
    const { method, step, iterations, stopped, products, solver, reason, poolResidual } = this;
    copy.#residuals = longer(this.residuals, iterations);
    copy.#gradients = longer(this.gradients, iterations);
    return Object.assign(copy, { method, step, iterations, stopped, products, solver, reason, poolResidual });
  }

  toJSON(): object {
    const {
      residuals,
      gradients,
      method,
      solver,
      reason,
      iterations,
      stopped,
      step,
      products,
      poolResidual,
    } = this;
    return {
      ...{ method, solver, reason, iterations, stopped, step, products, poolResidual },
      residuals: [...residuals],
      gradients: [...gradients],
    };
  }
}

function longer(numbers: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(length);
  copy.set(numbers);
  return copy;
}
