// The story: presets, and what the one that stands shows.

import type { Knobs } from "../state/knobs.js";
import { knobsOf, PRESETS, presetOf } from "../state/presets.js";

interface Props {
  knobs: Knobs;
  disabled: boolean;
  onChoose: (knobs: Knobs) => void;
}

export function Presets({ knobs, disabled, onChoose }: Props) {
  const current = presetOf(knobs);
  return (
    <section class="presets" aria-label="Presets">
      <div class="choices">
        {PRESETS.map((preset) => (
          <button
            key={preset.name}
            type="button"
            aria-pressed={preset === current && !disabled}
            onClick={() => onChoose(knobsOf(preset))}
          >
            {preset.title}
          </button>
        ))}
      </div>
      <p class="story" aria-live="polite">
        {disabled
          ? "A code from a file, decoded: there is no original to compare it with."
          : (current?.story ??
            "Settings of your own. The address holds them: share it, and others see the same, to the last bit.")}
      </p>
    </section>
  );
}
