// A slider over whole numbers.

import type { NumberKnob } from "../state/knob.js";
import { numberAfter, scaleOf } from "../state/slider.js";

interface Props {
  id: string;
  describedBy: string;
  knob: NumberKnob;
  value: number;
  disabled: boolean;
  onChange(value: number): void;
}

export function Slider({ id, describedBy, knob, value, disabled, onChange }: Props) {
  const scale = scaleOf(knob);
  const send = (next: number) => {
    if (next !== value) onChange(next);
  };
  return (
    <input
      id={id}
      type="range"
      min={0}
      max={scale.last}
      value={scale.positionOf(value)}
      // its value is a position; what it means is the number
      aria-valuetext={String(value)}
      aria-describedby={describedBy}
      disabled={disabled}
      onInput={({ currentTarget }) => send(scale.valueAt(Number(currentTarget.value)))}
      // a key moves by whole numbers, not by positions
      onKeyDown={(event) => {
        const next = numberAfter(event.key, value, knob);
        if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        send(next);
      }}
    />
  );
}
