// A stack of layers in plain float64, on the convolution of reference.ts: rectified and pooled as written here, with any
// regions. It shares no code with the package. Arrays are planar; positions in a region are row-major.

import { convolve, outputSize, type Shape } from "./reference.js";

type Numbers = ArrayLike<number>;

export interface ReferenceLayer {
  /** Its pool is not looked at. */
  readonly shape: Shape;
  readonly weights: Numbers;
  readonly bias: Numbers;
  readonly scale: Numbers;
  readonly shift: Numbers;
  readonly average: boolean;
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly ceil: boolean;
}

/** A region: indices of its entries, in the planes that are pooled, by position; undefined beyond the border. */
export type Region = (number | undefined)[];

/** scale (W x + bias) + shift; of the linear part alone scale W x. With crelu its negatives after it. */
export function planesOf(layer: ReferenceLayer, x: Numbers, affine: boolean): Float64Array {
  const { shape, weights, scale } = layer;
  const none = new Float64Array(shape.filters);
  const area = outputSize(shape)[0] * outputSize(shape)[1];
  const h = convolve(shape, weights, affine ? layer.bias : none, x).map((value, i) => {
    const k = Math.floor(i / area);
    return scale[k]! * value + (affine ? layer.shift[k]! : 0);
  });
  return shape.rectifier === "crelu" ? Float64Array.of(...h, ...h.map((value) => -value)) : h;
}

/** First entries of the regions along an axis: those that fit, with `ceil` those that begin inside and end outside, too. */
function starts(length: number, size: number, stride: number, ceil: boolean): number[] {
  const found = [];
  for (let at = 0; at < length; at += stride) {
    if (at + size <= length) found.push(at);
    else {
      // one more where a remainder is left that no region reached
      if (ceil && (found.at(-1) ?? -Infinity) + size < length) found.push(at);
      break;
    }
  }
  return found;
}

/** The regions, in the order of the pooled values, and those values' shape. */
export function regionsOf(layer: ReferenceLayer): {
  regions: Region[];
  shape: [planes: number, height: number, width: number];
} {
  const { shape, size, stride, ceil } = layer;
  const [height, width] = outputSize(shape);
  const planes = shape.filters * (shape.rectifier === "crelu" ? 2 : 1);
  const [tops, lefts] = [
    starts(height, size[0], stride[0], ceil),
    starts(width, size[1], stride[1], ceil),
  ] as const;
  const regions = Array.from({ length: planes }, (_, plane) =>
    tops.flatMap((top) =>
      lefts.map((left) =>
        Array.from({ length: size[0] * size[1] }, (_, position) => {
          const [y, x] = [top + Math.floor(position / size[1]), left + (position % size[1])];
          return y < height && x < width ? (plane * height + y) * width + x : undefined;
        }),
      ),
    ),
  ).flat();
  return { regions, shape: [planes, tops.length, lefts.length] };
}

/** As a switch: nothing was kept. */
export function noneOf({ average, size }: ReferenceLayer): number {
  return average ? 1 : size[0] * size[1];
}

/**
 * For each switch what it chooses the largest of, by what it then is: entries by their positions, of those beyond the border
 * -Infinity, and under a rectifier 0 for `none`.
 */
export function keysOf(layer: ReferenceLayer, planes: Numbers): number[][] {
  const { regions } = regionsOf(layer);
  const rectified = layer.shape.rectifier !== "none";
  const kept: Region[] = layer.average ? Array.from(planes, (_, at) => [at]) : regions;
  return kept.map((region) => {
    const entries = region.map((at) => (at === undefined ? -Infinity : planes[at]!));
    return rectified
      ? [...entries, 0]
      : entries.map((entry) => (entry === -Infinity ? entry : Math.abs(entry)));
  });
}

/** Switches of a layer's planes: the first position of largest key, `none` where a rectifier leaves only zeros. */
export function switchesOf(layer: ReferenceLayer, planes: Numbers): number[] {
  return keysOf(layer, planes).map((keys) => {
    const largest = Math.max(...keys);
    return layer.shape.rectifier !== "none" && largest === 0 ? noneOf(layer) : keys.indexOf(largest);
  });
}

/** The pooled values at given switches: linear in the planes. */
export function poolAt(layer: ReferenceLayer, planes: Numbers, switches: Numbers): Float64Array {
  const { regions } = regionsOf(layer);
  const none = noneOf(layer);
  if (layer.average) {
    return Float64Array.from(regions, (region) => {
      const inside = region.filter((at) => at !== undefined);
      return inside.reduce((sum, at) => sum + (switches[at] === none ? 0 : planes[at]!), 0) / inside.length;
    });
  }
  return Float64Array.from(regions, (region, i) =>
    switches[i] === none ? 0 : planes[region[switches[i]!]!]!,
  );
}

/** The code that encode should give: pooled values of every layer, and all switches. */
export function encode(layers: readonly ReferenceLayer[], x: Numbers) {
  const values: Float64Array[] = [];
  const switches: number[][] = [];
  for (const layer of layers) {
    const planes = planesOf(layer, values.at(-1) ?? x, true);
    switches.push(switchesOf(layer, planes));
    values.push(poolAt(layer, planes, switches.at(-1)!));
  }
  return { values, switches };
}

/** What the layers make of x with their switches fixed: pooled values of the last. */
export function forward(
  layers: readonly ReferenceLayer[],
  switches: readonly Numbers[],
  x: Numbers,
  affine: boolean,
): Float64Array {
  return layers.reduce<Numbers>(
    (input, layer, i) => poolAt(layer, planesOf(layer, input, affine), switches[i]!),
    x,
  ) as Float64Array;
}

/**
 * The same sums of the magnitudes of all that goes into them, layer by layer: what float32 rounds is a share of that, however
 * much of it cancels.
 */
export function magnitudes(
  layers: readonly ReferenceLayer[],
  switches: readonly Numbers[],
  x: Numbers,
): Float64Array[] {
  const absolute = (array: Numbers) => Float64Array.from(array, Math.abs);
  let input: Numbers = absolute(x);
  return layers.map((layer, i) => {
    const [weights, bias] = [absolute(layer.weights), absolute(layer.bias)];
    const [scale, shift] = [absolute(layer.scale), absolute(layer.shift)];
    const planes = absolute(planesOf({ ...layer, weights, bias, scale, shift }, input, true));
    input = poolAt(layer, planes, switches[i]!);
    return planes;
  });
}

/** The composite system A x + b: the rows of A, and b. */
export function systemOf(layers: readonly ReferenceLayer[], switches: readonly Numbers[]) {
  const { channels, height, width } = layers[0]!.shape;
  const columns = Array.from(
    { length: channels * height * width },
    (_, j, unit = new Float64Array(channels * height * width)) => {
      unit[j] = 1;
      return forward(layers, switches, unit, false);
    },
  );
  const b = forward(layers, switches, new Float64Array(columns.length), true);
  const rows = Array.from(b, (_, i) => Float64Array.from(columns, (column) => column[i]!));
  return { rows, b };
}
