// One layer or network stays open: pictures and tiles of one size have one, with its filters drawn and its memory warm.

import { createLayer, type Layer, type LayerSpec } from "../index.js";
import type { Network, NetworkSpec } from "../network/index.js";

/** A layer with more memory is not kept. */
const KEPT_BYTES = 64 * 2 ** 20;

let kept: { key: string; model: Layer | Network } | undefined;

/** The layer of a specification without arrays, until the next one is asked for or it is given back. */
export function layerOf(spec: LayerSpec): Promise<Layer> {
  return keep(JSON.stringify(spec), () => createLayer(spec));
}

/** The same of any specification; `key` says what is in its arrays, too. */
export function modelOf(spec: LayerSpec | NetworkSpec, key: string): Promise<Layer | Network> {
  return keep(key, async () =>
    "layers" in spec ? (await import("../network/index.js")).createNetwork(spec) : createLayer(spec),
  );
}

async function keep<Model extends Layer | Network>(
  key: string,
  create: () => Promise<Model>,
): Promise<Model> {
  if (kept?.key === key) return kept.model as Model;
  drop();
  const model = await create();
  kept = { key, model };
  return model;
}

/** For now nobody needs it: a large one makes room. */
export function giveBack({ memoryBytes }: Layer | Network): void {
  if (memoryBytes > KEPT_BYTES) drop();
}

function drop(): void {
  kept?.model.dispose();
  kept = undefined;
}
