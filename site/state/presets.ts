// The story in six views: what each sets, and what it shows. Their results are among the digests that every host gives.

import { type Knobs, USUAL } from "./knobs.js";

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly story: string;
  readonly knobs: Partial<Knobs>;
}

export const PRESETS: readonly Preset[] = [
  {
    name: "exact",
    title: "Exact inversion",
    story:
      "Pooled maxima of 32 random filters, and where they were. Least squares on the switches gives the picture back, to the rounding of float32.",
    knobs: {},
  },
  {
    name: "one-step",
    title: "The paper’s one step",
    story:
      "Unpool to the switches, convolve with the transposed filters, done: one step of iterative hard thresholding. Edges come back; most of the picture does not.",
    knobs: { method: "synthesis" },
  },
  {
    name: "few-filters",
    title: "Few filters",
    story:
      "Four filters keep one value for every three unknowns. What was never measured, a prior of pictures fills in.",
    knobs: { filters: 4 },
  },
  {
    name: "lost-switches",
    title: "Lost switches",
    story:
      "Pooling by 4 × 4, and the decoder puts every maximum in the middle of its region: where the maxima were is what was lost. Least squares stops after 20 steps: more would fit the errors.",
    // more steps would fit the errors of the places
    knobs: { pool: 4, switches: "fixed", iterations: 20 },
  },
  {
    name: "found-switches",
    title: "Switches found again",
    story:
      "The same maxima, and still no switches: they are estimated and solved for in turn, and much of the picture returns.",
    knobs: { pool: 4, switches: "unknown" },
  },
  {
    name: "switches-alone",
    title: "Switches alone",
    story:
      "The other way round: true switches and signs, random magnitudes. Five steps of least squares, with a prior of pictures, and one still sees what it was.",
    // more would fit the magnitudes
    knobs: { magnitudes: "random", method: "whitened", iterations: 5 },
  },
];

export function knobsOf(preset: Preset): Knobs {
  return { ...USUAL, ...preset.knobs };
}

/** The preset that sets exactly this, if one does. */
export function presetOf(knobs: Knobs): Preset | undefined {
  return PRESETS.find((preset) => {
    const set = knobsOf(preset);
    return (Object.keys(USUAL) as (keyof Knobs)[]).every((name) => set[name] === knobs[name]);
  });
}
