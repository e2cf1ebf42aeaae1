// The kernel's interface: flat functions over one linear memory, no imports. docs: ARCHITECTURE.md.
//
// Order of use: configure; drawFilters, or write weights; write biases; loadFilters; then write an
// input at stagingPointer (planar f32) or a code at valuesPointer and switchesPointer, call, read back.

import * as arena from "./arena";
import { PAGE } from "./arena";
import { analyse } from "./convolution/analysis";
import * as bank from "./convolution/filters";
import { pack, unpack } from "./convolution/image";
import { fillOffsets } from "./convolution/regions";
import { analyseAtSwitches } from "./convolution/switched";
import { setGeometry } from "./geometry";
import * as pooling from "./pooling";
import * as pyramid from "./prior/pyramid";
import * as conjugateGradients from "./solvers/conjugate-gradients";
import * as leastSquares from "./solvers/least-squares";
import * as oneStep from "./solvers/one-step";
import * as power from "./solvers/power-iteration";
import * as solver from "./solvers/solver";
import { activate, LEAST_SQUARES } from "./solvers/solver";
import * as sparse from "./solvers/sparse";
import * as state from "./solvers/state";
import { fixEverySwitch, leastPoolResidual } from "./solvers/switch-estimate";
import { codeFloats } from "./solvers/target";
import { allFinite } from "./vector";

/** Raised whenever a function of this file, or the meaning of one, changes. */
export function interfaceVersion(): i32 {
  return 3;
}

/** What configure makes room for: arena.PRODUCTS, VARIABLES or, unless something else is asked for, SOLVERS. */
let room: i32 = arena.SOLVERS;

/**
 * Before configure: 0 reserves memory for products alone (encode, encodeAtSwitches, synthesise), 1 for the prior's
 * variables, too (expandPrior, restrictPrior), 2, the default, for everything. What there is no room for must not be called.
 */
export function reserve(what: i32): void {
  room = what;
}

/** Lays out and commits the memory of one layer, once. False if the host refuses that much memory. */
export function configure(
  channels: i32,
  height: i32,
  width: i32,
  filters: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  paddingHeight: i32,
  paddingWidth: i32,
  poolHeight: i32,
  poolWidth: i32,
  rectifier: i32,
): bool {
  setGeometry(
    channels,
    height,
    width,
    filters,
    kernelHeight,
    kernelWidth,
    strideHeight,
    strideWidth,
    paddingHeight,
    paddingWidth,
    poolHeight,
    poolWidth,
    rectifier,
  );
  const missing = <i32>(arena.layOut(room) / PAGE) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return false;
  fillOffsets();
  return true;
}

/** Draws random filters from a 64-bit seed; with `unitNorm` every filter has norm 1. loadFilters comes next. */
export function drawFilters(seedLow: u32, seedHigh: u32, unitNorm: bool): void {
  bank.drawFilters(seedLow, seedHigh, unitNorm);
}

/**
 * Takes the filters and biases that were drawn, or written at weightsPointer and biasPointer. False if one is
 * not finite, a |bias| exceeds 1e12, or the largest sum of |weights| in a filter is not within 1e-12 to 1e12
 * (all zero is allowed).
 */
export function loadFilters(): bool {
  bank.packFilters();
  return bank.measureFilters();
}

/** The largest magnitude that an input may have, so that no activation overflows. */
export function inputLimit(): f32 {
  return bank.inputLimit;
}

/** f32 [filters][kernelHeight][kernelWidth x channels rounded up to 4], channels innermost. */
export function weightsPointer(): usize {
  return arena.rows;
}

/** f32 [filters]; zero until written. */
export function biasPointer(): usize {
  return arena.bias;
}

/** f32 [channels][height][width]: where an input is written and a result is read. */
export function stagingPointer(): usize {
  return arena.g;
}

/** f32 [planes][pooledHeight][pooledWidth]: the values of the code. */
export function valuesPointer(): usize {
  return arena.values;
}

/** u8, u16 or u32 [planes][pooledHeight][pooledWidth]: the switches of the code. */
export function switchesPointer(): usize {
  return arena.switches;
}

/** Packs the staged input. False if a number in it is not finite or exceeds inputLimit in magnitude. */
export function loadInput(): bool {
  return pack(arena.g, arena.x, bank.inputLimit);
}

/** Unpacks the result to the staging area. False if a number in it is not finite. */
export function storeOutput(): bool {
  return unpack(arena.x, arena.g);
}

/** The code of the input. */
export function encode(): void {
  analyse(arena.x, 1, false);
}

/** The values of the code at the switches that stand there: A x, without bias or rectifier. */
export function encodeAtSwitches(): void {
  analyseAtSwitches(arena.x, arena.values, 0);
}

/** False if a switch written at switchesPointer lies outside its region: look before any other use of it. */
export function switchesFit(): bool {
  return pooling.switchesFit();
}

/** False if a value written at valuesPointer is not finite. */
export function valuesFinite(): bool {
  return allFinite(arena.values, codeFloats());
}

/** Result = factor x W'z, the values as they stand. */
export function synthesise(factor: f64): void {
  oneStep.synthesiseCode(<f32>factor);
}

