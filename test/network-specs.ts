// Networks for tests: random specifications, the reference's layers of a specification, and a network's inner parts.

import fc from "fast-check";
import type { LayerSpec, Pair } from "../src/geometry.js";
import { fromBytes } from "../src/kernel.js";
import { Buffers } from "../src/network/buffers.js";
import type { Pooling } from "../src/network/pooling.js";
import { type NetworkLayerSpec, type NetworkSpec, planNetwork } from "../src/network/spec.js";
import { Stage } from "../src/network/stage.js";
import { type ReferenceLayer, regionsOf } from "./network-reference.js";
import { outputSize, type Shape } from "./reference.js";
import { numbers, SEEDED, simd, simdBytes } from "./support.js";

const source = fromBytes(simdBytes);
export const { createNetwork, createNetworkSync } = simd;

/** The stages of a network as its constructor makes them. */
export function openStages(spec: NetworkSpec): Stage[] {
  const { layers, bufferBytes } = planNetwork(spec);
  const buffers = new Buffers(bufferBytes);
  return layers.map((plan, i) => new Stage(source.instanceSync(), plan, spec.layers[i]!, buffers));
}

export function inputLength({ input }: NetworkSpec): number {
  return input.channels * ("length" in input ? input.length : input.height * input.width);
}

/** The reference's layers, first to last. Filters of a seed are those of a layer with this seed. */
export function referenceOf({ input, layers }: NetworkSpec): ReferenceLayer[] {
  const signal = "length" in input;
  let [channels, height, width] = signal
    ? [input.channels, 1, input.length]
    : [input.channels, input.height, input.width];
  return layers.map((spec) => {
    const { filters, rectifier = "none", pool = 1, bias, normalise } = spec;
    const pair = (value: Pair, across: number): readonly [number, number] =>
      typeof value === "number" ? [signal ? across : value, value] : value;
    const shape: Shape = {
      ...{ channels, height, width, filters, rectifier, pool: [1, 1] },
      kernel: pair(spec.kernel, 1),
      stride: pair(spec.stride ?? 1, 1),
      padding: pair(spec.padding ?? 0, 0),
    };
    const size = pool === "global" ? outputSize(shape) : pair(isRegions(pool) ? pool.size : pool, 1);
    const layer: ReferenceLayer = {
      shape,
      weights: spec.weights ?? drawn(shape, spec),
      bias: bias ?? new Float32Array(filters),
      scale: normalise?.scale ?? new Float32Array(filters).fill(1),
      shift: normalise?.shift ?? new Float32Array(filters),
      average: isRegions(pool) && pool.type === "average",
      size,
      stride: isRegions(pool) && pool.stride !== undefined ? pair(pool.stride, 1) : size,
      ceil: isRegions(pool) && pool.ceil === true,
    };
    [channels, height, width] = regionsOf(layer).shape;
    return layer;
  });
}

function isRegions(pool: NonNullable<NetworkLayerSpec["pool"]>): pool is Pooling {
  return typeof pool === "object" && "type" in pool;
}

function drawn({ channels, filters, kernel }: Shape, { seed, unitNorm }: NetworkLayerSpec): Float32Array {
  const input = { channels, height: kernel[0], width: kernel[1] };
  return simd.createLayerSync({ input, filters, kernel, seed, unitNorm }).weights;
}

export const PICTURE = { channels: 3, height: 17, width: 14 };

/** Stacks that random ones seldom meet. */
export const CORNERS: readonly NetworkSpec[] = [
  { input: { channels: 1, height: 1, width: 1 }, layers: [{ filters: 1, kernel: 1 }] },
  // the fast convolution in every layer, and more filters than a block holds
  {
    input: { channels: 3, height: 24, width: 25 },
    layers: [
      { filters: 20, kernel: 5, padding: 2, pool: 2, rectifier: "relu" },
      { filters: 11, kernel: 3, padding: 1, pool: 2, rectifier: "crelu" },
      { filters: 9, kernel: 3, pool: 2 },
    ],
  },
  // overlapping maxima that are cut off, then overlapping averages that are cut off, as Caffe's cifar10 nets have them
  {
    input: PICTURE,
    layers: [
      {
        filters: 8,
        kernel: 5,
        padding: 2,
        pool: { type: "max", size: 3, stride: 2, ceil: true },
        rectifier: "relu",
      },
      {
        filters: 8,
        kernel: 3,
        padding: 1,
        pool: { type: "average", size: 3, stride: 2, ceil: true },
        rectifier: "relu",
      },
    ],
  },
  // regions of 256 positions, whose switches need two bytes where nothing may be kept
  {
    input: { channels: 1, height: 16, width: 32 },
    layers: [{ filters: 3, kernel: 1, pool: 16, rectifier: "relu", bias: Float32Array.of(-1.2, 0, -0.9) }],
  },
  // strides that leave gaps between regions
  {
    input: PICTURE,
    layers: [
      { filters: 4, kernel: 2, pool: { type: "max", size: 2, stride: [5, 3], ceil: true } },
      { filters: 3, kernel: 2 },
    ],
  },
];

