// What a file says of itself, before its codes: from the caller's specification and options, to bytes and back.

import { UnpoolError } from "../errors.js";
import { type Geometry, type LayerSpec, resolveGeometry, show } from "../geometry.js";
import type { Pooling } from "../network/pooling.js";
import { type NetworkLayerSpec, type NetworkSpec, planNetwork } from "../network/spec.js";
import { gridOf } from "../tiles/grid.js";
import { mostBodyBytes } from "./body.js";
import { type Limits, within } from "./limits.js";
import { digestOf, type ParametersDigest } from "./parameters.js";
import { STORED_FORMATS, type StoredFormat } from "./quantise.js";
import { type CodeShape, isNetwork, shapeOf } from "./shape.js";

export type Kind = "pooled" | "sparse";
export type Colour = "grey" | "rgb";

export interface SerialiseOptions {
  /** How values are stored. Default "float32", which is exact. */
  values?: StoredFormat;
  /** Whether codes are compressed, by the host's CompressionStream: their bytes then differ between hosts. Default false. */
  deflate?: boolean;
  /** Of a picture: what its channels are. */
  colour?: Colour;
  /** Of a picture: the values of black and of white. Default [0, 1] where colour is given. */
  range?: readonly [low: number, high: number];
  /** The whole image, where the specification is of its tiles; they lie as gridOf says. Sizes in pixels. */
  image?: { height: number; width: number; overlap: number };
}

/** What is known of a file before its codes are read. */
export interface CodeHeader {
  readonly version: 1;
  readonly kind: Kind;
  readonly values: StoredFormat;
  readonly deflate: boolean;
  readonly colour?: Colour;
  readonly range?: readonly [low: number, high: number];
  /**
   * What createLayer or createNetwork takes, of one tile where the image is tiled. Complete if nothing in `parameters`
   * was given; else withParameters completes it, and without that the filters are others.
   */
  readonly spec: LayerSpec | NetworkSpec;
  /** One entry a layer, first to last. */
  readonly parameters: readonly (ParametersDigest | undefined)[];
  /** Of a tiled image. */
  readonly image?: { readonly height: number; readonly width: number; readonly overlap: number };
  /** Number of codes: of the tiles, row by row; without tiles 1. */
  readonly tiles: number;
}

/** A header, and what its codes look like. */
export interface Head {
  readonly header: CodeHeader;
  readonly shape: CodeShape;
}

/** From what a caller says. Throws UnpoolError. */
export function headOf(spec: LayerSpec | NetworkSpec, options: SerialiseOptions, kind: Kind): Head {
  const { values = "float32", deflate = false, colour, range = colour && [0, 1], image } = options;
  if (!STORED_FORMATS.includes(values)) {
    throw invalid(`values is ${show(values)}; it must be one of ${STORED_FORMATS.join(", ")}`);
  }
  if (typeof deflate !== "boolean") throw invalid(`deflate is ${show(deflate)}; it must be true or false`);
  if (range !== undefined && !Array.isArray(range)) {
    throw invalid(`range is ${show(range)}; it must be [low, high], finite, low < high`);
  }
  const layers = isNetwork(spec) ? spec.layers : [spec];
  // first of all: it looks at the arrays, too
  shapeOf(spec);
  return checkHead({
    ...{ version: 1, kind, values, deflate },
    ...(colour !== undefined && { colour }),
    ...(range !== undefined && { range: [...range] as [number, number] }),
    spec: isNetwork(spec) ? plainNetwork(spec) : plainLayer(spec),
    parameters: layers.map(digestOf),
    ...(image && { image: { height: image.height, width: image.width, overlap: image.overlap } }),
    tiles: image ? gridOfTiles(spec.input, image) : 1,
  });
}

/**
 * Everything about a header that does not follow from its types.
 * @throws UnpoolError "invalid-option", "invalid-spec" or "too-large".
 */
