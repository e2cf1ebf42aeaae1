// The largest eigenvalue L of W'W over every position that pooling can keep, from below.
//
//   u = random, normalised; repeat: g = W'W u; L = u.g; u = g / |g|
//
// The whole input is looked at, where the kernel's own iteration (for the step of sparsify) looks at a window.

import { analyse, dot, normalise, synthesise, type Workspace } from "./products.js";
import { uniform } from "./random.js";

const STEPS = 500;
/** Relative change of L between two steps that ends the iteration. */
const SETTLED = 1e-6;

/** With crelu, where every filter stands twice, L is twice that of the filters. */
export function largestEigenvalue(work: Workspace): { eigenvalue: number; iterations: number } {
  const draw = uniform(0);
  const u = Float32Array.from({ length: work.unknowns }, () => 2 * draw() - 1);
  const g = new Float64Array(work.unknowns);
  normalise(u);
  let eigenvalue = 0;
  for (let iterations = 1; ; ++iterations) {
    g.fill(0);
    analyse(work, u, () => {
      synthesise(work.layer, work.code, work.image);
      for (let i = 0; i < g.length; ++i) g[i]! += work.image[i]!;
    });
    const quotient = dot(u, g);
    const settled = Math.abs(quotient - eigenvalue) <= SETTLED * quotient;
    eigenvalue = quotient;
    normalise(g);
    u.set(g);
    normalise(u);
    if (settled || iterations === STEPS) return { eigenvalue, iterations };
  }
}
