// A tile to a section of a file.

import { packCode, type SerialiseOptions } from "../../code/index.js";
import type { LayerSpec } from "../../index.js";
import { giveBack, layerOf } from "../models.js";
import { timed } from "../timed.js";

export interface EncodeJob {
  spec: LayerSpec;
  /** channels x height x width. */
  planes: Float32Array;
  pack: Pick<SerialiseOptions, "values" | "deflate">;
}

export interface EncodedTile {
  section: Uint8Array<ArrayBuffer>;
  /** Of the kernel alone. */
  milliseconds: number;
}

export async function encodeTile({ spec, planes, pack }: EncodeJob): Promise<EncodedTile> {
  const layer = await layerOf(spec);
  const [code, milliseconds] = timed(() => layer.encode(planes));
  giveBack(layer);
  return { section: await packCode(code, spec, pack), milliseconds };
}
