// One handler: what its deployer chose, and what its requests share. Nothing of a request outlives it here.

import { UnpoolError } from "../errors.js";
import { show } from "../geometry.js";
import type { Layers } from "../layer.js";
import type { Networks } from "../network/network.js";
import { LayerCache } from "./cache.js";
import { type EdgeLimits, resolveLimits, wholeNumber } from "./limits.js";
import { MemoryBudget } from "./memory.js";

export interface HandlerOptions {
  /** What a request may take; each has a default for a Worker of 128 MB. */
  limits?: Partial<EdgeLimits>;
  /**
   * Bytes of layers that are kept while no request uses them; those used least recently go first. They come on top of
   * limits.memoryBytes. Default 24 MiB; 0 keeps none.
   */
  cacheBytes?: number;
  /** An origin whose pages may use the service, as "https://example.org", or "*" for all. Default: none but its own. */
  cors?: string;
  /** The path that the service is mounted at, as "/unpool": begins with a slash, ends without. Default "": the root. */
  prefix?: string;
  /** Told of faults: what was thrown that is no refusal. Nobody is told by default. It is not given the
   * request, and must not throw. */
  onFault?: (error: unknown) => void;
}

export interface Service {
  readonly limits: EdgeLimits;
  readonly cacheBytes: number;
  readonly cors: string | undefined;
  readonly prefix: string;
  readonly onFault: ((error: unknown) => void) | undefined;
  readonly cache: LayerCache;
  readonly memory: MemoryBudget;
}

const OPTIONS = ["limits", "cacheBytes", "cors", "prefix", "onFault"];
const CACHE_BYTES = 24 * 2 ** 20;

/** Throws UnpoolError "invalid-option". */
export function serviceOf(maker: Layers & Networks, options: HandlerOptions = {}): Service {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw invalid(`there is no option ${show(unknown)}; the options are ${OPTIONS.join(", ")}`);
  }
  const { cacheBytes = CACHE_BYTES, cors, prefix = "", onFault } = options;
  const limits = resolveLimits(options.limits);
  wholeNumber("cacheBytes", cacheBytes, 0, Number.MAX_SAFE_INTEGER);
  if (cors !== undefined) checkOrigin(cors);
  if (typeof prefix !== "string" || !/^(\/[\w.~-]+)*$/.test(prefix)) {
    throw invalid(`prefix is ${show(prefix)}; it must be a path as "/unpool", without a slash at its end`);
  }
  if (onFault !== undefined && typeof onFault !== "function") {
    throw invalid(`onFault is ${show(onFault)}; it must be a function`);
  }
  const cache = new LayerCache(maker, cacheBytes);
  return { limits, cacheBytes, cors, prefix, onFault, cache, memory: new MemoryBudget(limits.memoryBytes) };
}

function checkOrigin(cors: unknown): void {
  if (cors === "*") return;
  const origin = typeof cors === "string" && URL.canParse(cors) ? new URL(cors).origin : undefined;
  if (origin === undefined || origin === "null" || origin !== cors) {
    throw invalid(`cors is ${show(cors)}; it must be "*" or an origin as "https://example.org"`);
  }
}

function invalid(message: string): UnpoolError {
  return new UnpoolError("invalid-option", message);
}
