// What of the original is missing or wrong.

import type { Frame } from "../engine/messages.js";
import { scientific } from "./numbers.js";
import { PixelCanvas } from "./pixel-canvas.js";

/** @param none what stands where there is no original to compare with. */
export function Difference({ frame, none }: { frame: Frame | undefined; none: string }) {
  if (!frame?.difference) return <p class="picture none">{none}</p>;
  const { difference, largest } = frame;
  return (
    <>
      <PixelCanvas class="picture" pixels={difference} label="What of the original is missing or wrong" />
      {largest !== undefined && (
        <p class="caption">The largest is {scientific(largest)}, where black to white is 1.</p>
      )}
    </>
  );
}
