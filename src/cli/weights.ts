// Filters that a file of codes was made with and does not hold, from files of tensors. The SHA-256 that it does hold says
// which they are: names need not be known.

import { createHash, type Hash } from "node:crypto";
import type { CodeHeader, Parameters, ParametersDigest } from "../code/index.js";
import type { NetworkLayerSpec } from "../network/index.js";
import { readNpy, readSafetensors, type Tensor } from "../weights/index.js";
import { Failure } from "./failure.js";
import { readBytes } from "./files/read.js";

/** What is to be found for one layer: so many numbers each, one after the other. */
interface Wanted {
  sha256: string;
  lengths: number[];
}

/**
 * The arrays of every layer that was given some, for withParameters.
 * @param name of the file of codes, for refusals.
 * @param files .safetensors or .npy.
 */
export async function findParameters(
  name: string,
  header: CodeHeader,
  files: readonly string[],
): Promise<(Parameters | undefined)[]> {
  const { parameters } = header;
  if (parameters.every((digest) => digest === undefined)) return [];
  if (files.length === 0) {
    const { sha256 } = parameters.find((digest) => digest !== undefined)!;
    throw new Failure(
      `${name} was made with filters of its own, which it does not hold (SHA-256 ${sha256}): give their file by --weights`,
    );
  }
  const tensors: Float32Array[] = [];
  for (const file of files) {
    for (const { data } of await readTensors(file)) tensors.push(data);
  }
  return parameters.map((digest, layer) => {
    if (!digest) return undefined;
    const { sha256 } = digest;
    const found = search({ sha256, lengths: lengthsOf(header, layer, digest) }, tensors);
    if (found) return asParameters(digest, found);
    throw new Failure(
      `${name} was made with other filters than those of ${files.join(" and ")}: no tensors there have the SHA-256 of layer ${layer}, ${sha256}`,
    );
  });
}

async function readTensors(file: string): Promise<Tensor[]> {
  const bytes = await readBytes(file);
  try {
    // "\x93NUMPY"
    return bytes[0] === 0x93 ? [readNpy(bytes)] : [...readSafetensors(bytes).tensors.values()];
  } catch (error) {
    const { name, message } = error as Error;
    throw name === "UnpoolError" ? new Failure(`cannot read ${file}: ${message}`) : error;
  }
}

/** Of weights, bias, scale and shift, those that were given. */
function lengthsOf({ spec }: CodeHeader, layer: number, given: ParametersDigest): number[] {
  const layers: readonly NetworkLayerSpec[] = "layers" in spec ? spec.layers : [spec as NetworkLayerSpec];
  const before = layers[layer - 1];
  const planes = before ? before.filters * (before.rectifier === "crelu" ? 2 : 1) : spec.input.channels;
  const { filters, kernel } = layers[layer]!;
  const [height, width] = kernel as readonly [number, number];
  return [
    ...(given.weights ? [filters * planes * height * width] : []),
    ...(given.bias ? [filters] : []),
    ...(given.normalise ? [filters, filters] : []),
  ];
}

/** Tensors of these lengths whose bytes, one after the other, have the SHA-256. */
function search({ sha256, lengths }: Wanted, tensors: readonly Float32Array[]): Float32Array[] | undefined {
  const from = (hash: Hash, at: number): Float32Array[] | undefined => {
    if (at === lengths.length) return hash.digest("hex") === sha256 ? [] : undefined;
    for (const tensor of tensors) {
      if (tensor.length !== lengths[at]) continue;
      // the host's byte order is little-endian, as WebAssembly's is
      const bytes = new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength);
      const rest = from(hash.copy().update(bytes), at + 1);
      if (rest) return [tensor, ...rest];
    }
    return undefined;
  };
  return from(createHash("sha256"), 0);
}

function asParameters({ weights, bias, normalise }: ParametersDigest, arrays: Float32Array[]): Parameters {
  const take = () => arrays.shift()!;
  return {
    ...(weights && { weights: take() }),
    ...(bias && { bias: take() }),
    ...(normalise && { normalise: { scale: take(), shift: take() } }),
  };
}
