// How far tiles overlap if nobody says.

import type { Pair } from "../geometry.js";
import { pair } from "./plan.js";

/** With padding of half the filter, and with less. docs/tiles.md has the errors in the overlaps by both. */
const [PADDED, BARE] = [16, 48];

/**
 * The overlap, in pixels, at which errors between tiles are about those elsewhere: 16, or 48 along both axes where the
 * padding is less than half the kernel, rounded down, along one: border pixels of a tile then lie in few patches.
 * @param layer as createLayer takes it: numbers or [height, width] in pixels; padding is 0 if it is not given.
 * @throws UnpoolError "invalid-option": no such sizes.
 */
export function usualOverlap({ kernel, padding = 0 }: { kernel: Pair; padding?: Pair }): number {
  const sizes = pair("the kernel", kernel, 1);
  const around = pair("the padding", padding, 0);
  return around.every((length, axis) => length >= Math.floor(sizes[axis]! / 2)) ? PADDED : BARE;
}
