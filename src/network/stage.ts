// One layer in a network: its kernel and what pools behind it. With the switches fixed it is a linear map A = P S W, P the
// pooling, S the entries that were kept; bias and normalisation come on top.

import { VARIABLES } from "../../assembly/arena.js";
import { badFilters, badNumber, overflow } from "../check.js";
import { writeFilters } from "../filters.js";
import { configure, type Kernel, type Switches } from "../kernel.js";
import type { Buffers } from "./buffers.js";
import { average, gather, poolMaxima, scatter, spread } from "./pooling.js";
import { bufferFloats, type LayerPlan, type NetworkLayerSpec } from "./spec.js";

const NONE: Switches = new Uint8Array();

export class Stage {
  readonly plan: LayerPlan;
  /** The pooled values, planes x height x width: what encode and product leave, and what transpose takes. */
  readonly output: Float32Array;
  readonly kernel: Kernel;
  /** Of the first layer of a network: what expandPrior reads, and what restrictPrior leaves. */
  readonly priorVariables: Float32Array;
  readonly priorGradient: Float32Array;
  /** The switches that are fixed: the caller's array, until it is released. */
  #switches: Switches = NONE;

  /** @param spec what the plan was made from, looked at for its filters. */
  constructor(instance: WebAssembly.Instance, plan: LayerPlan, spec: NetworkLayerSpec, buffers: Buffers) {
    this.plan = plan;
    const { geometry, room } = plan;
    const kernel = configure(instance, geometry, room);
    writeFilters(kernel, geometry, spec);
    if (spec.normalise) fold(kernel, spec.normalise);
    if (!kernel.run.loadFilters()) throw badFilters();
    this.kernel = kernel;
    const { memory, variableCount, variablesPointer, stagingPointer } = kernel.run;
    const variables = room === VARIABLES ? variableCount() : 0;
    this.priorVariables = new Float32Array(memory.buffer, variablesPointer(), variables);
    this.priorGradient = new Float32Array(memory.buffer, stagingPointer(), variables);
    this.output = plan.regions ? buffers.take(bufferFloats(plan)) : kernel.values;
  }

  /** The filter's length: multiply-adds of one entry of W x. */
  get #rowLength(): number {
    const { channels, kernel } = this.plan.geometry;
    return channels * kernel[0] * kernel[1];
  }

  /** Multiply-adds of W x, at all entries that pooling sees. */
  get macs(): number {
    const { codeShape, pool, filters } = this.plan.geometry;
    return filters * codeShape[1] * codeShape[2] * pool[0] * pool[1] * this.#rowLength;
  }

  /** Multiply-adds of a product with A. */
  get productMacs(): number {
    return this.kernel.values.length * this.#rowLength;
  }

  /** Loads planar numbers, channels x height x width. Throws UnpoolError where one is not finite or too large. */
  load(input: Float32Array): void {
    if (!this.tryLoad(input)) throw badNumber(input, this.kernel.run.inputLimit());
  }

  /** The same; false where it would throw. */
  tryLoad(input: Float32Array): boolean {
    const { staging, run } = this.kernel;
    staging.set(input);
    return run.loadInput() !== 0;
  }

  loadZero(): void {
    this.kernel.staging.fill(0);
    this.kernel.run.loadInput();
  }

  /** Output = the pooled values of the loaded input; writes the switches. */
  encode(switches: Switches): void {
    const { kernel, output } = this;
    const { regions, none, geometry } = this.plan;
    const signed = geometry.rectifier === "none";
    kernel.run.encode();
    if (regions?.type === "max") {
      poolMaxima(regions, kernel.values, output, switches, signed, none);
      return;
    }
    switches.set(kernel.switches);
    if (!signed) {
      for (let i = 0; i < switches.length; ++i) if (kernel.values[i] === 0) switches[i] = none;
    }
    if (regions) average(regions, kernel.values, output);
  }

  /** Fixes the switches, which the caller has checked. */
  fix(switches: Switches): void {
    this.#switches = switches;
    const { kernel } = this;
    if (this.plan.regions) return;
    const { none } = this.plan;
    for (let i = 0; i < switches.length; ++i) kernel.switches[i] = switches[i] === none ? 0 : switches[i]!;
  }

  /** Ends the look at the caller's switches. */
  release(): void {
    this.#switches = NONE;
  }

  /** Output = A x of the loaded input, `biased` with the bias on top. */
  product(biased: boolean): void {
    const { kernel, output, plan } = this;
    kernel.run.encodeAtSwitches();
    if (biased) this.#addBias();
    if (plan.regions?.type === "max") gather(plan.regions, kernel.values, output, this.#switches, plan.none);
    else {
      this.#mask(kernel.values);
      if (plan.regions) average(plan.regions, kernel.values, output);
    }
  }

  /** The kernel's result = A' output. */
  transpose(): void {
    const { kernel, output, plan } = this;
    if (plan.regions?.type === "max") scatter(plan.regions, output, kernel.values, this.#switches, plan.none);
    else {
      if (plan.regions) spread(plan.regions, output, kernel.values);
      this.#mask(kernel.values);
    }
    kernel.run.synthesise(1);
  }

  /** The kernel's result as planar numbers, channels x height x width: a view. */
  unload(): Float32Array {
    if (!this.kernel.run.storeOutput()) throw overflow();
    return this.kernel.staging;
  }

  /** Clears the numbers, shaped as the output, that are known to be 0 as nothing was kept there. */
  maskOutput(numbers: Float32Array): void {
    if (this.plan.regions?.type !== "average") this.#mask(numbers);
  }

  /** Clears the numbers, one a switch, where nothing was kept. */
  #mask(numbers: Float32Array): void {
    if (this.plan.geometry.rectifier === "none") return;
    const switches = this.#switches;
    const { none } = this.plan;
    for (let i = 0; i < switches.length; ++i) if (switches[i] === none) numbers[i] = 0;
  }

  /** Pooled values that say something: where nothing was kept, the value is known to be 0 and has no row in A. */
  countRows(): number {
    const { rectifier } = this.plan.geometry;
    if (rectifier === "none" || this.plan.regions?.type === "average") return this.output.length;
    const { none } = this.plan;
    let rows = 0;
    for (const at of this.#switches) if (at !== none) ++rows;
    return rows;
  }

  /** With the sign of the plane: crelu mirrors the second half. */
  #addBias(): void {
    const { values, bias } = this.kernel;
    const { filters, codeShape } = this.plan.geometry;
    const area = codeShape[1] * codeShape[2];
    for (let plane = 0; plane < codeShape[0]; ++plane) {
      const shift = plane < filters ? bias[plane]! : -bias[plane - filters]!;
      for (let i = plane * area; i < (plane + 1) * area; ++i) values[i]! += shift;
    }
  }
}

/** Multiplies an affine normalisation into filters and biases. */
function fold(
  { weights, bias }: Kernel,
  { scale, shift }: { scale: Float32Array; shift: Float32Array },
): void {
  const length = weights.length / scale.length;
  weights.forEach((weight, i) => {
    weights[i] = weight * scale[Math.floor(i / length)]!;
  });
  bias.forEach((b, k) => {
    bias[k] = b * scale[k]! + shift[k]!;
  });
}
