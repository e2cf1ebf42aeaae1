// The typed face of the WebAssembly module, and the only file that knows how it is loaded.
//
// One instance a layer: its memory is its own, grown once by configure and never again, so that the views
// below stay valid for as long as the layer lives.

import { demangle } from "@assemblyscript/loader";
import { UnpoolError } from "./errors.js";
import type { Geometry } from "./geometry.js";

/** Bytes of the module, or the module that a host has compiled. */
export type KernelSource = Uint8Array | WebAssembly.Module;

/** Entries of a code's `switches`: positions within a pooling region, row-major. */
export type Switches = Uint8Array | Uint16Array | Uint32Array;

/** assembly/index.ts, which documents each function. */
export type Exports = {
  readonly memory: WebAssembly.Memory;
  configure(...geometry: number[]): number;
  drawFilters(seedLow: number, seedHigh: number, unitNorm: number): void;
  loadFilters(): number;
  inputLimit(): number;
  weightsPointer(): number;
  biasPointer(): number;
  stagingPointer(): number;
  valuesPointer(): number;
  switchesPointer(): number;
  loadInput(): number;
  storeOutput(): void;
  encode(): void;
  encodeAtSwitches(): void;
  switchesFit(): number;
  valuesFinite(): number;
  synthesise(factor: number): void;
  synthesiseFitted(): number;
  beginLeastSquares(tolerance: number): void;
  stepLeastSquares(count: number): number;
  beginThresholding(step: number, k: number, tolerance: number): void;
  stepThresholding(count: number): number;
  beginPowerIteration(): void;
  stepPowerIteration(count: number): number;
  largestEigenvalue(): number;
  status(): number;
  residual(): number;
};

/** A configured instance and views of its memory. */
export interface Kernel {
  readonly run: Exports;
  readonly memoryBytes: number;
  /** [filters][kernel height][kernel width x channels, rounded up to 4], channels innermost. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** Planar input and output. */
  readonly staging: Float32Array;
  readonly values: Float32Array;
  readonly switches: Switches;
}

const compiled = new WeakMap<Uint8Array, WebAssembly.Module>();

/** Compiles without blocking where the host can; hosts that forbid it are named in the error. */
export async function compile(source: KernelSource): Promise<WebAssembly.Module> {
  if (!(source instanceof Uint8Array)) return source;
  const known = compiled.get(source);
  if (known) return known;
  const module = await WebAssembly.compile(source as BufferSource).catch((cause) => {
    throw unsupported(cause);
  });
  compiled.set(source, module);
  return module;
}

/** Compiles at once. */
export function compileSync(source: KernelSource): WebAssembly.Module {
  if (!(source instanceof Uint8Array)) return source;
  const known = compiled.get(source);
  if (known) return known;
  try {
    const module = new WebAssembly.Module(source as BufferSource);
    compiled.set(source, module);
    return module;
  } catch (cause) {
    throw unsupported(cause);
  }
}

function unsupported(cause: unknown): UnpoolError {
  return new UnpoolError(
    "unsupported",
    `this host cannot compile the kernel, which needs WebAssembly with SIMD: ${cause instanceof Error ? cause.message : cause}`,
    { cause },
  );
}

const RECTIFIER_KINDS = { none: 0, relu: 1, crelu: 2 };

/** A fresh instance with the memory of one layer. */
export function instantiate(module: WebAssembly.Module, geometry: Geometry): Kernel {
  const instance = new WebAssembly.Instance(module);
  const run = demangle<Exports>(instance.exports);
  const { channels, height, width, filters, kernel, stride, padding, pool } = geometry;
  const sizes = [channels, height, width, filters, ...kernel, ...stride, ...padding, ...pool];
  if (!run.configure(...sizes, RECTIFIER_KINDS[geometry.rectifier])) {
    throw new UnpoolError(
      "too-large",
      `this host refused the ${(geometry.memoryBytes / 2 ** 20).toFixed(1)} MiB of memory that the layer needs`,
    );
  }
  const { buffer } = run.memory;
  const filterRow = 4 * Math.ceil((kernel[1] * channels) / 4);
  const [planes, rows, columns] = geometry.codeShape;
  const entries = planes * rows * columns;
  const SwitchArray = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[geometry.switchBytes];
  return {
    run,
    memoryBytes: buffer.byteLength,
    weights: new Float32Array(buffer, run.weightsPointer(), filters * kernel[0] * filterRow),
    bias: new Float32Array(buffer, run.biasPointer(), filters),
    staging: new Float32Array(buffer, run.stagingPointer(), channels * height * width),
    values: new Float32Array(buffer, run.valuesPointer(), entries),
    switches: new SwitchArray(buffer, run.switchesPointer(), entries),
  };
}
