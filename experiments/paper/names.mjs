// The experiments by name, in the paper's order and then those beyond it.

/** @type {Record<string, () => Promise<any>>} */
export const EXPERIMENTS = {
  classification: () => import("./classification.mjs"),
  "rip-1d": () => import("./rip-1d.mjs"),
  "rip-2d": () => import("./rip-2d.mjs"),
  coherence: () => import("./coherence.mjs"),
  sparsity: () => import("./sparsity.mjs"),
  reconstruction: () => import("./reconstruction.mjs"),
  phase: () => import("./phase.mjs"),
  rate: () => import("./rate.mjs"),
  bound: () => import("./bound.mjs"),
};
