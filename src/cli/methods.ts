// The ways in which unpool invert reconstructs a picture: their names, how long they run, what to say of them.

import type { DecodeMethod, SparsifyMethod } from "../index.js";
import { definition } from "./format.js";

interface Way {
  /**
   * "decoder": from the code's values, and their switches where they are known. "sparsifier": a sparse code of its own
   * is found for the picture, and multiplied out.
   */
  kind: "decoder" | "sparsifier";
  /** How many iterations the library makes of it, at most, unless told: for the progress bar. */
  iterations: number;
  /** How many the command line asks for unless told, where the library would go on too long. */
  limit?: number;
  meaning: string;
}

const sparsifier = (meaning: string, iterations = 50): Way => ({ kind: "sparsifier", iterations, meaning });
const decoder = (meaning: string, iterations = 100): Way => ({ kind: "decoder", iterations, meaning });

/** In the order of --help. The sparsifiers are those of the library. */
const WAYS = {
  synthesis: decoder(
    "one step: the code’s values at their switches, through the filters once, times the factor that fits best",
    1,
  ),
  "least-squares": decoder(
    "the picture whose activations at the switches are the code’s values, by the solver that suits the code",
  ),
  scaled: decoder("least squares by conjugate gradients in the pixels, their columns scaled"),
  whitened: decoder("least squares in the variables of the prior: what is left open is as in pictures"),
  hybrid: decoder("whitened at first, then scaled"),
  iht: sparsifier("iterative hard thresholding: gradient steps, of which one entry a region is kept"),
  niht: sparsifier("normalised iterative hard thresholding: the step adapts, and the residual never rises"),
  htp: sparsifier("hard thresholding pursuit: after each step least squares on the entries that were kept"),
  cgiht: sparsifier(
    "conjugate gradient iterative hard thresholding: its steps are conjugate while they can be",
  ),
  cosamp: sparsifier("compressive sampling matching pursuit: entries are added, solved for and thinned out"),
  omp: {
    ...sparsifier("orthogonal matching pursuit: one entry more an iteration, all of them solved for anew"),
    limit: 50, // until every region has its entry may take days
  },
  ista: sparsifier("iterative soft thresholding: |x − W′z|² + λ|z|₁ by gradient steps", 500),
  fista: sparsifier("accelerated iterative soft thresholding: |x − W′z|² + λ|z|₁, in fewer steps", 500),
  "algorithm-2": sparsifier("the paper’s: |x − W′z|² + λ|z|₁ by FISTA, then again on the entries kept", 500),
} satisfies Record<string, Way>;

export type MethodName = keyof typeof WAYS;

export const METHOD_NAMES = Object.keys(WAYS) as readonly MethodName[];

/** What is compared unless it is said, as far as it goes with what is known of the switches. */
const USUAL: readonly MethodName[] = ["synthesis", "iht", "least-squares"];

export type SwitchKnowledge = "known" | "fixed" | "unknown";
export const SWITCH_KNOWLEDGE: readonly SwitchKnowledge[] = ["known", "fixed", "unknown"];

/** What of the options decides how long the methods run. */
export interface MethodOptions {
  method?: readonly MethodName[];
  switches: SwitchKnowledge;
  iterations?: number;
}

/** The methods to compare, in order. */
export function methodsOf({ method, switches }: MethodOptions): readonly MethodName[] {
  return method ?? USUAL.filter((name) => canKnow(name, switches));
}

/** Only least squares can estimate switches; sparsifiers do without those of the code. */
export function canKnow(name: MethodName, switches: SwitchKnowledge): boolean {
  return switches !== "unknown" || name === "least-squares" || isSparsifier(name);
}

export function isSparsifier(name: MethodName): boolean {
  return WAYS[name].kind === "sparsifier";
}

/** Whether the method has iterations, and a solver that stops. */
export function iterates(name: MethodName): boolean {
  return name !== "synthesis";
}

/** What the library is asked for; undefined leaves it to the library. */
export function askedIterations(name: MethodName, { iterations }: MethodOptions): number | undefined {
  return iterations ?? (WAYS[name] as Way).limit;
}

/** How many iterations that will be, at most. */
export function mostIterations(name: MethodName, options: MethodOptions): number {
  if (!iterates(name)) return 1;
  const fixed = options.switches === "fixed" && !isSparsifier(name);
  return askedIterations(name, options) ?? (fixed ? FIXED_ITERATIONS : WAYS[name].iterations);
}

/** Of a decoder where the middle of each region stands for its switch. */
const FIXED_ITERATIONS = 20;

export function meaningOf(name: MethodName): string {
  return WAYS[name].meaning;
}

/** Every method with what it does, for --help on 80 columns. */
export function methodList(): string {
  return METHOD_NAMES.flatMap((name) => definition(name, WAYS[name].meaning, 17)).join("\n");
}

/** The library's names; a list that holds more than the library does is refused there. */
export const asDecoder = (name: MethodName) => name as DecodeMethod;
export const asSparsifier = (name: MethodName) => name as SparsifyMethod;
