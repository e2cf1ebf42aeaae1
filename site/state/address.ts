// A view as an address: `#method=iht&filters=8`, what differs from the usual; and back, with a word on what is refused.

import type { ChoiceKnob, NumberKnob } from "./knob.js";
import { KNOBS, type Knobs, USUAL } from "./knobs.js";
import { RIP_KNOBS, RIP_USUAL, type RipKnobs } from "./rip-knobs.js";

export type ViewName = "invert" | "rip";

export interface View {
  readonly name: ViewName;
  readonly knobs: Knobs;
  readonly rip: RipKnobs;
}

export interface Address {
  readonly view: View;
  /** A sentence for each part that was not understood. */
  readonly notices: readonly string[];
}

/** Longer values are shown up to here. */
const SHOWN = 24;
const MOST_NOTICES = 5;

export function addressOf({ name, knobs, rip }: View): string {
  const parameters = new URLSearchParams();
  if (name !== "invert") parameters.set("view", name);
  const [set, usual] = name === "invert" ? [knobs, USUAL] : [rip, RIP_USUAL];
  for (const [key, value] of Object.entries(set)) {
    if (value !== usual[key as keyof typeof usual]) parameters.set(key, String(value));
  }
  const text = parameters.toString();
  return text ? `#${text}` : "";
}

export function readAddress(hash: string): Address {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const notices: string[] = [];
  const named = parameters.get("view") ?? "invert";
  parameters.delete("view");
  const name = named === "rip" ? "rip" : "invert";
  if (named !== name) notices.push(`There is no view “${shorten(named)}”; this is “invert”.`);
  const known: Readonly<Record<string, NumberKnob | ChoiceKnob>> = name === "rip" ? RIP_KNOBS : KNOBS;
  const set: Record<string, unknown> = {};
  const refused = new Map<string, string>();
  for (const [key, text] of parameters) {
    const knob = Object.hasOwn(known, key) ? known[key] : undefined;
    const value = knob && readValue(knob, text);
    if (value === undefined) refused.set(key, text);
    else set[key] = value;
  }
  for (const [key, text] of [...refused].slice(0, MOST_NOTICES)) {
    const knob = Object.hasOwn(known, key) ? known[key] : undefined;
    notices.push(
      knob
        ? `“${key}” cannot be “${shorten(text)}”: ${rangeOf(knob)}; ${set[key] ?? knob.usual} is used.`
        : `There is nothing called “${shorten(key)}” to set.`,
    );
  }
  if (refused.size > MOST_NOTICES)
    notices.push(`There are ${refused.size - MOST_NOTICES} more that mean nothing.`);
  return {
    view: {
      name,
      knobs: { ...USUAL, ...(name === "invert" && set) },
      rip: { ...RIP_USUAL, ...(name === "rip" && set) },
    },
    notices,
  };
}

/** The value that a text means, if the knob can have it. */
export function readValue(knob: NumberKnob | ChoiceKnob, text: string): string | number | undefined {
  if (knob.kind === "choice") return Object.hasOwn(knob.choices, text) ? text : undefined;
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= knob.least && value <= knob.most ? value : undefined;
}

/** What it can be, as the end of a sentence. */
export function rangeOf(knob: NumberKnob | ChoiceKnob): string {
  if (knob.kind === "choice") return `it is one of ${Object.keys(knob.choices).join(", ")}`;
  return `it is a whole number from ${knob.least} to ${knob.most}`;
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
