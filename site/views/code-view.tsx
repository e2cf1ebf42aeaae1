// What is kept: the pooled values, where each was, and the filters that look. All at once, or one, larger.

import { useState } from "preact/hooks";
import { positionColours } from "../engine/draw.js";
import type { Atlas, CodeView as View } from "../engine/messages.js";
import { crop } from "./crop.js";
import { PixelCanvas, shapeOf } from "./pixel-canvas.js";

type Sheet = "maps" | "switches" | "filters";

const SHEETS: Readonly<Record<Sheet, string>> = {
  maps: "Pooled maps",
  switches: "Switches",
  filters: "Filters",
};

interface Props {
  view: View | undefined;
  /** What is said where there is none. */
  none: string;
}

export function CodeView({ view, none }: Props) {
  const [chosen, choose] = useState<Sheet>("maps");
  const [picked, pick] = useState(0);
  const sheet = view?.[chosen] ? chosen : "maps";
  const atlas = view?.[sheet];
  const one = Math.min(picked, atlas?.count ?? 0);
  const pixels = atlas && (one > 0 ? crop(atlas, one - 1) : atlas.pixels);
  const text = view && atlas ? described(sheet, view, atlas, one) : none;
  return (
    <>
      <button
        type="button"
        class="code-sheet"
        style={shapeOf(pixels)}
        aria-label={one > 0 ? "Show all" : "Show one, larger"}
        disabled={!atlas}
        onClick={(event) => atlas && pick(one > 0 ? 0 : pointedAt(event, atlas))}
      >
        <PixelCanvas class="picture" pixels={pixels} label={text} />
      </button>
      <div class="code-which">
        <fieldset class="choices" aria-label="What of the code is shown">
          {(Object.keys(SHEETS) as Sheet[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === sheet}
              disabled={!view?.[name]}
              onClick={() => choose(name)}
            >
              {SHEETS[name]}
            </button>
          ))}
        </fieldset>
        <input
          type="range"
          aria-label="Which one"
          aria-valuetext={one > 0 ? `number ${one}` : "all"}
          min={0}
          max={atlas?.count ?? 0}
          value={one}
          disabled={!atlas}
          onInput={({ currentTarget }) => pick(currentTarget.valueAsNumber)}
        />
      </div>
      <p class="caption">
        {view && sheet === "switches" && <Key pool={view.pool} />}
        {text}
      </p>
    </>
  );
}

/** A region, each position in its colour. */
function Key({ pool: [height, width] }: Pick<View, "pool">) {
  const colours = positionColours([height, width]);
  const data = new Uint8ClampedArray(4 * height * width).fill(255);
  for (let i = 0; i < height * width; ++i) data.set(colours.subarray(3 * i, 3 * i + 3), 4 * i);
  return <PixelCanvas class="code-key" pixels={{ width, height, data }} />;
}

/** Which picture of an atlas was clicked, from 1; 0 where there is none. By the keyboard, the first. */
function pointedAt({ currentTarget, offsetX, offsetY, detail }: MouseEvent, atlas: Atlas): number {
  if (detail === 0) return 1;
  const scale = atlas.pixels.width / (currentTarget as HTMLElement).clientWidth;
  const column = Math.floor((Math.max(0, offsetX) * scale) / (atlas.width + 1));
  const row = Math.floor((Math.max(0, offsetY) * scale) / (atlas.height + 1));
  const index = row * atlas.columns + Math.min(column, atlas.columns - 1);
  return index < atlas.count ? index + 1 : 0;
}

function described(sheet: Sheet, { shape, pool }: View, atlas: Atlas, one: number): string {
  const [, rows, columns] = shape;
  const all = atlas.total;
  const noun = sheet === "filters" ? "filter" : "map";
  const shown =
    atlas.count < all
      ? `The first ${atlas.count} of ${all} ${noun}s`
      : `${all} ${noun}${all === 1 ? "" : "s"}`;
  const which = one > 0 ? `${noun === "map" ? "Map" : "Filter"} ${one} of ${all}` : shown;
  if (sheet === "maps")
    return `${which}, ${columns} × ${rows} kept values${atlas.count > 1 && one === 0 ? " each" : ""}: warm is positive, cool negative.`;
  if (sheet === "switches") {
    return `${which}: the colour says where in its region of ${pool[1]} × ${pool[0]} each value was.`;
  }
  return `${which}, ${atlas.width} × ${atlas.height} pixels, in colour around grey.`;
}
