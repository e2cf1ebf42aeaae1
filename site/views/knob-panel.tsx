// All that can be set, in three groups.

import { idle, KNOBS, type Knobs } from "../state/knobs.js";
import { Control } from "./control.js";

interface Props {
  knobs: Knobs;
  ownPicture: boolean;
  onChange: (knobs: Knobs) => void;
}

const GROUPS: Readonly<Record<string, readonly (keyof Knobs)[]>> = {
  Layer: ["filters", "kernel", "stride", "pool", "rectifier", "seed"],
  Code: ["switches", "magnitudes", "values"],
  Decoder: ["method", "iterations", "share"],
  Picture: ["size", "scene"],
};

export function KnobPanel({ knobs, ownPicture, onChange }: Props) {
  const still = idle(knobs, ownPicture);
  return (
    <form class="knobs" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      {Object.entries(GROUPS).map(([title, names]) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          {names.map((name) => (
            <Control
              key={name}
              name={name}
              knob={KNOBS[name]}
              value={knobs[name]}
              disabled={still.has(name)}
              onChange={(value) => onChange({ ...knobs, [name]: value })}
            />
          ))}
        </fieldset>
      ))}
    </form>
  );
}
