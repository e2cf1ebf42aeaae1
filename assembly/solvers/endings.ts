// How runs end: their statuses, and the bounds by which a run is told to have ended.
//
// Compiled twice, like arena.ts: here, and as TypeScript for conjugate gradients over whole networks.

export const RUNNING: i32 = 0;
/** The residual, or the gradient, is as small as was asked for, or as float32 can make it. */
export const CONVERGED: i32 = 1;
/** The residual has fallen by less than one part in a thousand over five iterations. */
export const STAGNATED: i32 = 2;
/** The residual has grown past all bounds or is no number; the result is what the last step left. */
export const DIVERGED: i32 = 3;
/** The residual is as small as the noise that the caller knows of: what is left says nothing about the input. */
export const DISCREPANCY: i32 = 4;

export const STAGNATION_WINDOW: i32 = 5;
export const STAGNATION_FALL: f64 = 1e-3;
/** A residual that stalls below this is rounding: float32 vectors settle between 1e-7 and 3e-7. */
export const ROUNDING: f64 = 5e-7;
/** So far below rounding a recursive residual no longer means anything, and goes on towards denormals. */
export const VANISHED: f64 = 1e-12;
/** A residual that has grown by this factor, over the right-hand side or a worse start, is not coming back (Blanchard and Tanner). */
export const DIVERGENCE: f64 = 100;
