// Original and reconstruction, one over the other, with a divider between them.

import { useState } from "preact/hooks";
import type { Pixels } from "../engine/messages.js";
import { PixelCanvas, shapeOf } from "./pixel-canvas.js";

interface Props {
  /** Undefined where there is none, as of a file: then there is no divider either. */
  original: Pixels | undefined;
  reconstruction: Pixels | undefined;
  label: string;
}

export function Compare({ original, reconstruction, label }: Props) {
  const [at, setAt] = useState(50);
  if (!original) return <PixelCanvas class="picture" pixels={reconstruction} label={label} />;
  return (
    <div class="compare" style={{ ...shapeOf(original), "--at": `${at}%` }}>
      <PixelCanvas class="picture" pixels={original} />
      <PixelCanvas class="picture compare-over" pixels={reconstruction} label={label} />
      <span class="compare-side" aria-hidden="true">
        original
      </span>
      <span class="compare-side compare-right" aria-hidden="true">
        reconstruction
      </span>
      <span class="compare-line" aria-hidden="true" />
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={at}
        aria-label="Divider"
        aria-valuetext={`original left of ${at} %, reconstruction right of it`}
        onInput={({ currentTarget }) => setAt(currentTarget.valueAsNumber)}
      />
    </div>
  );
}
