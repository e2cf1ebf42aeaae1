// Options that several analyses share, and their refusals.

import { wholeOption } from "../drive.js";

/** A seed that was given or 0. Throws UnpoolError "invalid-option". */
export function seedOption(seed: number | undefined): number {
  if (seed !== undefined) wholeOption("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  return seed ?? 0;
}

/** A count that was given or its default. Throws UnpoolError "invalid-option". */
export function countOption(
  name: string,
  value: number | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  if (value !== undefined) wholeOption(name, value, least, most);
  return value ?? fallback;
}
