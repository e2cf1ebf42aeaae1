// The time of one request: when it must have ended, whether its client is still there, and pauses in between.

import { Problem, type ProblemCode } from "./problems.js";

/** So many multiply-adds between two pauses: a few tens of milliseconds. */
const STRETCH = 3e8;

export class Clock {
  /** When the request must have ended, on the clock of performance.now(). */
  readonly until: number;
  readonly #marks: string[] = [];
  #last = performance.now();
  #worked = 0;

  constructor(
    readonly signal: AbortSignal | undefined,
    readonly milliseconds: number,
  ) {
    this.until = this.#last + milliseconds;
  }

  /** Milliseconds that are left, at least 0. */
  get left(): number {
    return Math.max(0, this.until - performance.now());
  }

  /** Throws Problem "aborted" once the client has gone, `late` once time is up. */
  check(late: ProblemCode = "out-of-time"): void {
    if (this.signal?.aborted) throw new Problem("aborted", "the client ended the request");
    if (this.left === 0) throw this.late(late);
  }

  late(code: ProblemCode): Problem {
    const what = code === "slow-body" ? "the body had not arrived" : "the work had not ended";
    const retry = code === "slow-body" ? undefined : { "Retry-After": "1" };
    return new Problem(
      code,
      `${what} after ${this.milliseconds} milliseconds, the most that it may take`,
      retry,
    );
  }

  /**
   * After each piece of work. Now and then it waits for the host, so that other requests, and the news that the client
   * has gone, get their turn; on Workers, time passes only then.
   */
  async worked(multiplyAdds: number): Promise<void> {
    this.#worked += multiplyAdds;
    if (this.#worked >= STRETCH) {
      this.#worked = 0;
      await new Promise<void>((resolve) => setTimeout(resolve));
    }
    this.check();
  }

  /**
   * A promise that rejects when the client goes or time is up, and how to forget it.
   * @param late the code of the latter.
   */
  interruption(late: ProblemCode): { interrupted: Promise<never>; forget: () => void } {
    let forget = () => {};
    const interrupted = new Promise<never>((_, reject) => {
      const onAbort = () => reject(new Problem("aborted", "the client ended the request"));
      const timer = setTimeout(() => reject(this.late(late)), this.left);
      this.signal?.addEventListener("abort", onAbort);
      forget = () => {
        clearTimeout(timer);
        this.signal?.removeEventListener("abort", onAbort);
      };
    });
    interrupted.catch(() => {}); // it may reject while nobody waits
    return { interrupted, forget };
  }

  /** Ends a part of the request, for Server-Timing. */
  mark(name: string): void {
    const now = performance.now();
    this.#marks.push(`${name};dur=${(now - this.#last).toFixed(1)}`);
    this.#last = now;
  }

  get timing(): string {
    return this.#marks.join(", ");
  }
}
