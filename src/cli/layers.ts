// One layer stays open: pictures of one size have one layer, with its filters drawn and its memory warm.

import { createLayer, type Layer, type LayerSpec } from "../index.js";

/** A layer with more memory is not kept. */
const KEPT_BYTES = 64 * 2 ** 20;

let kept: { key: string; layer: Layer } | undefined;

/** The layer of a specification, until the next one is asked for or it is given back. */
export async function layerOf(spec: LayerSpec): Promise<Layer> {
  const key = JSON.stringify(spec);
  if (kept?.key === key) return kept.layer;
  drop();
  kept = { key, layer: await createLayer(spec) };
  return kept.layer;
}

/** For now nobody needs the layer: a large one makes room. */
export function giveBack({ memoryBytes }: Layer): void {
  if (memoryBytes > KEPT_BYTES) drop();
}

function drop(): void {
  kept?.layer.dispose();
  kept = undefined;
}
