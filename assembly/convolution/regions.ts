// Where the patches lie: rows of regions, steps between regions, and the table from switch to patch.

import { offsets } from "../arena";
import { channels, poolHeight, poolWidth, positions, strideHeight, strideWidth } from "../geometry";
import { rowBytes } from "./image";

/**
 * Fills the table from switch to the byte offset of its patch within a region. Regions of 1, 2 or 3
 * positions share a tile with their neighbours: entries past `positions` go on in the next region.
 */
export function fillOffsets(): void {
  for (let slot = 0; slot < max<i32>(positions, 4); ++slot) {
    const position = slot % positions;
    const row = <usize>((position / poolWidth) * strideHeight) * rowBytes();
    const column = (<usize>((position % poolWidth) * strideWidth * channels)) << 2;
    const region = <usize>(slot / positions) * regionStep();
    store<u32>(offsets + ((<usize>slot) << 2), <u32>(region + row + column));
  }
}

export function offsetOf(position: u32): usize {
  return <usize>load<u32>(offsets + ((<usize>position) << 2));
}

/** Bytes from the patch of a region's first position to that of the region on its right. */
export function regionStep(): usize {
  return (<usize>(poolWidth * strideWidth * channels)) << 2;
}

/** First patch of a row of regions. */
export function regionRow(image: usize, row: i32): usize {
  return image + <usize>(row * poolHeight * strideHeight) * rowBytes();
}