export function checkHead(header: CodeHeader): Head {
  const { kind, colour, range, spec, image, tiles } = header;
  const { channels } = spec.input;
  if (kind !== "pooled" && kind !== "sparse") {
    throw new UnpoolError(
      "invalid-code",
      `the kind of the code is ${show(kind)}; it must be "pooled" or "sparse"`,
    );
  }
  if (kind === "sparse" && isNetwork(spec)) {
    throw new UnpoolError("invalid-code", "the code is sparse, which codes of networks never are");
  }
  if (colour !== undefined && colour !== "grey" && colour !== "rgb") {
    throw invalid(`colour is ${show(colour)}; it must be "grey" or "rgb"`);
  }
  if (colour !== undefined && channels !== (colour === "grey" ? 1 : 3)) {
    throw invalid(`colour is ${show(colour)}, and the input has ${channels} channels`);
  }
  if (range && !(range.length === 2 && range.every(Number.isFinite) && range[0] < range[1])) {
    throw invalid(`range is [${range.map(show).join(", ")}]; it must be [low, high], finite, low < high`);
  }
  const wanted = image ? gridOfTiles(spec.input, image) : 1;
  if (tiles !== wanted) throw invalid(`the number of tiles is ${tiles}; by the sizes it is ${wanted}`);
  return { header, shape: shapeOf(spec) };
}

/** A file that asks for more than its reader has. */
export function checkLimits({ header, shape }: Head, limits: Required<Limits>): void {
  const { input } = header.spec;
  const pixels = header.image
    ? header.image.height * header.image.width
    : "length" in input
      ? input.length
      : input.height * input.width;
  within(limits, "pixels", pixels, "pixels of the image");
  within(limits, "tiles", header.tiles, "tiles of the image");
  within(limits, "memory", shape.memoryBytes, "bytes of memory that the layers take");
  within(limits, "values", shape.numbers, "values and switches of a code");
}

/** No code section has a longer payload, before it is compressed. */
export function mostCodeBytes({ header, shape }: Head): number {
  return mostBodyBytes(shape, header.values);
}

function gridOfTiles(input: LayerSpec["input"], image: NonNullable<CodeHeader["image"]>): number {
  const [height, width] = "length" in input ? [1, input.length] : [input.height, input.width];
  if ("length" in input && image.height !== 1) {
    throw invalid(`the whole image is ${show(image.height)} pixels high; a signal is 1`);
  }
  return gridOf(image, height, width, image.overlap).count;
}

/** A specification with every default written out, without its arrays. */
function plainLayer(spec: LayerSpec): LayerSpec {
  const geometry = resolveGeometry(spec);
  return { input: plainInput(spec, geometry), ...plain(spec, geometry), pool: geometry.pool };
}

function plainNetwork(spec: NetworkSpec): NetworkSpec {
  const { layers } = planNetwork(spec);
  return {
    input: plainInput(spec, layers[0]!.geometry),
    layers: layers.map(({ geometry, regions }, i) => {
      const layer = spec.layers[i]!;
      if (!regions) return { ...plain(layer, geometry), pool: geometry.pool };
      const { type, size, stride } = regions;
      const { ceil = false } = layer.pool as Pooling;
      return { ...plain(layer, geometry), pool: { type, size: copy(size), stride: copy(stride), ceil } };
    }),
  };
}

function plainInput(
  { input }: LayerSpec | NetworkSpec,
  { channels, height, width }: Geometry,
): LayerSpec["input"] {
  return "length" in input ? { channels, length: width } : { channels, height, width };
}

function plain(
  { weights, seed = 0, unitNorm = false }: NetworkLayerSpec,
  { filters, kernel, stride, padding, rectifier }: Geometry,
): NetworkLayerSpec {
  return {
    filters,
    kernel,
    stride,
    padding,
    rectifier,
    ...(weights === undefined && { seed, unitNorm: Boolean(unitNorm) }),
  };
}

function copy([height, width]: readonly [number, number]): readonly [number, number] {
  return [height, width];
}

function invalid(message: string): UnpoolError {
  return new UnpoolError("invalid-option", message);
}
