// One layer: filters and geometry, encode, sparsify, decode.

import {
  badFilters,
  badKind,
  badNumber,
  badSwitch,
  checkCodeArrays,
  checkFilters,
  checkLength,
  checkSwitches,
  checkValues,
  overflow,
} from "./check.js";
import { checkDecodeOptions, countRows, type DecodeOptions, decode } from "./decode.js";
import { type Current, type DriveOptions, deadline, type Run } from "./drive.js";
import { UnpoolError } from "./errors.js";
import { readRows, writeFilters } from "./filters.js";
import { type Geometry, type LayerSpec, resolveGeometry } from "./geometry.js";
import { type Invertibility, invertibility } from "./invertibility.js";
import { configure, type Kernel, type KernelSource, type Switches } from "./kernel.js";
import { Report } from "./report.js";
import { checkSparsifyOptions, type SparsifyOptions, sparsify } from "./sparsify.js";

declare global {
  // as in TypeScript's library esnext.disposable, for projects that compile without it
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** Pooled values and their switches, each planes x pooled height x pooled width, row-major. */
export interface Code {
  values: Float32Array;
  /** Position of each value in its pooling region, row-major. */
  switches: Switches;
  /**
   * "pooled" (the default): maxima of W x, made by encode; "sparse": coefficients z of W'z, made by
   * sparsify. It decides what decode does when no method is named.
   */
  kind?: "pooled" | "sparse";
}

/** What decode takes where it does not need the switches. */
export interface Values {
  values: Float32Array;
  switches?: Switches;
  kind?: "pooled" | "sparse";
}

/** A model-k-sparse code and how it was found. */
export interface SparseCode extends Code {
  kind: "sparse";
  report: Report;
}

export interface EncodeOptions {
  /** Write here instead of into fresh arrays. */
  out?: Code;
  /** Take W x at these switches instead of at the maxima (no bias, no rectifier): the operator A. */
  switches?: Switches;
}

const NO_OPTIONS = {};

export class Layer {
  /** The specification, checked and complete. */
  readonly geometry: Geometry;
  /** How the last decode or sparsify of this layer ran; the next one overwrites it. */
  readonly report = new Report();
  #kernel: Kernel | undefined;
  #busy = false;

  /**
   * Use createLayer or createLayerSync.
   * @internal
   */
  constructor(instance: WebAssembly.Instance, geometry: Geometry, spec: LayerSpec) {
    this.geometry = geometry;
    const kernel = configure(instance, geometry);
    writeFilters(kernel, geometry, spec);
    if (!kernel.run.loadFilters()) throw badFilters();
    this.#kernel = kernel;
  }

  /** [planes, pooled height, pooled width]. */
  get codeShape(): readonly [number, number, number] {
    return this.geometry.codeShape;
  }

  /** Linear memory of this layer, in bytes; it never grows. */
  get memoryBytes(): number {
    return this.#open().memoryBytes;
  }

  /** A copy of the filters, OIHW: filters x channels x kernel height x kernel width. */
  get weights(): Float32Array {
    return readRows(this.geometry, this.#open().weights);
  }

  /** A copy of the biases, one a filter. */
  get bias(): Float32Array {
    return this.#open().bias.slice();
  }

  /**
   * One feed-forward pass: the pooled values of W x + bias and their switches.
   * @param x planar input, channels x height x width.
   */
  encode(x: Float32Array, options: EncodeOptions = NO_OPTIONS): Code {
    const kernel = this.#open();
    const { out, switches } = options;
    if (out) checkCodeArrays(kernel, this.geometry, "out", out, true);
    if (switches) {
      checkSwitches(kernel, this.geometry, "switches", switches, false);
      this.#loadSwitches(kernel, switches);
    }
    this.#loadInput(kernel, x);
    if (switches) kernel.run.encodeAtSwitches();
    else kernel.run.encode();
    return takeCode(kernel, "pooled", out);
  }

  /**
   * Finds a code with at most k non-zeros, one a region of a filter, with W'z close to x.
   * @param x planar input, channels x height x width.
   */
  sparsify(x: Float32Array, options: SparsifyOptions = NO_OPTIONS): SparseCode {
    const kernel = this.#open();
    const { out } = options;
    const { start } = options;
    checkSparsifyOptions(options, kernel.values.length);
    if (out) checkCodeArrays(kernel, this.geometry, "out", out, true);
    if (start) this.#loadCode(kernel, start, true, "start");
    this.#loadInput(kernel, x);
    const take = (copy?: Code) => {
      if (copy) checkCodeArrays(kernel, this.geometry, "out", copy, true);
      if (!kernel.run.valuesFinite()) throw overflow("code");
      return takeCode(kernel, "sparse", copy);
    };
    this.#solve(kernel, options, take, (run) => sparsify(run, options));
    const code = take(out) as SparseCode;
    code.report = out ? this.report : this.report.copy();
    return code;
  }

  /**
   * A code back to its input. A pooled code is solved for the x whose activations at the switches are the
   * values; a sparse code is multiplied out. What the values leave open (there are fewer of them than numbers in x,
   * or pixels that no region kept) the prior of pictures fills in; of other inputs the smallest is taken.
   * @returns planar, channels x height x width.
   */
  decode(code: Values, options: DecodeOptions = NO_OPTIONS): Float32Array {
    const kernel = this.#open();
    const { run, staging } = kernel;
    const { out, switches = "known", start } = options;
    const { kind = "pooled" } = code ?? {};
    if (kind !== "pooled" && kind !== "sparse") throw badKind(kind);
    checkDecodeOptions(options, kind, this.geometry);
    if (out) checkLength("out", out, staging.length, this.geometry);
    this.#loadCode(kernel, code, switches === "known");
    if (start) this.#loadInput(kernel, start, "start");
    // between two iterations nothing lives in the staging area, though a solver's vector shares its place
    const take = (copy?: Float32Array) => {
      if (copy) checkLength("out", copy, staging.length, this.geometry);
      if (!run.storeOutput()) throw overflow();
      if (!copy) return staging.slice();
      copy.set(staging);
      return copy;
    };
    this.#solve(kernel, options, take, (run) => decode(run, this.geometry, options, kind));
    return take(out);
  }

  /**
   * Whether a pooled code determines its input, before it is decoded: m/N, coverage, condition number, and a sentence.
   * It costs at most 100 iterations of least squares.
   */
  invertibility(code: Code): Invertibility {
    const kernel = this.#open();
    const { kind = "pooled" } = code ?? {};
    if (kind === "sparse") {
      throw new UnpoolError(
        "invalid-code",
        "a sparse code is multiplied out; the question is of what encode made",
      );
    }
    if (kind !== "pooled") throw badKind(kind);
    this.#loadCode(kernel, code);
    return invertibility(kernel, this.geometry, countRows(kernel, this.geometry));
  }

  /** As dispose, for `using layer = ...`. */
  declare [Symbol.dispose]: () => void;

  /** Gives the memory back. Every later call throws UnpoolError "disposed". */
  dispose(): void {
    this.#kernel = undefined;
  }

  #open(): Kernel {
    if (!this.#kernel) throw new UnpoolError("disposed", "this layer was disposed; create another");
    if (this.#busy) {
      throw new UnpoolError(
        "busy",
        "this layer is in the middle of a call: onStep must not call the layer that runs it",
      );
    }
    return this.#kernel;
  }

  /** The clock begins here; until the call returns, the layer is busy, and onStep may look by `take`. */
  #solve<Result>(
    kernel: Kernel,
    options: DriveOptions,
    take: Current<Result>,
    solve: (run: Run) => void,
  ): void {
    this.#busy = true;
    let over = false;
    const current: Current<Result> = (out) => {
      if (over)
        throw new UnpoolError(
          "busy",
          "this run is over: current belongs to the onStep that it was handed to",
        );
      return take(out);
    };
    try {
      solve({ kernel, report: this.report, options, current, until: deadline(options) });
    } finally {
      over = true;
      this.#busy = false;
    }
  }

  #loadInput(kernel: Kernel, x: Float32Array, name = "the input"): void {
    checkLength(name, x, kernel.staging.length, this.geometry);
    kernel.staging.set(x);
    if (!kernel.run.loadInput()) throw badNumber(x, kernel.run.inputLimit());
  }

  #loadSwitches(kernel: Kernel, switches: Switches): void {
    const positions = this.geometry.pool[0] * this.geometry.pool[1];
    // a wider array would lose its high bytes in the copy: look first
    if (switches.BYTES_PER_ELEMENT > kernel.switches.BYTES_PER_ELEMENT) {
      for (let i = 0; i < switches.length; ++i) {
        if (switches[i]! >= positions) throw badSwitch(switches, positions);
      }
    }
    kernel.switches.set(switches);
    if (!kernel.run.switchesFit()) throw badSwitch(switches, positions);
  }

  #loadCode(kernel: Kernel, code: Values, switched = true, name = "the code"): void {
    const { values, switches } = code ?? {};
    checkValues(kernel, this.geometry, name, values);
    kernel.values.set(values);
    if (switched) {
      checkSwitches(kernel, this.geometry, `the switches of ${name}`, switches, false);
      this.#loadSwitches(kernel, switches);
    }
    if (!kernel.run.valuesFinite()) throw badNumber(values, Number.POSITIVE_INFINITY);
  }
}

