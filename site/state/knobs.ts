// What can be set: one list, from which the controls, the address and every check follow.

import type { DecodeMethod, LayerSpec, Rectifier, SparsifyMethod } from "unpool";
import type { SerialiseOptions } from "unpool/code";
import { type ChoiceKnob, choice, type NumberKnob, number } from "./knob.js";

export type Method = DecodeMethod | SparsifyMethod;
export type Stored = NonNullable<SerialiseOptions["values"]>;

export interface Knobs {
  /** Pixels of the picture's longer side, as it is worked on. */
  size: number;
  /** Seed of the generated scene. */
  scene: number;
  filters: number;
  /** Height and width of a filter; the picture is padded by half of it. */
  kernel: number;
  stride: number;
  /** Height and width of a pooling region. */
  pool: number;
  rectifier: Rectifier;
  /** Seed of the filters. */
  seed: number;
  method: Method;
  iterations: number;
  /** Non-zeros of a sparse code, in hundredths of its entries. */
  share: number;
  /** What the decoder is told of the switches. */
  switches: "known" | "fixed" | "unknown";
  /** Whether it gets the code's values, or random magnitudes with their signs. */
  magnitudes: "true" | "random";
  /** How values are stored, and so rounded, before they are decoded. */
  values: Stored;
}

export const SPARSE: Readonly<Partial<Record<Method, string>>> = {
  iht: "IHT",
  niht: "NIHT",
  htp: "HTP",
  cgiht: "CGIHT",
  cosamp: "CoSaMP",
  fista: "FISTA",
};

export const KNOBS = {
  filters: number("filters K", [1, 32, 256], "Random filters: each gives one map of the code."),
  kernel: number(
    "kernel",
    [1, 5, 11],
    "Height and width of a filter, in pixels. The picture is padded by half of it.",
  ),
  stride: number("stride", [1, 1, 4], "Pixels from one position of a filter to the next."),
  pool: number("pool", [1, 2, 8], "Height and width of a pooling region, of which one entry is kept."),
  rectifier: choice(
    "rectifier",
    { none: "none", relu: "ReLU", crelu: "CReLU" },
    "none: a region keeps its entry of largest magnitude. ReLU: its largest positive one. CReLU: both signs, in twice the maps.",
  ),
  seed: number(
    "seed",
    [0, 0, Number.MAX_SAFE_INTEGER],
    "The filters come from this number alone, and so do random magnitudes.",
    "field",
  ),
  method: choice(
    "method",
    {
      "least-squares": "least squares",
      synthesis: "one step",
      ...SPARSE,
      scaled: "least squares, scaled",
      whitened: "least squares, whitened",
      hybrid: "least squares, hybrid",
    },
    "How the picture is found. One step is the paper’s decoder; IHT and its kin find a sparse code of the picture.",
  ),
  iterations: number(
    "steps",
    [1, 100, 500],
    "At most so many; a run ends earlier where nothing more is to be gained.",
  ),
  share: number(
    "share of non-zeros, %",
    [1, 100, 100],
    "Entries that a sparse code may have, in hundredths of all.",
  ),
  switches: choice(
    "switches",
    { known: "known", fixed: "fixed", unknown: "unknown" },
    "known: the decoder gets them. fixed: it takes the middle of each region. unknown: it estimates them.",
  ),
  magnitudes: choice(
    "magnitudes",
    { true: "the code’s", random: "random" },
    "random: the true switches and signs, with random magnitudes. What is left is what the switches alone know.",
  ),
  values: choice(
    "values stored as",
    { float32: "float32", float16: "float16", int8: "int8", int6: "int6", int4: "int4" },
    "How the values are rounded in the file that is decoded.",
  ),
  size: number(
    "longer side",
    [32, 160, 512],
    "Pixels of the picture’s longer side; larger pictures are scaled down.",
  ),
  scene: number(
    "scene",
    [0, 0, Number.MAX_SAFE_INTEGER],
    "The generated picture comes from this number alone.",
    "field",
  ),
} as const satisfies Record<keyof Knobs, NumberKnob | ChoiceKnob>;

export const USUAL = Object.fromEntries(
  Object.entries(KNOBS).map(([name, { usual }]) => [name, usual]),
) as unknown as Knobs;

export function isSparse({ method }: Knobs): boolean {
  return method in SPARSE;
}

/** Which of the knobs make no difference as the others stand. */
export function idle(knobs: Knobs, ownPicture: boolean): ReadonlySet<keyof Knobs> {
  const names: (keyof Knobs)[] = [];
  if (isSparse(knobs)) names.push("switches", "magnitudes");
  else names.push("share");
  if (knobs.method === "synthesis") names.push("iterations");
  if (knobs.pool === 1) names.push("switches");
  if (ownPicture) names.push("scene");
  return new Set(names);
}

/** Why no decoder does what the knobs ask, if that is so. */
export function conflictOf({ switches, method, pool }: Knobs): string | undefined {
  if (switches !== "unknown" || pool === 1 || method === "least-squares" || method in SPARSE)
    return undefined;
  const { choices } = KNOBS.method;
  return `Unknown switches are estimated by “${choices["least-squares"]}” alone, not by “${choices[method as keyof typeof choices]}”: choose that method, or other switches.`;
}

/** What createLayer takes, for a picture of this size. */
export function specOf(
  { filters, kernel, stride, pool, rectifier, seed }: Knobs,
  { height, width }: { height: number; width: number },
): LayerSpec {
  const padding = Math.floor(kernel / 2);
  return { input: { channels: 3, height, width }, filters, kernel, stride, padding, pool, rectifier, seed };
}
