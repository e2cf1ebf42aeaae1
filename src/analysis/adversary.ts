// Codes in M_k that W' stretches or shrinks most: the projected power method, a lower bound on delta_k.
//
//   top       z <- M(G z, k) / |.|            G = W W', over every position of every region
//   bottom    z <- M(t z - G z, k) / |.|      t the greatest quotient that the top has found
//
// M(b, k) keeps the entry of largest magnitude of each region (lowest position among equals) and of those the k largest:
// the exact projection on M_k (Baraniuk et al. 2010). Each start ends with the extreme eigenvalues of its support's Gram
// matrix; of a support too large for that, with the quotient of its z. Either is attained by a code, whatever t was:
// with t the largest eigenvalue of G, for which the method is monotone, 50 steps reach 0.52 instead of 0.35 (k = 10).
// (Journee et al., Generalized power method for sparse PCA, 2010, is the same idea for unstructured sparsity.)

import type { Code } from "../layer.js";
import { symmetricEigenvalues } from "./eigenvalues.js";
import { type Extremes, extremes, GRAM_LIMIT } from "./extremes.js";
import { analyse, dot, emptyCode, normalise, synthesise, type Workspace } from "./products.js";
import { drawCode, type Uniform } from "./random.js";
import { type Filters, filtersOf, gramMatrix, supportOf } from "./rows.js";

/** A start ends once its support has stayed for so many steps. */
const SETTLED = 10;

export function adversary(
  work: Workspace,
  draw: Uniform,
  k: number,
  starts: number,
  steps: number,
): Extremes {
  const filters = filtersOf(work.layer);
  const order = Uint32Array.from({ length: work.entries }, (_, i) => i);
  const z = emptyCode(work.layer);
  let least = Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (let start = 0; start < 2 * starts; ++start) {
    const bottom = start >= starts;
    drawCode(draw, k, work.positions, z, order);
    normalise(z.values);
    let settled = 0;
    for (let step = 0; step < steps && settled < SETTLED; ++step) {
      settled = advance(work, z, k, bottom ? greatest : undefined) ? 0 : settled + 1;
    }
    const [low, high] = quotients(work, filters, z);
    least = Math.min(least, low);
    greatest = Math.max(greatest, high);
  }
  return extremes(least, greatest);
}

/** One step of the method: whether the support changed. */
function advance(work: Workspace, z: Code, k: number, shift: number | undefined): boolean {
  const kept = new Float64Array(work.entries);
  const switches = new Uint32Array(work.entries);
  synthesise(work.layer, z, work.image);
  analyse(work, work.image, (values, position) => {
    for (let i = 0; i < values.length; ++i) {
      const own = z.switches[i] === position ? z.values[i]! : 0;
      const value = shift === undefined ? values[i]! : shift * own - values[i]!;
      if (Math.abs(value) <= Math.abs(kept[i]!)) continue;
      kept[i] = value;
      switches[i] = position;
    }
  });
  const threshold = kept.map(Math.abs).sort()[kept.length - k]!;
  let equals = k;
  for (const value of kept) if (Math.abs(value) > threshold) --equals;
  let changed = false;
  for (let i = 0; i < kept.length; ++i) {
    const size = Math.abs(kept[i]!);
    const keep = size > 0 && (size > threshold || (size === threshold && equals-- > 0));
    changed ||= keep !== (z.values[i] !== 0) || (keep && z.switches[i] !== switches[i]);
    z.values[i] = keep ? kept[i]! : 0;
    z.switches[i] = keep ? switches[i]! : 0;
  }
  normalise(z.values);
  return changed;
}

/** Extreme values of |W'z|^2/|z|^2 on the support of z. */
function quotients(work: Workspace, filters: Filters, z: Code): [least: number, greatest: number] {
  const support = supportOf(work.layer, z);
  const n = support.length;
  if (n === 0) return [0, 0];
  if (n <= GRAM_LIMIT) {
    const eigenvalues = symmetricEigenvalues(gramMatrix(filters, support), n);
    return [eigenvalues[0]!, eigenvalues[n - 1]!];
  }
  synthesise(work.layer, z, work.image);
  const quotient = dot(work.image, work.image) / dot(z.values, z.values);
  return [quotient, quotient];
}