const KINDS = ["none", "pair", "global", "max", "average"] as const;

/** What a layer is drawn from: sizes are made to fit afterwards. */
const draws = fc.record({
  filters: fc.integer({ min: 1, max: 6 }),
  kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  rectifier: fc.constantFrom("none" as const, "relu" as const, "crelu" as const),
  kind: fc.constantFrom(...KINDS),
  size: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  step: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  ceil: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1e6 }),
  given: fc.boolean(),
  biased: fc.boolean(),
  normalised: fc.boolean(),
});

/** Random networks of 1 to 3 layers: pictures and signals, every kind of pooling, every option of a layer. */
export const networkSpecs: fc.Arbitrary<NetworkSpec> = fc
  .record({
    signal: fc.boolean(),
    channels: fc.integer({ min: 1, max: 4 }),
    size: fc.tuple(fc.integer({ min: 4, max: 15 }), fc.integer({ min: 4, max: 15 })),
    layers: fc.array(draws, { minLength: 1, maxLength: 3 }),
  })
  .map(({ signal, channels, size: [height, width], layers }) => {
    const input = signal ? { channels, length: 3 * width } : { channels, height, width };
    const spec: { input: LayerSpec["input"]; layers: NetworkLayerSpec[] } = { input, layers: [] };
    let next: readonly number[] = [channels, signal ? 1 : height, signal ? 3 * width : width];
    for (const draw of layers) {
      spec.layers.push(fitted(draw, next, signal));
      next = regionsOf(referenceOf(spec).at(-1)!).shape;
    }
    return spec;
  });

type Draw = typeof draws extends fc.Arbitrary<infer T> ? T : never;

function fitted(draw: Draw, input: readonly number[], signal: boolean): NetworkLayerSpec {
  const { filters, rectifier, kind, ceil, seed } = draw;
  const fit = (size: number, limit: number) => ((size - 1) % limit) + 1;
  const axes = (pair: readonly [number, number], across: number) =>
    signal ? ([across, pair[1]] as const) : pair;
  const [stride, padding] = [axes(draw.stride, 1), axes(draw.padding, 0)];
  const padded = [0, 1].map((axis) => input[axis + 1]! + 2 * padding[axis]!) as [number, number];
  const kernel = [fit(draw.kernel[0], padded[0]), fit(draw.kernel[1], padded[1])] as const;
  const output = padded.map((size, axis) => Math.floor((size - kernel[axis]!) / stride[axis]!) + 1);
  const size = [fit(draw.size[0], output[0]!), fit(draw.size[1], output[1]!)] as const;
  const given = (pair: readonly [number, number]) => (signal ? pair[1] : pair);
  const pool = { type: kind as "max", size: given(size), stride: given(axes(draw.step, 1)), ceil };
  const length = input[0]! * kernel[0] * kernel[1];
  const scaled = (value: number) => value / Math.sqrt(length);
  return {
    ...{ filters, rectifier, kernel: given(kernel), stride: given(stride), padding: given(padding) },
    pool: kind === "none" ? 1 : kind === "pair" ? given(size) : kind === "global" ? kind : pool,
    ...(draw.given ? { weights: numbers(filters * length, seed).map(scaled) } : { seed }),
    ...(draw.biased ? { bias: numbers(filters, seed + 1).map((value) => 0.3 * value) } : {}),
    ...(draw.normalised
      ? {
          normalise: {
            scale: numbers(filters, seed + 2).map((value) => 1 + 0.7 * value),
            shift: numbers(filters, seed + 3).map((value) => 0.2 * value),
          },
        }
      : {}),
  };
}

/** Runs a check on the corners and on random networks. */
export function forAllNetworks(check: (spec: NetworkSpec) => void, numRuns = SEEDED.numRuns): void {
  CORNERS.forEach(check);
  fc.assert(fc.property(networkSpecs, check), { ...SEEDED, numRuns });
}
