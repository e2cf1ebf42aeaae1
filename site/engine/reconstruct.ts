// From a picture to its code and back, as the knobs say: what is computed, without anything to look at. It asks nothing
// of its host and imports no entry of the package, so that the conformance program runs it everywhere.

import type { Code, DecodeMethod, DecodeOptions, Report, SparsifyMethod, SparsifyOptions } from "unpool";
import { isSparse, type Knobs } from "../state/knobs.js";
import { randomMagnitudes } from "./random-magnitudes.js";

/** How the solver ran. */
export type Course = Pick<Report, "iterations" | "stopped" | "solver" | "reason" | "residual">;

/** What is asked of a layer, of whichever build of the library. */
export interface Codec {
  readonly codeShape: readonly [planes: number, height: number, width: number];
  readonly report: Course;
  encode(x: Float32Array): Code;
  decode(code: Code, options?: DecodeOptions): Float32Array;
  sparsify(x: Float32Array, options: Omit<SparsifyOptions, "out">): Code;
}

/** A code, and the standard deviation of the errors in its values. */
export interface Stored {
  readonly code: Code;
  readonly noise: number;
}

export interface Hooks {
  /** What comes back of a code that is stored: this is decoded. */
  readonly store: (code: Code) => Stored;
  /** Called where the solver begins. */
  readonly begin?: () => void;
  /** Called after each step; `current` copies the planes that it has come to, into `out` or into fresh ones. */
  readonly step?: (
    iteration: number,
    residual: number,
    current: (out?: Float32Array) => Float32Array,
  ) => void;
  /** Sparse codes are multiplied out by this layer of the same filters, as the one that runs is busy. */
  readonly viewer?: Codec;
}

export interface Reconstruction {
  readonly planes: Float32Array;
  readonly course: Course;
}

/** @param layer as createLayer makes it of specOf(knobs, ...); errors are those of its calls. */
export function reconstruct(layer: Codec, x: Float32Array, knobs: Knobs, hooks: Hooks): Reconstruction {
  return isSparse(knobs) ? bySparseCode(layer, x, knobs, hooks) : byPooledCode(layer, x, knobs, hooks);
}

function byPooledCode(layer: Codec, x: Float32Array, knobs: Knobs, hooks: Hooks): Reconstruction {
  const encoded = layer.encode(x);
  if (knobs.magnitudes === "random") randomMagnitudes(encoded.values, knobs.seed);
  const { code, noise } = hooks.store(encoded);
  hooks.begin?.();
  const { iterations, switches } = knobs;
  const method = knobs.method as DecodeMethod;
  // random magnitudes are no maxima
  const inequalities = knobs.magnitudes === "true";
  const planes = layer.decode(code, {
    method,
    iterations,
    switches,
    inequalities,
    noise,
    onStep: hooks.step,
  });
  return { planes, course: courseOf(layer) };
}

function bySparseCode(layer: Codec, x: Float32Array, knobs: Knobs, hooks: Hooks): Reconstruction {
  const { step, viewer } = hooks;
  const { iterations, share } = knobs;
  const entries = layer.codeShape.reduce((product, length) => product * length, 1);
  const k = Math.max(1, Math.floor((entries * share) / 100));
  let copy: Code | undefined;
  const onStep: SparsifyOptions["onStep"] =
    step &&
    viewer &&
    ((iteration, residual, current) =>
      step(iteration, residual, (out) => {
        copy = current(copy);
        return viewer.decode(copy, { out });
      }));
  hooks.begin?.();
  const found = layer.sparsify(x, { method: knobs.method as SparsifyMethod, k, iterations, onStep });
  // before decode, which reports, too
  const course = courseOf(layer);
  return { planes: layer.decode(hooks.store(found).code), course };
}

/** A copy: the next call of the layer overwrites its report. */
export function courseOf({ report }: { readonly report: Course }): Course {
  const { iterations, stopped, solver, reason, residual } = report;
  return { iterations, stopped, solver, reason, residual };
}
