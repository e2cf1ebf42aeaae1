// How a solver ran: kept by the layer in buffers that warm calls reuse.

export type Method = "synthesis" | "least-squares" | "iht";

export type Stopped =
  | "converged" // the residual or the gradient met the tolerance, or the rounding of float32
  | "stagnated" // the residual fell by less than 0.1 % over five iterations
  | "diverged" // the residual grew past 100 times the right-hand side, or overflowed
  | "iterations" // as many as were asked for
  | "aborted" // by the signal
  | "budget"; // out of time

export class Report {
  method: Method = "synthesis";
  iterations = 0;
  stopped: Stopped = "iterations";
  /** Step size of "iht"; scale of "synthesis"; NaN for the others. */
  step = Number.NaN;
  #history = new Float64Array(128);

  /** |residual| / |right-hand side| after each iteration (a view: copy it to keep it). */
  get residuals(): Float64Array {
    return this.#history.subarray(0, this.iterations);
  }

  /** The last of `residuals`, 1 before the first iteration. */
  get residual(): number {
    return this.iterations > 0 ? this.#history[this.iterations - 1]! : 1;
  }

  begin(method: Method, step: number): void {
    this.method = method;
    this.step = step;
    this.iterations = 0;
    this.stopped = "iterations";
  }

  push(residual: number): void {
    if (this.iterations === this.#history.length) {
      const longer = new Float64Array(2 * this.iterations);
      longer.set(this.#history);
      this.#history = longer;
    }
    this.#history[this.iterations++] = residual;
  }

  /** A report that later calls leave alone. */
  copy(): Report {
    const copy = new Report();
    copy.begin(this.method, this.step);
    for (const residual of this.residuals) copy.push(residual);
    copy.stopped = this.stopped;
    return copy;
  }

  toJSON(): object {
    const { method, iterations, stopped, step, residuals } = this;
    return { method, iterations, stopped, step, residuals: [...residuals] };
  }
}
