// A knob: its name, what it is on demand, and what sets it. A slider has its number beside it, to be read and typed.

import { useState } from "preact/hooks";
import type { ChoiceKnob, NumberKnob } from "../state/knob.js";
import { NumberField } from "./number-field.js";
import { Slider } from "./slider.js";

interface Props {
  name: string;
  knob: NumberKnob | ChoiceKnob;
  value: string | number;
  disabled?: boolean;
  onChange(value: string | number): void;
}

export function Control({ name, knob, value, disabled = false, onChange }: Props) {
  const [helping, setHelping] = useState(false);
  const id = `knob-${name}`;
  const help = `${id}-help`;
  const common = { describedBy: help, disabled, onChange };
  return (
    <div class="control">
      <div class="control-head">
        <label for={id}>{knob.label}</label>
        <button
          type="button"
          class="control-ask"
          aria-label={`What is ${knob.label}?`}
          aria-expanded={helping}
          aria-controls={help}
          onClick={() => setHelping(!helping)}
        >
          ?
        </button>
      </div>
      {knob.kind === "choice" ? (
        <select
          id={id}
          value={value}
          aria-describedby={help}
          disabled={disabled}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          {Object.entries(knob.choices).map(([choice, called]) => (
            <option key={choice} value={choice}>
              {called}
            </option>
          ))}
        </select>
      ) : knob.as === "slider" ? (
        <div class="control-slider">
          <Slider {...common} id={id} knob={knob} value={Number(value)} />
          <NumberField
            {...common}
            id={`${id}-number`}
            label={`${knob.label}, as a number`}
            knob={knob}
            value={Number(value)}
          />
        </div>
      ) : (
        <NumberField {...common} id={id} knob={knob} value={Number(value)} />
      )}
      {/* hidden, it still describes its input */}
      <p id={help} class="control-help" hidden={!helping}>
        {knob.help}
      </p>
    </div>
  );
}
