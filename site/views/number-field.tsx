// A whole number to type. What it cannot be is not sent: the field says so, and keeps what was typed.

import { useState } from "preact/hooks";
import { rangeOf, readValue } from "../state/address.js";
import type { NumberKnob } from "../state/knob.js";

interface Props {
  id: string;
  /** Its name, where no label has it. */
  label?: string;
  describedBy: string;
  knob: NumberKnob;
  value: number;
  disabled: boolean;
  onChange(value: number): void;
}

export function NumberField({ id, label, describedBy, knob, value, disabled, onChange }: Props) {
  // what is being typed, as long as the value is the one that it was typed over, or made
  const [typed, setTyped] = useState({ text: String(value), value });
  const text = typed.value === value ? typed.text : String(value);
  // an empty field is one that is being typed in; left so, it shows its number again
  const refused = text !== "" && readValue(knob, text) === undefined;
  const problem = `${id}-problem`;
  return (
    <>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={knob.least}
        max={knob.most}
        step={1}
        value={text}
        aria-label={label}
        aria-describedby={refused ? `${problem} ${describedBy}` : describedBy}
        aria-invalid={refused}
        disabled={disabled}
        onInput={({ currentTarget }) => setTyped({ text: currentTarget.value, value })}
        // by Enter, by leaving, by the arrows: 2 and 20 on the way to 200 are not meant
        onChange={({ currentTarget }) => {
          const next = readValue(knob, currentTarget.value);
          if (typeof next === "number" && next !== value) onChange(next);
        }}
        onBlur={() => setTyped({ text: String(value), value })}
      />
      {refused && (
        <p id={problem} class="control-problem">
          Still {value}: {rangeOf(knob)}.
        </p>
      )}
    </>
  );
}
