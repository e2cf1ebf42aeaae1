// What a deployer lets one request, and all of them together, take.

import { UnpoolError } from "../errors.js";
import { show } from "../geometry.js";

export interface EdgeLimits {
  /** Bytes of a request's body. Default 24 MiB. */
  bodyBytes: number;
  /** Pixels (or positions of raw planes), height x width. Default 2^20, as 1024 x 1024. */
  pixels: number;
  /** Iterations that a request may ask for. Default 200. */
  iterations: number;
  /** Milliseconds from a request's arrival to its answer, for a slow body and for the work. Default 30,000. */
  milliseconds: number;
  /**
   * Multiply-adds of one request, computed from its shape and its iterations before the work begins. Default 2e11, 10 to
   * 20 seconds of a core. Where clocks stand still while code runs, as on Cloudflare's, it is this that bounds the work.
   */
  work: number;
  /** Bytes that all requests under way may hold at once, layers in use included. Default 64 MiB. */
  memoryBytes: number;
}

/** For a Worker of 128 MB with its 30 seconds of CPU time, and room for what is not counted. */
export const DEFAULT_LIMITS: EdgeLimits = {
  bodyBytes: 24 * 2 ** 20,
  pixels: 2 ** 20,
  iterations: 200,
  milliseconds: 30_000,
  work: 2e11,
  memoryBytes: 64 * 2 ** 20,
};

/** Tiles of an image, and layers of a network, that are taken, whatever the limits. */
export const MOST_TILES = 4096;
export const MOST_LAYERS = 64;

/** setTimeout takes no more. */
const LONGEST = 2 ** 31 - 1;

/** Checks what a deployer gives and fills in the rest. Throws UnpoolError "invalid-option". */
export function resolveLimits(given: Partial<EdgeLimits> = {}): EdgeLimits {
  const limits = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(limits, name)) {
      const names = Object.keys(limits).join(", ");
      throw new UnpoolError("invalid-option", `there is no limit ${show(name)}; the limits are ${names}`);
    }
    if (value === undefined) continue;
    const most = name === "milliseconds" ? LONGEST : Number.MAX_SAFE_INTEGER;
    limits[name as keyof EdgeLimits] = wholeNumber(`limits.${name}`, value, 1, most);
  }
  return limits;
}

/** Throws UnpoolError "invalid-option". */
export function wholeNumber(name: string, value: unknown, least: number, most: number): number {
  if (!(Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)) {
    throw new UnpoolError(
      "invalid-option",
      `${name} is ${show(value)}; it must be a whole number from ${least} to ${most}`,
    );
  }
  return value as number;
}

/** Refuses what exceeds a limit. Throws UnpoolError "too-large". */
export function within(limit: number, value: number, sentence: string): void {
  if (!(value <= limit))
    throw new UnpoolError("too-large", `${sentence}; this service takes at most ${limit}`);
}
