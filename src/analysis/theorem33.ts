// Theorem 3.3: how far one feed-forward pass is from inverting itself.

import { badOption } from "../check.js";

/**
 * The bound of Gilbert et al. 2017, Theorem 3.3, on |x^ - x| / |x| for x = W'z, z in M_k, and x^ = W' M(W x, k):
 *
 *   5 delta_2k / (1 - delta_k) * sqrt(1 + delta_2k) / sqrt(1 - delta_2k)
 *
 * It says something (is below 1) for delta_k = delta_2k up to 0.147 only. Infinity from a constant of 1 on, where
 * the theorem does not apply.
 *
 * @param deltaK constant of the model-RIP for k, at least 0
 * @param delta2K for 2k; default: the same, which is optimistic
 *
 * Throws UnpoolError "invalid-option".
 */
export function theorem33(deltaK: number, delta2K = deltaK): number {
  for (const [name, delta] of Object.entries({ deltaK, delta2K })) {
    if (!(typeof delta === "number" && delta >= 0)) throw badOption(name, delta, "a number, at least 0");
  }
  if (deltaK >= 1 || delta2K >= 1) return Number.POSITIVE_INFINITY;
  return ((5 * delta2K) / (1 - deltaK)) * (Math.sqrt(1 + delta2K) / Math.sqrt(1 - delta2K));
}
