// The story: presets, and what the one that stands shows.

import type { Knobs } from "../state/knobs.js";
import { knobsOf, PRESETS, presetOf } from "../state/presets.js";

interface Props {
  knobs: Knobs;
  /** Of a file: then no preset stands. */
  decoding: boolean;
  onChoose: (knobs: Knobs) => void;
}

export function Presets({ knobs, decoding, onChoose }: Props) {
  const current = presetOf(knobs);
  return (
    <section class="presets" aria-label="Presets">
      <div class="choices">
        {PRESETS.map((preset) => (
          <button
            key={preset.name}
            type="button"
            aria-pressed={preset === current && !decoding}
            onClick={() => onChoose(knobsOf(preset))}
          >
            {preset.title}
          </button>
        ))}
      </div>
      <p class="story" aria-live="polite">
        {decoding
          ? "A code from a file, decoded: there is no original to compare it with."
          : (current?.story ??
            "Settings of your own. The address holds them: whoever has it sees the same of the scene, to the last bit.")}
      </p>
    </section>
  );
}
