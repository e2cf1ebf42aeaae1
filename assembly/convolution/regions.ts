// Where the patches lie: rows of regions, steps between regions, and the table from switch to patch.

import { offsets } from "../arena";
import {
  channels,
  pooledWidth,
  poolHeight,
  poolWidth,
  positions,
  strideHeight,
  strideWidth,
} from "../geometry";
import { rowBytes } from "./image";

/** Fills the table from switch to the byte offset of its patch within a region. */
export function fillOffsets(): void {
  for (let position = 0; position < positions; ++position) {
    const row = <usize>((position / poolWidth) * strideHeight) * rowBytes();
    const column = (<usize>((position % poolWidth) * strideWidth * channels)) << 2;
    store<u32>(offsets + ((<usize>position) << 2), <u32>(row + column));
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

/** First patch of a region by its number, row-major. */
export function regionPatch(image: usize, region: i32): usize {
  return regionRow(image, region / pooledWidth) + <usize>(region % pooledWidth) * regionStep();
}
