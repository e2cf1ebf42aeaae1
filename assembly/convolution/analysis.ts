// Analysis W x fused with max-pooling: the K x n activations are never stored.
//
// A batch of regions at a time is packed into panels of four, and block after block of filters is multiplied with all
// of them and reduced at once to one entry a region: the filters stream, the panels stay near. Panels hold patches
// (patches.ts) or, for regions of 2 x 2 under square filters of 3, 5 or 7, the points of the fast convolution
// (points.ts).

import { points } from "../geometry";
import { analysePatches } from "./patches";
import { analysePoints } from "./points";

/**
 * The code of `image`: for each region the pooled entry of step x (W image + bias) and its switch. With
 * `previous`, of the code plus step x W image (no bias): the first half of an IHT iteration.
 */
export function analyse(image: usize, step: f32, previous: bool): void {
  if (points > 0) analysePoints(image, step, previous);
  else analysePatches(image, step, previous);
}
