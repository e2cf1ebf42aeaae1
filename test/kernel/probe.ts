// Opens what the kernel keeps to itself, for tests alone: compiled with assembly/index.ts into build/kernel.probe*.wasm.

import { capacity, g, inputLength, p, uLength } from "../../assembly/arena";
import * as pyramid from "../../assembly/prior/pyramid";
import {
  cosine,
  drawBlock,
  gaussian,
  logarithm,
  philox,
  sine,
  word0,
  word1,
  word2,
  word3,
} from "../../assembly/random";
import * as violations from "../../assembly/solvers/violations";
import * as vector from "../../assembly/vector";

/** Writes the four words of one Philox block. */
export function philoxBlock(to: usize, c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  philox(c0, c1, c2, c3, k0, k1);
  store<u32>(to, word0);
  store<u32>(to, word1, 4);
  store<u32>(to, word2, 8);
  store<u32>(to, word3, 12);
}

/** Writes n standard normal numbers, f64, of stream 0 of a seed. */
export function normals(to: usize, n: i32, seed: u32): void {
  for (let e = 0; e < n; ++e) {
    if ((e & 3) == 0) drawBlock(<u64>(e >> 2), 0, seed, 0);
    store<f64>(to + ((<usize>e) << 3), gaussian(e & 3));
  }
}

export function logarithmOf(u: f64): f64 {
  return logarithm(u);
}

export function sineOf(a: f64): f64 {
  return sine(a);
}

export function cosineOf(a: f64): f64 {
  return cosine(a);
}

export function dot(a: usize, b: usize, n: i32): f64 {
  return vector.dot(a, b, n);
}

export function axpy(y: usize, c: f32, a: usize, n: i32): void {
  vector.axpy(y, c, a, n);
}

export function xpay(y: usize, c: f32, a: usize, n: i32): void {
  vector.xpay(y, c, a, n);
}

export function multiply(y: usize, a: usize, b: usize, n: i32): void {
  vector.multiply(y, a, b, n);
}

export function scale(y: usize, c: f32, a: usize, n: i32): void {
  vector.scale(y, c, a, n);
}

export function maskByZeros(y: usize, a: usize, n: i32): void {
  vector.maskByZeros(y, a, n);
}

/** Vectors over the variables of the prior, of the layer that was configured: their places and lengths, in floats. */
export function firstVariables(): usize {
  return p;
}

export function secondVariables(): usize {
  return g;
}

export function variablesLength(): i32 {
  return <i32>uLength;
}

export function imageLength(): i32 {
  return <i32>inputLength;
}

export function expand(u: usize, t: usize): void {
  pyramid.expand(u, t);
}

export function restrict(g: usize): void {
  pyramid.restrict(g);
}

/** Rows beyond the switches that there is room for, and those that count now. */
export function violationCapacity(): i32 {
  return <i32>capacity;
}

export function violationCount(): i32 {
  return violations.count;
}
