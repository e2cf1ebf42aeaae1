// The typed face of the WebAssembly module, and the only file that knows how it is loaded.
//
// One instance a layer: its memory is its own, grown once by configure and never again, so that the views
// below stay valid for as long as the layer lives.

import { MOST_MIXED, MOST_STRETCHES, SOLVERS } from "../assembly/arena.js";
import { UnpoolError } from "./errors.js";
import type { Geometry } from "./geometry.js";

/** Entries of a code's `switches`: positions within a pooling region, row-major. */
export type Switches = Uint8Array | Uint16Array | Uint32Array;

/**
 * assembly/index.ts, which documents each function.
 * @internal
 */
export type Exports = {
  readonly memory: WebAssembly.Memory;
  interfaceVersion(): number;
  reserve(room: number): void;
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
  storeOutput(): number;
  encode(): void;
  encodeAtSwitches(): void;
  switchesFit(): number;
  valuesFinite(): number;
  synthesise(factor: number): void;
  synthesiseFitted(): number;
  mixingPointer(): number;
  setPrior(levelWeight: number, mixed: number): void;
  variableCount(): number;
  variablesPointer(): number;
  expandPrior(): void;
  restrictPrior(): void;
  planPointer(): number;
  beginLeastSquares(stretches: number, tolerance: number, noise: number, warm: number): void;
  stepLength(): number;
  gradientRatio(): number;
  faintNumbers(share: number): number;
  finishLeastSquares(): void;
  poolResidual(): number;
  fixSwitches(position: number): void;
  beginSparsify(
    method: number,
    k: number,
    tolerance: number,
    step: number,
    share: number,
    inner: number,
    warm: number,
  ): void;
  keepLargest(k: number): number;
  step(count: number): number;
  beginPowerIteration(): void;
  stepPowerIteration(count: number): number;
  largestEigenvalue(): number;
  status(): number;
  residual(): number;
  gradient(): number;
  products(): number;
};

/**
 * A configured instance and views of its memory.
 * @internal
 */
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
  /** The prior's mixture of channels, channels x channels; empty for more channels than it mixes. */
  readonly mixing: Float32Array;
  /** A plan of least squares: iterations and kind of each stretch. */
  readonly plan: Uint32Array;
  /** L, the largest eigenvalue of W'W; 0 until a solver needs it. */
  largestEigenvalue: number;
}

/**
 * Where instances come from, one for each layer. Both throw UnpoolError "unsupported" if none can be had.
 * @internal
 */
export interface KernelSource {
  instance(): Promise<WebAssembly.Instance>;
  instanceSync(): WebAssembly.Instance;
}

/** The version of assembly/index.ts that this file speaks. */
const INTERFACE_VERSION = 3;

/**
 * From a module that the host has compiled: nothing here compiles, as edge runtimes demand.
 * @internal
 */
export function fromModule(module: WebAssembly.Module): KernelSource {
  const instanceSync = () => {
    try {
      return new WebAssembly.Instance(module);
    } catch (cause) {
      throw notInstantiated(cause);
    }
  };
  return { instance: async () => instanceSync(), instanceSync };
}

function notInstantiated(cause: unknown): UnpoolError {
  if (cause instanceof RangeError) {
    return new UnpoolError("too-large", `this host has no memory for another layer: ${reason(cause)}`, {
      cause,
    });
  }
  return unsupported(`the module cannot be instantiated: ${reason(cause)}`, cause);
}

/**
 * From bytes, compiled at the first call and once; a compilation that failed is tried again by the next.
 * @internal
 */
export function fromBytes(bytes: BufferSource): KernelSource {
  let module: WebAssembly.Module | undefined;
  let compiling: Promise<void> | undefined;
  const compile = async () => {
    try {
      module = await WebAssembly.compile(bytes);
    } catch (cause) {
      throw notCompiled(bytes, cause);
    } finally {
      compiling = undefined;
    }
  };
  return {
    async instance() {
      if (!module) {
        compiling ??= compile();
        await compiling;
      }
      try {
        // not `instantiate`: a program that only waits for it can hang for ever in Node 20 (nodejs/node#54918)
        return new WebAssembly.Instance(module!);
      } catch (cause) {
        // Chrome before 114 allows that on a page's main thread up to 4 KB only
        if (!/main thread/.test(reason(cause))) throw notInstantiated(cause);
        return WebAssembly.instantiate(module!);
      }
    },
    instanceSync() {
      try {
        module ??= new WebAssembly.Module(bytes);
      } catch (cause) {
        throw notCompiled(bytes, cause);
      }
      return fromModule(module).instanceSync();
    },
  };
}

/**
 * From one instance, which can be one layer's only.
 * @internal
 */
export function fromInstance(instance: WebAssembly.Instance): KernelSource {
  let taken = false;
  const instanceSync = () => {
    if (taken) {
      throw unsupported("this instance belongs to a layer already; hand over a module to create several");
    }
    taken = true;
    return instance;
  };
  return { instance: async () => instanceSync(), instanceSync };
}

/** (module (func (drop (v128.const i64x2 0 0)))): valid where SIMD is. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12],
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11],
);

/** Says which it is: no WebAssembly, no SIMD, no module, or a host that forbids compilation. */
function notCompiled(bytes: BufferSource, cause: unknown): UnpoolError {
  if (typeof WebAssembly === "undefined") return unsupported("this host has no WebAssembly", cause);
  if (!WebAssembly.validate(SIMD_PROBE)) {
    return unsupported(
      "this host's WebAssembly has no SIMD; Chrome 91, Firefox 89, Safari 16.4 and Node 20 have it",
      cause,
    );
  }
  if (!WebAssembly.validate(bytes)) {
    return unsupported(`the kernel's ${bytes.byteLength} bytes are no valid module: ${reason(cause)}`, cause);
  }
  return unsupported(
    `this host forbids compiling the kernel (a content-security policy must allow 'wasm-unsafe-eval'): ${reason(cause)}`,
    cause,
  );
}

function unsupported(message: string, cause?: unknown): UnpoolError {
  return new UnpoolError("unsupported", message, { cause });
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

const RECTIFIER_KINDS = { none: 0, relu: 1, crelu: 2 };

/**
 * Gives a fresh instance the memory of one layer.
 * @param room what it has room for, as for resolveGeometry.
 * @internal
 */
export function configure(instance: WebAssembly.Instance, geometry: Geometry, room = SOLVERS): Kernel {
  const run = instance.exports as unknown as Exports;
  if (typeof run.interfaceVersion !== "function" || run.interfaceVersion() !== INTERFACE_VERSION) {
    throw unsupported(
      `this module is not the kernel of this version of unpool (interface ${INTERFACE_VERSION})`,
    );
  }
  const { channels, height, width, filters, kernel, stride, padding, pool } = geometry;
  const sizes = [channels, height, width, filters, ...kernel, ...stride, ...padding, ...pool];
  run.reserve(room);
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
    mixing: new Float32Array(buffer, run.mixingPointer(), channels <= MOST_MIXED ? channels * channels : 0),
    plan: new Uint32Array(buffer, run.planPointer(), 2 * MOST_STRETCHES),
    largestEigenvalue: 0,
  };
}