// hosts without explicit resource management have no such symbol
if (Symbol.dispose) Layer.prototype[Symbol.dispose] = Layer.prototype.dispose;

/** Makes layers from one source of kernels. */
export interface Layers {
  /** A layer; the kernel is compiled once, without blocking. Rejects with UnpoolError. */
  createLayer(spec: LayerSpec): Promise<Layer>;
  /** A layer at once, where the host allows synchronous compilation. Throws UnpoolError. */
  createLayerSync(spec: LayerSpec): Layer;
}

/** @internal */
export function layersOf(source: KernelSource): Layers {
  return {
    async createLayer(spec) {
      const geometry = resolveLayer(spec);
      return new Layer(await source.instance(), geometry, spec);
    },
    createLayerSync(spec) {
      const geometry = resolveLayer(spec);
      return new Layer(source.instanceSync(), geometry, spec);
    },
  };
}

/** What can be refused before a kernel is asked for. */
function resolveLayer(spec: LayerSpec): Geometry {
  const geometry = resolveGeometry(spec);
  checkFilters(geometry, spec);
  return geometry;
}

/** The kernel's code, copied into `out` or into fresh arrays. */
function takeCode<K extends "pooled" | "sparse">(kernel: Kernel, kind: K, out?: Code): Code & { kind: K } {
  if (!out) return { kind, values: kernel.values.slice(), switches: kernel.switches.slice() };
  out.values.set(kernel.values);
  out.switches.set(kernel.switches);
  out.kind = kind;
  return out as Code & { kind: K };
}
