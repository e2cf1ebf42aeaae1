// What a .unp file says of itself, before its codes are read.

import type { LayerSpec, Pair } from "unpool";
import type { CodeHeader } from "unpool/code";
import type { NetworkLayerSpec, NetworkSpec } from "unpool/network";
import type { Fact } from "./messages.js";

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

function layersOf(spec: LayerSpec | NetworkSpec): readonly (LayerSpec | NetworkLayerSpec)[] {
  return "layers" in spec ? spec.layers : [spec];
}

function described({
  filters,
  kernel,
  stride,
  padding,
  pool,
  rectifier,
  seed,
}: LayerSpec | NetworkLayerSpec): string {
  return [
    `${filters} filters of ${pair(kernel)}`,
    stride !== undefined && pair(stride) !== "1 × 1" && `stride ${pair(stride)}`,
    padding !== undefined && pair(padding) !== "0 × 0" && `padding ${pair(padding)}`,
    pooled(pool),
    rectifier !== undefined && rectifier !== "none" && rectifier,
    seed !== undefined && `seed ${seed}`,
  ]
    .filter(Boolean)
    .join(", ");
}

function pooled(pool: NetworkLayerSpec["pool"]): string | false {
  if (pool === undefined) return false;
  if (pool === "global") return "global pooling";
  if (typeof pool !== "object" || !("size" in pool)) return `pooling ${pair(pool)}`;
  return `${pool.type} pooling ${pair(pool.size)}`;
}

/** Width first, as sizes are said on the page. */
function pair(value: Pair): string {
  const [height, width] = typeof value === "number" ? [value, value] : value;
  return `${width} × ${height}`;
}
