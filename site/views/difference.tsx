// What of the original is missing or wrong.

import { DIFFERENCE_GAIN, type Frame } from "../engine/messages.js";
import { scientific } from "./numbers.js";
import { PixelCanvas } from "./pixel-canvas.js";

/** Of 8-bit pixels: less is black. */
const HALF_A_SHADE = 0.5 / 255;

/** @param none what stands where there is no original to compare with. */
export function Difference({ frame, none }: { frame: Frame | undefined; none: string }) {
  if (!frame?.difference) return <p class="picture none">{none}</p>;
  const { difference, largest } = frame;
  return (
    <>
      <PixelCanvas class="picture" pixels={difference} label="What of the original is missing or wrong" />
      {largest !== undefined && (
        <p class="caption">
          The largest is {scientific(largest)}, where black to white is 1
          {largest * DIFFERENCE_GAIN < HALF_A_SHADE ? ": too small to be seen." : "."}
        </p>
      )}
    </>
  );
}
