// What a .unp file says of itself, before its codes are read.

import type { LayerSpec } from "unpool";
import type { CodeHeader } from "unpool/code";
import type { NetworkLayerSpec } from "unpool/network";
import type { CodeView, Fact } from "./messages.js";

type StoredLayer = LayerSpec | NetworkLayerSpec;

/** @param bytes of the whole file. */
export function factsOf(
  { spec, image, tiles, values, kind, deflate }: CodeHeader,
  bytes: number,
): readonly Fact[] {
  const { channels, ...size } = spec.input;
  const [height, width] = "length" in size ? [1, size.length] : [size.height, size.width];
  const tile = `${width} × ${height}`;
  return [
    ["picture", image ? `${image.width} × ${image.height}, in ${tiles} tiles of ${tile}` : tile],
    ["channels", String(channels)],
    ...layersOf(spec).map(
      (layer, i, { length }): Fact => [length > 1 ? `layer ${i + 1}` : "layer", described(layer)],
    ),
    ["values", `${values}${kind === "sparse" ? ", of a sparse code" : ""}${deflate ? ", compressed" : ""}`],
    ["bytes", bytes.toLocaleString("en")],
  ];
}

function layersOf(spec: CodeHeader["spec"]): readonly StoredLayer[] {
  return "layers" in spec ? spec.layers : [spec];
}

function described(layer: StoredLayer): string {
  const { pool, rectifier } = layer;
  const [stride, padding, region] = [sizeOf(layer.stride), sizeOf(layer.padding), sizeOf(regionOf(pool))];
  return [
    `${layer.filters} filters of ${sizeOf(layer.kernel)}`,
    ...(stride === "1 × 1" ? [] : [`stride ${stride}`]),
    ...(padding === "0 × 0" ? [] : [`padding ${padding}`]),
    ...(region === "1 × 1"
      ? []
      : [`${typeof pool === "object" && "type" in pool ? `${pool.type} ` : ""}pooling ${region}`]),
    ...(rectifier === "none" ? [] : [rectifier]),
    `seed ${layer.seed}`,
  ].join(", ");
}

/** The pooling region of a layer from a file, which has every default and every pair written out. */
export function regionOf(pool: StoredLayer["pool"] | NetworkLayerSpec["pool"]): CodeView["pool"] {
  const size = typeof pool === "object" && "size" in pool ? pool.size : pool;
  return size as CodeView["pool"];
}

/** Of a pair from a file: width first, as sizes are said on the page. */
function sizeOf(pair: unknown): string {
  const [height, width] = pair as CodeView["pool"];
  return `${width} × ${height}`;
}
