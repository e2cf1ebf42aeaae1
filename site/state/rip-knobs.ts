// What can be set of the paper's 1-D setting: channels x length signals, M filters, one region a filter.

import { type NumberKnob, number } from "./knob.js";

export interface RipKnobs {
  channels: number;
  length: number;
  filters: number;
  kernel: number;
  /** Non-zeros of a code. */
  nonzeros: number;
  seed: number;
}

export const RIP_KNOBS = {
  channels: number("channels", [1, 32, 64], "Channels of the signal."),
  length: number("length", [8, 32, 128], "Samples of the signal, a channel."),
  filters: number("filters K", [1, 96, 256], "Random filters, one region each."),
  kernel: number("kernel", [1, 5, 16], "Samples that a filter is long."),
  nonzeros: number("non-zeros k", [1, 10, 128], "Non-zeros of each random code, one a filter at most."),
  seed: number(
    "seed",
    [0, 0, Number.MAX_SAFE_INTEGER],
    "Filters and codes come from this number alone.",
    "field",
  ),
} as const satisfies Record<keyof RipKnobs, NumberKnob>;

export const RIP_USUAL = Object.fromEntries(
  Object.entries(RIP_KNOBS).map(([name, { usual }]) => [name, usual]),
) as unknown as RipKnobs;
