// What a file may ask for at most. Whoever knows less memory than these defaults says so.

import { UnpoolError } from "../errors.js";
import { MAX_MEMORY_BYTES, show } from "../geometry.js";
import { MAX_LAYERS } from "../network/spec.js";

/** At most so much is read; anything beyond is refused as "too-large" before memory is committed for it. */
export interface Limits {
  /** Bytes of the file. Default 2^30. */
  bytes?: number;
  /**
   * Numbers of a code, values and switches of all layers together; parse, which keeps the codes of all tiles, counts all
   * of them. Default 2^26.
   */
  values?: number;
  /** Layers. Default 256, the most that a network has. */
  layers?: number;
  /** Height times width of the whole image, or length of the signal. Default 2^28. */
  pixels?: number;
  /** Tiles, and so codes. Default 2^16. */
  tiles?: number;
  /** Bytes of memory that the layer or network of the file takes, as estimateMemory says. Default 2^31. */
  memory?: number;
}

export const DEFAULT_LIMITS: Readonly<Required<Limits>> = {
  bytes: 2 ** 30,
  values: 2 ** 26,
  layers: MAX_LAYERS,
  pixels: 2 ** 28,
  tiles: 2 ** 16,
  memory: MAX_MEMORY_BYTES,
};

/** Limits, complete. Throws UnpoolError "invalid-option". */
export function limitsOf(limits?: Limits): Required<Limits> {
  const complete = { ...DEFAULT_LIMITS };
  for (const name of Object.keys(complete) as (keyof Limits)[]) {
    const value = limits?.[name] ?? complete[name];
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new UnpoolError(
        "invalid-option",
        `limits.${name} is ${show(value)}; it must be a whole number from 1 on`,
      );
    }
    complete[name] = value;
  }
  return complete;
}

/** Refuses what is beyond a limit. */
export function within(limits: Required<Limits>, name: keyof Limits, value: number, what: string): void {
  if (value <= limits[name]) return;
  throw new UnpoolError("too-large", `${what}: ${value}, and limits.${name} is ${limits[name]}`);
}
