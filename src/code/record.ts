// The head section: a header as bytes, 52 and then 92 a layer. docs/format.md has the fields.

import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { LayerSpec, Pair, Rectifier } from "../geometry.js";
import type { Pooling } from "../network/pooling.js";
import { MAX_LAYERS, type NetworkLayerSpec } from "../network/spec.js";
import { Reader, Writer } from "./bytes.js";
import { type CodeHeader, type Colour, checkHead, checkLimits, type Head, type Kind } from "./head.js";
import { type Limits, within } from "./limits.js";
import type { ParametersDigest } from "./parameters.js";
import { STORED_FORMATS } from "./quantise.js";
import { ofFile } from "./refuse.js";
import { isNetwork } from "./shape.js";

const FIXED = 52;
const LAYER = 92;
const SHA256 = 32;
/** No head is longer. */
export const MOST_HEAD_BYTES = FIXED + LAYER * MAX_LAYERS;

// enumerations, in the order of their numbers
const KINDS: readonly Kind[] = ["pooled", "sparse"];
const COLOURS: readonly (Colour | undefined)[] = [undefined, "grey", "rgb"];
const RECTIFIERS: readonly Rectifier[] = ["none", "relu", "crelu"];
/** undefined: maxima of regions side by side. */
const POOLINGS: readonly (Pooling["type"] | undefined)[] = [undefined, "max", "average"];
/** Where filters come from: the arrays, or docs/filters.md. */
const GENERATORS = ["none", "Philox4x32-10, Gaussian"];

const FLAGS = ["deflate", "signal", "network", "tiled", "range"] as const;
const GIVEN = ["weights", "bias", "normalise"] as const;

export function packHead(header: CodeHeader): Uint8Array<ArrayBuffer> {
  const { spec, image, range, parameters } = header;
  const { input } = spec;
  const signal = "length" in input;
  const network = isNetwork(spec);
  const layers = network ? spec.layers : [spec];
  const to = new Writer(FIXED + LAYER * layers.length);
  to.u8(KINDS.indexOf(header.kind));
  to.u8(STORED_FORMATS.indexOf(header.values));
  to.u8(bits(FLAGS, { deflate: header.deflate, signal, network, tiled: !!image, range: !!range }));
  to.u8(COLOURS.indexOf(header.colour));
  to.u32(input.channels);
  to.u32(signal ? 1 : input.height);
  to.u32(signal ? input.length : input.width);
  for (const limit of range ?? [0, 0]) to.f64(limit);
  for (const size of image ? [image.height, image.width, image.overlap] : [0, 0, 0]) to.u32(size);
  to.u32(header.tiles);
  to.u16(layers.length);
  to.u16(0);
  layers.forEach((layer, i) => {
    packLayer(to, layer, parameters[i]);
  });
  return to.bytes;
}

function packLayer(to: Writer, layer: NetworkLayerSpec, digest: ParametersDigest | undefined): void {
  const { pool, seed, unitNorm } = layer;
  const regions = typeof pool === "object" && "type" in pool ? pool : undefined;
  const size = regions ? regions.size : pool;
  to.u32(layer.filters);
  for (const pair of [layer.kernel, layer.stride, layer.padding, size, regions?.stride ?? size]) {
    // a header's specification has every pair written out
    for (const length of pair as readonly number[]) to.u32(length);
  }
  to.u8(POOLINGS.indexOf(regions?.type));
  to.u8(regions?.ceil ? 1 : 0);
  to.u8(RECTIFIERS.indexOf(layer.rectifier!));
  to.u8(bits(GIVEN, digest ?? {}));
  to.u8(seed === undefined ? 0 : 1);
  to.u8(unitNorm ? 1 : 0);
  to.u16(0);
  to.u32((seed ?? 0) >>> 0);
  to.u32(Math.floor((seed ?? 0) / 2 ** 32));
  to.put(digest ? hexToBytes(digest.sha256) : new Uint8Array(SHA256));
}

