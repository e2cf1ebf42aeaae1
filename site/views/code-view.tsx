// What the network keeps: the pooled values, where each was, and the filters that look.

import { useState } from "preact/hooks";
import type { Atlas, CodeView as View } from "../engine/messages.js";
import { PixelCanvas } from "./pixel-canvas.js";

type Sheet = "maps" | "switches" | "filters";

const SHEETS: Readonly<Record<Sheet, string>> = {
  maps: "Pooled maps",
  switches: "Switches",
  filters: "Filters",
};

export function CodeView({ view }: { view: View | undefined }) {
  const [chosen, choose] = useState<Sheet>("maps");
  const sheet = view && !view[chosen] ? "maps" : chosen;
  const atlas = view?.[sheet];
  return (
    <div class="code">
      <fieldset class="choices" aria-label="What of the code is shown">
        {(Object.keys(SHEETS) as Sheet[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === sheet}
            disabled={view && !view[name]}
            onClick={() => choose(name)}
          >
            {SHEETS[name]}
          </button>
        ))}
      </fieldset>
      <PixelCanvas
        class="picture atlas"
        pixels={atlas?.pixels}
        label={view && atlas ? `${SHEETS[sheet]}: ${described(sheet, view, atlas)}` : "No code yet"}
      />
      <p class="caption">{view && atlas ? described(sheet, view, atlas) : " "}</p>
    </div>
  );
}

function described(sheet: Sheet, { shape, pool }: View, { count, height, width }: Atlas): string {
  const [planes, rows, columns] = shape;
  const some = (what: string, all: number) =>
    count < all ? `the first ${count} of ${all} ${what}` : `${all} ${what}`;
  if (sheet === "maps") {
    return `${some("maps", planes)} of ${columns} × ${rows} kept values: warm is positive, cool negative.`;
  }
  if (sheet === "switches") {
    const [down, across] = pool;
    return `${some("maps", planes)}; a colour says where in its ${across} × ${down} region each value was.`;
  }
  return `${some("filters", count)} of ${width} × ${height} pixels, in colour around grey.`;
}
