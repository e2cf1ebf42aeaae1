// What is fuzzed: where its inputs come from, and what must hold for every one of them.

import type { Random } from "./random.js";

export interface Target {
  /** Valid inputs, and some that are almost. */
  seeds(): Promise<Uint8Array[]>;
  /** The parts of an input, of which half the mutations change one; none where it has no structure any more. */
  split(bytes: Uint8Array): Uint8Array[];
  /** Parts as an input, with lengths and checksums that are right: what lies behind them is reached. */
  join(parts: readonly Uint8Array[]): Uint8Array;
  /**
   * Feeds one input.
   * @returns how it ended: "accepted", or the code of the refusal; undefined where the input cannot even be fed, which does
   * not count.
   * @throws whatever breaks the laws.
   */
  run(bytes: Uint8Array, random: Random): Promise<string | undefined>;
}

/** Every code of an UnpoolError that bytes alone may be refused with. */
const REFUSALS = ["invalid-file", "invalid-input", "invalid-spec", "invalid-code", "invalid-option"].concat([
  "not-finite",
  "too-large",
  "unsupported",
]);

/** The code of a refusal; whatever else was thrown is thrown on. */
export function refusal(error: unknown): string {
  const { name, code, message } = error as Error & { code?: string };
  if (name !== "UnpoolError" || code === undefined || !REFUSALS.includes(code) || !(message.length > 10)) {
    throw error;
  }
  return code;
}
