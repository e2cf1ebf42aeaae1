// What the conformance program runs: sixteen layers that meet every path of the kernel, and their numbers.

import type { LayerSpec } from "../../src/geometry.js";
import type { NetworkSpec } from "../../src/network/spec.js";

/** Seeded multiples of 2^-30 in [-1, 1), by whole numbers alone (Park and Miller): exact on every host. */
export function numbers(length: number, seed: number): Float32Array {
  let state = seed + 1;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2 ** 30 - 1;
  });
}

export const FILTER_SEEDS: readonly number[] = [0, 1, 7, 2 ** 32 + 5, 2 ** 53 - 1];

/** By title; the titles stand in digests.json. */
export const SPECS: Readonly<Record<string, LayerSpec>> = {
  "picture, pool 2": {
    input: { channels: 3, height: 21, width: 23 },
    filters: 64,
    kernel: 5,
    padding: 2,
    pool: 2,
    seed: 7,
  },
  "1-D, 32 channels, global, as in the paper's theory": {
    input: { channels: 32, length: 32 },
    filters: 96,
    kernel: 5,
    pool: "global",
    seed: 1,
  },
  "130 channels, pool 2 x 3": {
    input: { channels: 130, height: 7, width: 9 },
    filters: 9,
    kernel: 3,
    pool: [2, 3],
    seed: 2,
  },
  "1 channel, 7 x 7, relu": {
    input: { channels: 1, height: 16, width: 17 },
    filters: 29,
    kernel: 7,
    padding: 3,
    pool: 2,
    rectifier: "relu",
    seed: 3,
  },
  "crelu, uneven kernel, stride, padding and pool": {
    input: { channels: 2, height: 17, width: 15 },
    filters: 13,
    kernel: [3, 5],
    stride: [2, 1],
    padding: [1, 2],
    pool: [2, 3],
    rectifier: "crelu",
    seed: 4,
  },
  "16-bit switches, crelu": {
    input: { channels: 2, height: 40, width: 40 },
    filters: 3,
    kernel: 3,
    pool: [20, 19],
    rectifier: "crelu",
    seed: 5,
  },
  "32-bit switches, 1-D": {
    input: { channels: 1, length: 65_540 },
    filters: 2,
    kernel: 3,
    pool: "global",
    seed: 6,
  },
  "no pooling, crelu, bias, stride 2": {
    input: { channels: 5, height: 9, width: 10 },
    filters: 7,
    kernel: [1, 3],
    stride: 2,
    rectifier: "crelu",
    bias: numbers(7, 8),
    seed: 8,
  },
  "1-D, 1 channel, stride 3, padding 8, bias": {
    input: { channels: 1, length: 301 },
    filters: 12,
    kernel: 17,
    stride: 3,
    padding: 8,
    pool: 4,
    bias: numbers(12, 9),
    seed: 9,
  },
  "one number, one filter": {
    input: { channels: 1, height: 1, width: 1 },
    filters: 1,
    kernel: 1,
    seed: 10,
  },
  "given weights and bias, relu": {
    input: { channels: 3, height: 13, width: 11 },
    filters: 8,
    kernel: 3,
    pool: 2,
    rectifier: "relu",
    weights: numbers(8 * 3 * 3 * 3, 11),
    bias: numbers(8, 12),
  },
  "unitNorm, pool 3": {
    input: { channels: 3, height: 17, width: 16 },
    filters: 32,
    kernel: 5,
    pool: 3,
    unitNorm: true,
    seed: 2 ** 40 + 3,
  },
  "global in 2-D, relu, bias": {
    input: { channels: 4, height: 15, width: 14 },
    filters: 33,
    kernel: 4,
    pool: "global",
    rectifier: "relu",
    bias: numbers(33, 13),
    seed: 13,
  },
  "kernel as large as the input, no pooling": {
    input: { channels: 3, height: 6, width: 5 },
    filters: 70,
    kernel: [6, 5],
    seed: 14,
  },
  "stride larger than the kernel": {
    input: { channels: 6, height: 23, width: 31 },
    filters: 21,
    kernel: 2,
    stride: 3,
    pool: [1, 2],
    seed: 15,
  },
  "padding larger than the input, 1-D, 2 channels": {
    input: { channels: 2, length: 9 },
    filters: 17,
    kernel: 10,
    padding: 12,
    pool: 5,
    seed: 16,
  },
};

/** Networks, by title. */
export const NETWORKS: Readonly<Record<string, NetworkSpec>> = {
  "two layers, pool 2": {
    input: { channels: 3, height: 24, width: 26 },
    layers: [
      { filters: 12, kernel: 5, pool: 2, seed: 20 },
      { filters: 20, kernel: 3, padding: 1, pool: 2, seed: 21 },
    ],
  },
  "three layers, relu, normalised, pooling that overlaps, averages": {
    input: { channels: 2, height: 23, width: 22 },
    layers: [
      {
        filters: 8,
        kernel: 5,
        padding: 2,
        rectifier: "relu",
        bias: numbers(8, 22),
        normalise: { scale: numbers(8, 23), shift: numbers(8, 24) },
        pool: { type: "max", size: 3, stride: 2, ceil: true },
        seed: 22,
      },
      {
        filters: 9,
        kernel: 3,
        rectifier: "crelu",
        pool: { type: "average", size: 3, stride: 2, ceil: true },
        seed: 23,
      },
      { filters: 30, kernel: 2, bias: numbers(30, 25), seed: 24 },
    ],
  },
  "1-D, two layers, global": {
    input: { channels: 4, length: 70 },
    layers: [
      { filters: 16, kernel: 5, rectifier: "relu", pool: 2, seed: 25 },
      { filters: 40, kernel: 3, pool: "global", seed: 26 },
    ],
  },
};
