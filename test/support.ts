// What the tests share: both builds of the kernel, random specifications, seeded numbers.

import fc from "fast-check";
import scalarBytes from "../build/kernel.scalar.wasm";
import simdBytes from "../build/kernel.wasm";
import type { LayerSpec } from "../src/geometry.js";
import { fromBytes, type KernelSource } from "../src/kernel.js";
import { type Layer, layersOf } from "../src/layer.js";
import { networksOf } from "../src/network/network.js";
import type { Shape } from "./reference.js";

const layersAndNetworks = (source: KernelSource) => ({ ...layersOf(source), ...networksOf(source) });
export const simd = layersAndNetworks(fromBytes(simdBytes));
export const scalar = layersAndNetworks(fromBytes(scalarBytes));
export { scalarBytes, simdBytes };

/** Every property runs the same cases on every machine. */
export const SEEDED = { seed: 20260923, numRuns: 120 };

/** Seeded numbers in [-1, 1): multiplicative congruential, 31 bits (Park and Miller). */
export function numbers(length: number, seed = 1): Float32Array {
  let state = (seed * 2654435761) % 2147483646 || 1;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

/** Seeded multiples of 1/64 in [-1, 1]: products and short sums of them are exact in float32. */
export function coarseNumbers(length: number, seed = 1): Float32Array {
  return numbers(length, seed).map((value) => Math.round(64 * value) / 64);
}

/** The reference's shape of a layer. */
export function shapeOf(layer: Layer): Shape {
  const { channels, height, width, filters, kernel, stride, padding, pool, rectifier } = layer.geometry;
  return {
    channels,
    height,
    width,
    filters,
    kernel: [...kernel],
    stride: [...stride],
    padding: [...padding],
    pool: [...pool],
    rectifier,
  };
}

export function inputLength({ geometry }: Layer): number {
  return geometry.channels * geometry.height * geometry.width;
}

/** Random specifications: 1-D and 2-D, sizes 1 to 20, odd tails, every option. */
export const specs: fc.Arbitrary<LayerSpec> = fc
  .record({
    channels: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 20 }),
    width: fc.integer({ min: 1, max: 20 }),
    filters: fc.integer({ min: 1, max: 30 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
    stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    padding: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    pool: fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      fc.constant("global" as const),
    ),
    rectifier: fc.constantFrom("none" as const, "relu" as const, "crelu" as const),
    seed: fc.nat(),
    biased: fc.boolean(),
  })
  .map(({ channels, height, width, kernel, pool, biased, ...rest }) => {
    const fit = (size: number, limit: number) => ((size - 1) % limit) + 1;
    const padded = [height + 2 * rest.padding[0], width + 2 * rest.padding[1]] as const;
    const kernelFit = [fit(kernel[0], padded[0]), fit(kernel[1], padded[1])] as const;
    const outputs = [0, 1].map((axis) =>
      Math.floor((padded[axis]! - kernelFit[axis]!) / rest.stride[axis]! + 1),
    );
    return {
      ...rest,
      input: { channels, height, width },
      kernel: kernelFit,
      pool: pool === "global" ? pool : ([fit(pool[0], outputs[0]!), fit(pool[1], outputs[1]!)] as const),
      ...(biased ? { bias: coarseNumbers(rest.filters, rest.seed + 1) } : {}),
    };
  });

/** Random specifications that take the fast convolution: square filters of 3, 5 or 7, stride 1, regions of 2 x 2. */
export const fastSpecs: fc.Arbitrary<LayerSpec> = fc.record({
  input: fc.record({
    channels: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 8, max: 20 }),
    width: fc.integer({ min: 8, max: 20 }),
  }),
  filters: fc.integer({ min: 1, max: 21 }),
  kernel: fc.constantFrom(3, 5, 7),
  padding: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
  pool: fc.constant(2),
  rectifier: fc.constantFrom("none" as const, "relu" as const, "crelu" as const),
  seed: fc.nat(),
});

/** Extremes that random specifications seldom meet. */
export const EXTREMES: readonly LayerSpec[] = [
  { input: { channels: 1, height: 1, width: 1 }, filters: 1, kernel: 1 },
  { input: { channels: 513, height: 5, width: 6 }, filters: 5, kernel: 3, pool: [2, 3] },
  { input: { channels: 1, height: 20, width: 19 }, filters: 29, kernel: 7, pool: 2, padding: 3 },
  { input: { channels: 32, length: 32 }, filters: 96, kernel: 5, pool: "global" },
  {
    input: { channels: 2, height: 40, width: 40 },
    filters: 3,
    kernel: 3,
    pool: [20, 19],
    rectifier: "crelu",
  },
  { input: { channels: 1, length: 70_000 }, filters: 2, kernel: 3, pool: "global" },
  { input: { channels: 3, height: 1, width: 1 }, filters: 13, kernel: 5, padding: 2, stride: 1000 },
  // rows of more regions than the analysis gathers at once
  { input: { channels: 2, height: 6, width: 300 }, filters: 5, kernel: 3, pool: 2, rectifier: "crelu" },
  { input: { channels: 1, height: 3, width: 200 }, filters: 13, kernel: 3, padding: [0, 1] },
  // filters whose points do not fit the nearest cache, and panels of which few fit a batch
  { input: { channels: 60, height: 7, width: 30 }, filters: 12, kernel: 3, pool: 2 },
  { input: { channels: 400, height: 12, width: 12 }, filters: 9, kernel: 5, pool: 2, rectifier: "crelu" },
  // regions of more positions than a batch of tiles holds
  { input: { channels: 300, height: 24, width: 24 }, filters: 9, kernel: 5, pool: 20, rectifier: "crelu" },
];

export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let distance = 0;
  let size = 0;
  for (let i = 0; i < b.length; ++i) {
    distance += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(distance / (size || 1));
}

/** One half, finite, from its bits, by the definition of the format. */
export function half(pattern: number): number {
  const exponent = (pattern >> 10) & 31;
  const fraction = pattern & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return pattern & 0x8000 ? -size : size;
}

/** The exact bits of an array, so that -0 and 0 differ. */
export function bits(array: ArrayBufferView): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}
