// The entry unpool/analysis: what a layer and a code are worth, measured. It works on layers of any entry, by their
// public methods, and holds no kernel. Functions that use a layer overwrite its report.

export { psnr, relativeError } from "../image/metrics.js";
export { type Coherence, coherence } from "./coherence.js";
export { type Conditioning, type ConditioningOptions, conditioning } from "./conditioning.js";
export { type Coverage, coverage } from "./coverage.js";
export type { Distribution } from "./distribution.js";
export type { Extremes } from "./extremes.js";
export { type ModelRip, type ModelRipOptions, modelRip } from "./model-rip.js";
export { type OperatorNorm, operatorNorm } from "./operator-norm.js";
export {
  type PhaseCell,
  type PhaseTransition,
  type PhaseTransitionOptions,
  phaseTransition,
} from "./phase-transition.js";
export { drawCode, type Uniform, uniform } from "./random.js";
export {
  type SwitchAgreement,
  type SwitchStatistics,
  switchAgreement,
  switchStatistics,
} from "./switch-statistics.js";
export { theorem33 } from "./theorem33.js";