/** Result = the one-step decoding with the scale that fits the code best; returns the scale. */
export function synthesiseFitted(): f64 {
  return oneStep.synthesiseFitted();
}

/** f32 [channels][channels]: the prior's mixture of channels, for setPrior. */
export function mixingPointer(): usize {
  return arena.mixing;
}

/**
 * The prior of whitened variables: the weight of a coarser level of the pyramid against the next finer one, and whether
 * channels are mixed by what stands at mixingPointer; see prior/pyramid.ts.
 */
export function setPrior(levelWeight: f64, mixed: bool): void {
  pyramid.setPrior(<f32>levelWeight, mixed);
}

/** Length, in floats, of a vector over the prior's variables; what they mean is in prior/pyramid.ts. */
export function variableCount(): i32 {
  return <i32>arena.uLength;
}

/** f32 [variableCount]: what expandPrior reads. */
export function variablesPointer(): usize {
  return arena.p;
}

/** Input = B u, of the variables at variablesPointer. */
export function expandPrior(): void {
  pyramid.expand(arena.p, arena.s);
  memory.copy(arena.x, arena.s, (<usize>arena.inputLength) << 2);
}

/** B'x of the input or result that stands there, at stagingPointer: f32 [variableCount]. */
export function restrictPrior(): void {
  memory.copy(arena.g, arena.x, (<usize>arena.inputLength) << 2);
  pyramid.restrict(arena.g);
}

/** u32 [MOST_STRETCHES][2]: a plan of least squares; see solvers/least-squares.ts. */
export function planPointer(): usize {
  return arena.plan;
}

/**
 * Begins least squares on the code by the plan of so many stretches, from zero or, `warm`, from the loaded input. A
 * residual of norm `noise` is small enough.
 */
export function beginLeastSquares(stretches: i32, tolerance: f64, noise: f64, warm: bool): void {
  activate(LEAST_SQUARES);
  leastSquares.beginLeastSquares(stretches, tolerance, noise, warm);
}

/** Step of the last iteration of least squares, and the ratio of the squared gradients after and before it. */
export function stepLength(): f64 {
  return conjugateGradients.stepLength;
}

export function gradientRatio(): f64 {
  return conjugateGradients.gradientRatio;
}

/**
 * Numbers of the input that the kept patches weigh with at most this share of the mean, 0: not at all; while least
 * squares runs in scaled variables.
 */
export function faintNumbers(share: f64): i32 {
  return conjugateGradients.faintNumbers(share);
}

/** Ends least squares: with unknown switches, result = the x of least pool residual. */
export function finishLeastSquares(): void {
  leastSquares.finishLeastSquares();
}

/** |max - |v|| / |v| of the result with unknown switches. */
export function poolResidual(): f64 {
  return leastPoolResidual;
}

/** Sets every switch of the code to one position. */
export function fixSwitches(position: i32): void {
  fixEverySwitch(position);
}

/**
 * Begins to sparsify the input to at most k non-zeros, from zero or, `warm`, from the code that stands there. `method`:
 * 0 iht, 1 niht, 2 htp, 3 cgiht, 4 cosamp, 5 omp, 6 ista, 7 fista, 8 the l1 problem on the support that stands there;
 * each has its file in solvers/. `step` is that of iht, or 1 / L for 6 to 8; `share` their lambda, over the least one
 * that gives zero; `inner` the least-squares iterations within one of htp, cosamp and omp. Those that do not apply are
 * not looked at. Methods 6 and 7 do not use k: keepLargest does it.
 */
export function beginSparsify(
  method: i32,
  k: i32,
  tolerance: f64,
  step: f64,
  share: f64,
  inner: i32,
  warm: bool,
): void {
  solver.beginSparsify(method, k, tolerance, step, share, inner, warm);
}

/** M(z, k) of the code that stands there; returns |x - W'z| / |x|, 0 for an input of zeros. */
export function keepLargest(k: i32): f64 {
  return sparse.truncate(k);
}

/**
 * At most `count` iterations of the solver that was begun last. Returns its status: 0 running, 1 converged,
 * 2 stagnated, 3 diverged, 4 as close as the noise allows.
 */
export function step(count: i32): i32 {
  return solver.step(count);
}

/** Begins the power iteration for the largest eigenvalue of W'W; keeps the input and the code. */
export function beginPowerIteration(): void {
  power.beginPowerIteration();
}

/** At most `count` steps; 0 running, 1 settled. */
export function stepPowerIteration(count: i32): i32 {
  return power.stepPowerIteration(count);
}

/** The estimate of the power iteration, never above the true eigenvalue. */
export function largestEigenvalue(): f64 {
  return power.largestEigenvalue;
}

/** Status of the solver that was begun last. */
export function status(): i32 {
  return state.status;
}

/** Its residual over the norm of its right-hand side. */
export function residual(): f64 {
  return state.residual;
}

/** How far from stationary its last iteration left it; each solver's file says what it measures. */
export function gradient(): f64 {
  return state.gradient;
}

/** What it has multiplied since it began, in units of W x. */
export function products(): f64 {
  return state.products;
}
