// W x at every position of the regions, a row of regions under one filter at a time: what pooling chose from.
//
// It costs what A costs, times the positions of a region: two to four times the fused analysis, which forgets all but
// the maxima.

import { band } from "../arena";
import { pooledWidth, positions } from "../geometry";
import { offsetOf, regionRow, regionStep } from "./regions";
import { analyseRow } from "./switched";

/** band = [position][column], the entries of one plane in one row of regions, without bias. */
export function surveyPlane(image: usize, row: i32, plane: i32): void {
  for (let position = 0; position < positions; ++position) {
    const out = band + ((<usize>(position * pooledWidth)) << 2);
    const corner = regionRow(image, row) + offsetOf(position);
    analyseRow(corner, regionStep(), pooledWidth, plane, plane + 1, -1, out, 0, 0);
  }
}

/** Byte offset, from the image, of the patch at one position of a region. */
export function columnPatch(row: i32, column: i32, position: i32): usize {
  return regionRow(0, row) + <usize>column * regionStep() + offsetOf(position);
}
