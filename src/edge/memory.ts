// Bytes that requests hold, reserved before they are allocated: what exceeds the limit is refused, or told to come again.

import { UnpoolError } from "../errors.js";
import { Problem } from "./problems.js";

/** Of all requests under way. */
export class MemoryBudget {
  #reserved = 0;

  constructor(readonly limit: number) {}

  /** Bytes that are reserved now. */
  get reserved(): number {
    return this.#reserved;
  }

  /** A share that is empty; give it back with release. */
  open(): Reservation {
    return new Reservation(this, (bytes) => {
      this.#reserved += bytes;
    });
  }
}

/** What one request holds. */
export class Reservation {
  #held = 0;

  constructor(
    readonly budget: MemoryBudget,
    private readonly add: (bytes: number) => void,
  ) {}

  /**
   * Reserves more.
   * @param what of the sentence: "the body".
   * @throws UnpoolError "too-large": more than there is for one request. Problem "busy-service": more than others leave.
   */
  take(bytes: number, what: string): void {
    const { limit, reserved } = this.budget;
    const held = this.#held + bytes;
    if (!(held <= limit)) {
      throw new UnpoolError(
        "too-large",
        `with ${what} this request needs ${held} bytes of memory; this service takes at most ${limit}`,
      );
    }
    if (reserved + bytes > limit) {
      throw new Problem(
        "busy-service",
        `${what} needs ${bytes} bytes of memory, and other requests leave ${limit - reserved}: try again`,
        { "Retry-After": "1" },
      );
    }
    this.#held = held;
    this.add(bytes);
  }

  /** Gives some of it back. */
  give(bytes: number): void {
    this.#held -= bytes;
    this.add(-bytes);
  }

  /** Gives everything back. */
  release(): void {
    this.give(this.#held);
  }
}
