// What decodes the codes of a file: a layer, or a network, which is only loaded where a file is of one.

import { type Code, createLayer, type DecodeOptions, estimateMemory, type LayerSpec } from "unpool";
import type { CodeHeader, StoredCode } from "unpool/code";
import type { NetworkCode, NetworkSpec } from "unpool/network";
import { viewOf, viewOfLayer } from "./code-view.js";
import { regionOf } from "./file-facts.js";
import { refuseMemory } from "./limits.js";
import type { CodeView } from "./messages.js";
import type { Course } from "./reconstruct.js";

const ELSEWHERE = "the command line decodes it";

export interface Decoder {
  /** Of the last decode. */
  readonly report: Course;
  readonly memoryBytes: number;
  /** @param onStep called by a layer alone: a network's run cannot be looked at. */
  decode(stored: StoredCode, onStep?: DecodeOptions["onStep"]): Float32Array;
  /** Gives its memory back. */
  dispose(): void;
  /** undefined where values and switches are not of the same places. */
  view(stored: StoredCode, file: ArrayBuffer): CodeView | undefined;
}

/** Throws UnpoolError "too-large" before anything is allocated. */
export function decoderOf({ spec }: CodeHeader): Promise<Decoder> {
  return "layers" in spec ? ofNetwork(spec) : ofLayer(spec);
}

async function ofLayer(spec: LayerSpec): Promise<Decoder> {
  refuseMemory(estimateMemory(spec), ELSEWHERE);
  const layer = await createLayer(spec);
  return {
    ...{ report: layer.report, memoryBytes: layer.memoryBytes },
    dispose: () => layer.dispose(),
    decode: ({ code, noise }, onStep) => layer.decode(code as Code, { noise, onStep }),
    view: ({ code }, file) => viewOfLayer(layer, code as Code, file),
  };
}

async function ofNetwork(spec: NetworkSpec): Promise<Decoder> {
  const { createNetwork, estimateNetworkMemory } = await import("unpool/network");
  refuseMemory(estimateNetworkMemory(spec), ELSEWHERE);
  const network = await createNetwork(spec);
  const { report, memoryBytes, shapes } = network;
  return {
    ...{ report, memoryBytes },
    dispose: () => network.dispose(),
    decode: ({ code, noise }) => network.decode(code as NetworkCode, { noise }),
    view({ code: { values, switches: all } }, file) {
      const switches = (all as NetworkCode["switches"]).at(-1)!;
      const { pool, rectifier = "none" } = spec.layers.at(-1)!;
      // where averages are taken, switches are of what they are taken of
      if (switches.length !== values.length) return undefined;
      const shape = shapes.at(-1)!;
      const coded = { shape, unknowns: unknownsOf(spec), pool: regionOf(pool), rectifier, memoryBytes };
      return viewOf({ ...coded, filters: undefined }, { values, switches }, file);
    },
  };
}

function unknownsOf({ input }: NetworkSpec): number {
  return input.channels * ("length" in input ? input.length : input.height * input.width);
}
