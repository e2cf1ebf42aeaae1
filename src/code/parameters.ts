// Filters that a file does not hold: known by their SHA-256.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { UnpoolError } from "../errors.js";
import type { LayerSpec } from "../geometry.js";
import type { NetworkLayerSpec, NetworkSpec } from "../network/spec.js";
import { packBits } from "./bits.js";
import type { CodeHeader } from "./head.js";
import { isNetwork, shapeOf } from "./shape.js";

/** Arrays that were given for a layer instead of a seed, or beside it. */
export interface Parameters {
  weights?: Float32Array;
  bias?: Float32Array;
  normalise?: { scale: Float32Array; shift: Float32Array };
}

/** Which arrays a layer was given, and the SHA-256 of their bytes. */
export interface ParametersDigest {
  /** Of weights, bias, scale and shift, those that were given, in this order, as little-endian float32: hexadecimal. */
  readonly sha256: string;
  readonly weights: boolean;
  readonly bias: boolean;
  readonly normalise: boolean;
}

/** undefined where nothing was given. */
export function digestOf({ weights, bias, normalise }: Parameters): ParametersDigest | undefined {
  const arrays = [weights, bias, normalise?.scale, normalise?.shift].filter((array) => array !== undefined);
  if (arrays.length === 0) return undefined;
  const hash = sha256.create();
  for (const array of arrays) {
    const bytes = new Uint8Array(array.byteLength);
    packBits(new Uint32Array(array.buffer, array.byteOffset, array.length), 32, bytes);
    hash.update(bytes);
  }
  return {
    sha256: bytesToHex(hash.digest()),
    weights: weights !== undefined,
    bias: bias !== undefined,
    normalise: normalise !== undefined,
  };
}

/**
 * The specification of a file with the arrays that it was made with: what createLayer or createNetwork takes.
 * @param arrays one entry a layer, first to last; of layers that were given nothing, and after the last, undefined.
 * @throws UnpoolError "invalid-weights": arrays that are missing, not asked for, or others than the file was made with;
 * "invalid-spec": arrays of wrong types or lengths.
 */
export function withParameters(
  { spec, parameters }: Pick<CodeHeader, "spec" | "parameters">,
  arrays: readonly (Parameters | undefined)[] = [],
): LayerSpec | NetworkSpec {
  if (arrays.length > parameters.length) {
    throw new UnpoolError(
      "invalid-weights",
      `arrays were given for ${arrays.length} layers; the file has ${parameters.length}`,
    );
  }
  const complete = isNetwork(spec)
    ? { ...spec, layers: spec.layers.map((layer, i) => ({ ...layer, ...given(arrays[i]) })) }
    : { ...spec, ...given(arrays[0]) };
  parameters.forEach((wanted, i) => {
    for (const name of ["weights", "bias", "normalise"] as const) {
      const there = arrays[i]?.[name] !== undefined;
      if (there === (wanted?.[name] ?? false)) continue;
      throw new UnpoolError(
        "invalid-weights",
        `layer ${i} was ${there ? "not made" : "made"} with ${name} of its own: ${there ? "leave them out" : `give them (SHA-256 ${wanted!.sha256})`}`,
      );
    }
  });
  shapeOf(complete);
  parameters.forEach((wanted, i) => {
    const found = digestOf(arrays[i] ?? {});
    if (found?.sha256 === wanted?.sha256) return;
    throw new UnpoolError(
      "invalid-weights",
      `the arrays of layer ${i} have the SHA-256 ${found!.sha256}; the file was made with ${wanted!.sha256}`,
    );
  });
  return complete;
}

function given({ weights, bias, normalise }: Parameters = {}): Pick<NetworkLayerSpec, keyof Parameters> {
  return { ...(weights && { weights }), ...(bias && { bias }), ...(normalise && { normalise }) };
}
