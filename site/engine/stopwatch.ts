/** The time that steps take, without what is done between them. */
export class Stopwatch {
  #since = 0;
  #milliseconds = 0;
  #steps = 0;

  go(): void {
    this.#since = performance.now();
  }

  /** So many steps have been taken; the next one begins with `go`. */
  lap(steps = 1): void {
    this.#milliseconds += performance.now() - this.#since;
    this.#steps += steps;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Milliseconds a step. */
  get average(): number {
    return this.#steps > 0 ? this.#milliseconds / this.#steps : 0;
  }
}
