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

/** What a call gives, or the code of its refusal; whatever else it throws is thrown on. */
export async function attempt<T extends object>(run: () => T | Promise<T>): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    return refusal(error);
  }
}

/** How an attempt ended. */
export function nameOf(end: object | string): string {
  return typeof end === "string" ? end : "accepted";
}

/** The same bytes, as a stream gives them. */
export async function* inChunks(bytes: Uint8Array, random: Random): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random.below(200);
    yield bytes.subarray(at, end);
    at = end;
  }
}

function refusal(error: unknown): string {
  const { name, code, message } = error as Error & { code?: string };
  if (name !== "UnpoolError" || code === undefined || !REFUSALS.includes(code) || !(message.length > 10)) {
    throw error;
  }
  return code;
}
