// Bytes that requests hold, reserved before they are allocated: what exceeds the limit is refused, or told to come again.

import { UnpoolError } from "../errors.js";
import { Problem } from "./problems.js";

/** A request that is over its time by so many milliseconds has ended, whether it said so or not. */
const GRACE = 10_000;

/** Of all requests under way. */
export class MemoryBudget {
  readonly #shares = new Set<Reservation>();

  constructor(readonly limit: number) {}

  /** Bytes that are reserved now. */
  get reserved(): number {
    let bytes = 0;
    for (const share of this.#shares) bytes += share.held;
    return bytes;
  }

  /**
   * A share that is empty; give it back with release. A host may drop a request whose client has gone without letting it
   * end, as Cloudflare's does: what such a one held is free some time after it should have.
   * @param until when the request must have ended, on the clock of performance.now().
   */
  open(until: number): Reservation {
    const now = performance.now();
    for (const share of this.#shares) if (share.until + GRACE < now) share.release();
    const share = new Reservation(this, until, () => this.#shares.delete(share));
    this.#shares.add(share);
    return share;
  }
}

/** What one request holds. */
export class Reservation {
  #held = 0;
  readonly #endings: (() => void)[] = [];

  constructor(
    readonly budget: MemoryBudget,
    readonly until: number,
    readonly close: () => void,
  ) {}

  /** Bytes. */
  get held(): number {
    return this.#held;
  }

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
  }

  /** Gives some of it back. */
  give(bytes: number): void {
    this.#held -= bytes;
  }

  /** Has something done when the request ends, however it does. */
  atEnd(run: () => void): void {
    this.#endings.push(run);
  }

  /** Ends: gives everything back. */
  release(): void {
    this.#held = 0;
    this.close();
    for (const run of this.#endings.splice(0)) run();
  }
}