/** Throws UnpoolError "invalid-file" or "too-large". */
export function unpackHead(bytes: Uint8Array, limits: Required<Limits>): Head {
  const where = "the head";
  const from = new Reader(bytes, where);
  const kind = choice(from, "the kind", KINDS);
  const values = choice(from, "the format of values", STORED_FORMATS);
  const flags = flagsOf(from, "the flags", FLAGS);
  const colour = choice(from, "the colour", COLOURS);
  const [channels, height, width] = [from.u32(), from.u32(), from.u32()];
  if (flags.signal && height !== 1)
    throw from.bad(`the input is a signal and its height is ${height}, not 1`);
  const range = [from.f64(), from.f64()] as const;
  if (!flags.range) zeros(from, "the range", range);
  const image = { height: from.u32(), width: from.u32(), overlap: from.u32() };
  if (!flags.tiled) zeros(from, "the size of the whole image", Object.values(image));
  const tiles = from.u32();
  const count = from.u16();
  zeros(from, "what is reserved", [from.u16()]);
  if (count === 0 || (!flags.network && count > 1)) {
    throw from.bad(`the number of layers is ${count}; it must be ${flags.network ? "at least " : ""}1`);
  }
  within(limits, "layers", count, "layers of the network");
  const layers: NetworkLayerSpec[] = [];
  const parameters: (ParametersDigest | undefined)[] = [];
  for (let i = 0; i < count; ++i) {
    const [layer, digest] = unpackLayer(from, i, flags.network);
    layers.push(layer);
    parameters.push(digest);
  }
  from.end();
  const input = flags.signal ? { channels, length: width } : { channels, height, width };
  const header: CodeHeader = {
    ...{ version: 1, kind, values, deflate: flags.deflate },
    ...(colour && { colour }),
    ...(flags.range && { range }),
    spec: flags.network ? { input, layers } : { input, ...(layers[0] as Omit<LayerSpec, "input">) },
    parameters,
    ...(flags.tiled && { image }),
    tiles,
  };
  const head = ofFile(where, () => checkHead(header));
  checkLimits(head, limits);
  return head;
}

function unpackLayer(
  from: Reader,
  i: number,
  network: boolean,
): [NetworkLayerSpec, ParametersDigest | undefined] {
  const filters = from.u32();
  const pair = (): Pair => [from.u32(), from.u32()];
  const [kernel, stride, padding, size, step] = [pair(), pair(), pair(), pair(), pair()];
  const type = choice(from, `the pooling of layer ${i}`, POOLINGS);
  const ceil = choice(from, `"ceil" of layer ${i}`, [false, true]);
  const rectifier = choice(from, `the rectifier of layer ${i}`, RECTIFIERS);
  const given = flagsOf(from, `the given arrays of layer ${i}`, GIVEN);
  const drawn = choice(from, `the generator of layer ${i}`, GENERATORS) !== "none";
  const unitNorm = choice(from, `"unitNorm" of layer ${i}`, [false, true]);
  zeros(from, `what is reserved of layer ${i}`, [from.u16()]);
  const seed = from.u32() + 2 ** 32 * from.u32();
  const sha256 = from.take(SHA256);

  if (given.weights === drawn) {
    throw from.bad(
      `layer ${i} has ${drawn ? "both" : "neither"} a generator ${drawn ? "and" : "nor"} weights of its own`,
    );
  }
  if (!drawn)
    zeros(from, `seed and "unitNorm" of layer ${i}, whose weights were given,`, [seed, unitNorm ? 1 : 0]);
  const digested = given.weights || given.bias || given.normalise;
  if (!digested) zeros(from, `the SHA-256 of layer ${i}, to which nothing was given,`, sha256);
  if (!network && (type || given.normalise)) {
    throw from.bad("one layer that is no network has regions of its own kind, or a normalisation");
  }
  if (!type && (ceil || String(size) !== String(step))) {
    throw from.bad(
      `the regions of layer ${i} are side by side, and its stride of regions is ${step}, their size ${size}`,
    );
  }
  const pool = type ? { type, size, stride: step, ceil } : size;
  return [
    { filters, kernel, stride, padding, rectifier, ...(drawn && { seed, unitNorm }), pool },
    digested ? { sha256: bytesToHex(sha256), ...given } : undefined,
  ];
}

function bits<N extends string>(names: readonly N[], set: { readonly [name in N]?: boolean }): number {
  return names.reduce((sum, name, bit) => sum + (set[name] ? 2 ** bit : 0), 0);
}

function flagsOf<N extends string>(
  from: Reader,
  what: string,
  names: readonly N[],
): { [name in N]: boolean } {
  const byte = from.u8();
  if (byte >= 2 ** names.length) throw from.bad(`${what} are ${byte}; only ${names.length} bits are known`);
  return Object.fromEntries(names.map((name, bit) => [name, ((byte >> bit) & 1) === 1])) as {
    [name in N]: boolean;
  };
}

function choice<T>(from: Reader, what: string, choices: readonly T[]): T {
  const byte = from.u8();
  if (byte >= choices.length) throw from.bad(`${what} is ${byte}; version 1 has 0 to ${choices.length - 1}`);
  return choices[byte]!;
}

function zeros(from: Reader, what: string, numbers: ArrayLike<number>): void {
  const found = Array.from(numbers).find((number) => !Object.is(number, 0));
  if (found !== undefined) throw from.bad(`${what} must be 0 and holds ${found}`);
}
