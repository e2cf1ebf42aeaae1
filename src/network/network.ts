// A stack of layers: encode to the last layer's code, with the switches of all; decode through the whole stack.

import { badOption, overflow } from "../check.js";
import { noiseNorm } from "../decode.js";
import { checkDriveOptions, type DriveOptions, deadline, drive, toleranceOf } from "../drive.js";
import { UnpoolError } from "../errors.js";
import type { KernelSource, Switches } from "../kernel.js";
import { checkPriorOptions, type PriorOptions, writePrior } from "../prior.js";
import { Report } from "../report.js";
import { Buffers } from "./buffers.js";
import { checkCode, checkEntries, checkInput, newSwitches } from "./check.js";
import { ConjugateGradients, dot, type Vectors } from "./conjugate-gradients.js";
import { Operator } from "./operator.js";
import { inLayer, type NetworkLayerSpec, type NetworkPlan, type NetworkSpec, planNetwork } from "./spec.js";
import { Stage } from "./stage.js";

/** What encode makes of an input. */
export interface NetworkCode {
  /** Pooled values of the last layer, planes x height x width. */
  values: Float32Array;
  /**
   * An array for each layer, first to last: the position, row-major, of each pooled value in its region; the number of
   * positions where nothing was kept because a rectifier found nothing positive. Where averages are taken, one for each
   * number that goes into them: 0, or 1 where a rectifier cleared it.
   */
  switches: Switches[];
}

export interface NetworkEncodeOptions {
  /** Write here instead of into fresh arrays. An input too large for a later layer leaves switches of those before it here. */
  out?: NetworkCode;
}

export interface NetworkDecodeOptions extends DriveOptions, PriorOptions {
  /**
   * "least-squares", the default: min |A x - v| over the input, through all layers at once, with the prior of pictures.
   * "synthesis": one step from zero, x = scale A'v, with the scale that fits the code best. "layer-by-layer": least squares
   * on one layer after the other, last to first, `iterations` each, as the paper goes: for comparison, as errors grow at
   * each layer.
   */
  method?: "least-squares" | "synthesis" | "layer-by-layer";
  /** Standard deviation of the errors in the values: what fits so well is not fitted further. Of "least-squares". */
  noise?: number;
  /** An input to begin from, instead of from zero. Of "least-squares". */
  start?: Float32Array;
  /** Write here instead of into a fresh array. */
  out?: Float32Array;
}

const METHODS = ["least-squares", "synthesis", "layer-by-layer"];
const ITERATIONS = 100;
const NO_OPTIONS = {};

/** What of a network holds memory. */
interface Parts {
  readonly stages: readonly Stage[];
  /** Of decoding; as long as the prior's variables, and as the last layer's values. */
  readonly vectors: Vectors;
}

export class Network {
  /** How the last decode ran; the next one overwrites it. Of "layer-by-layer": all layers' iterations, one after the other. */
  readonly report = new Report();
  readonly #plan: NetworkPlan;
  #parts: Parts | undefined;
  #busy = false;

  /**
   * Use createNetwork or createNetworkSync.
   * @internal
   */
  constructor(
    instances: readonly WebAssembly.Instance[],
    plan: NetworkPlan,
    specs: readonly NetworkLayerSpec[],
  ) {
    this.#plan = plan;
    const buffers = new Buffers(plan.bufferBytes);
    const stages = plan.layers.map((layer, i) =>
      inLayer(i, () => new Stage(instances[i]!, layer, specs[i]!, buffers)),
    );
    const { variables, values } = plan;
    const [u, p, g] = [buffers.take(variables), buffers.take(variables), buffers.take(variables)];
    this.#parts = { stages, vectors: { u, p, g, r: buffers.take(values), q: buffers.take(values) } };
  }

  /** [planes, height, width] of each layer's pooled values, first to last. */
  get shapes(): readonly (readonly [number, number, number])[] {
    return this.#plan.layers.map(({ shape }) => shape);
  }

  /** Bytes of memory, of the kernels and of the network's own buffers; "layer-by-layer" alone takes more. */
  get memoryBytes(): number {
    this.#open();
    return this.#plan.memoryBytes;
  }

  /**
   * One feed-forward pass: the pooled values of the last layer, and the switches of all.
   * @param x planar input, channels x height x width.
   */
  encode(x: Float32Array, options: NetworkEncodeOptions = NO_OPTIONS): NetworkCode {
    const { stages } = this.#open();
    const { out } = options;
    checkInput("the input", x, this.#plan);
    if (out) checkCode("out", out, this.#plan, true);
    const code = out ?? this.#newCode();
    this.#feed(stages, x, code.switches);
    code.values.set(stages.at(-1)!.output);
    return code;
  }

  /**
   * The pooled values of every layer, first to last, each planes x height x width.
   * @param x planar input, channels x height x width.
   */
  activations(x: Float32Array): Float32Array[] {
    const { stages } = this.#open();
    checkInput("the input", x, this.#plan);
    this.#feed(stages, x, this.#newCode().switches);
    return stages.map(({ output }) => output.slice());
  }

  /**
   * A code back to its input: what gives the values at the switches, through all layers. With its switches a network is
   * linear, so this is one least-squares problem however deep it is.
   * @returns planar, channels x height x width.
   */
  decode(code: NetworkCode, options: NetworkDecodeOptions = NO_OPTIONS): Float32Array {
    const { stages, vectors } = this.#open();
    const plan = this.#plan;
    const { method = "least-squares", out, start } = options;
    checkDecodeOptions(options, plan);
    if (out) checkInput("out", out, plan);
    if (start) checkInput("start", start, plan);
    checkCode("the code", code, plan, false);
    checkEntries(code, plan);
    if (start) stages[0]!.load(start);
    stages.forEach((stage, i) => {
      stage.fix(code.switches[i]!);
    });
    this.report.begin(method, Number.NaN);
    this.#busy = true;
    try {
      const result =
        method === "layer-by-layer"
          ? this.#solveEach(stages, code.values, options)
          : this.#solveAll(stages, vectors, code.values, options);
      if (!out) return result.slice();
      out.set(result);
      return out;
    } finally {
      this.#busy = false;
      for (const stage of stages) stage.release();
    }
  }

  /** As dispose, for `using network = ...`. */
  declare [Symbol.dispose]: () => void;

  /** Gives the memory back. Every later call throws UnpoolError "disposed". */
  dispose(): void {
    this.#parts = undefined;
  }

  #open(): Parts {
    if (!this.#parts) throw new UnpoolError("disposed", "this network was disposed; create another");
    if (this.#busy) {
      throw new UnpoolError(
        "busy",
        "this network is in the middle of a call: onStep must not call the network that runs it",
      );
    }
    return this.#parts;
  }

  #newCode(): NetworkCode {
    const { layers, values } = this.#plan;
    return {
      values: new Float32Array(values),
      switches: layers.map((layer) => newSwitches(layer, layer.switchCount)),
    };
  }

  #feed(stages: readonly Stage[], x: Float32Array, switches: readonly Switches[]): void {
    stages.forEach((stage, i) => {
      if (i === 0) stage.load(x);
      else if (!stage.tryLoad(stages[i - 1]!.output)) throw overflow("code");
      stage.encode(switches[i]!);
    });
  }

  /** Through all layers at once. */
  #solveAll(
    stages: readonly Stage[],
    { u, p, g, r, q }: Vectors,
    values: Float32Array,
    options: NetworkDecodeOptions,
  ): Float32Array {
    const { iterations = ITERATIONS, noise = 0 } = options;
    const oneStep = options.method === "synthesis";
    const operator = new Operator(stages, undefined, !oneStep, passOf(stages));
    if (!oneStep) {
      const [first] = stages;
      writePrior(first!.kernel, first!.plan.geometry, options);
      this.report.solver = "whitened";
      this.report.reason = `layers with their switches are one linear map, here of ${stages.length}`;
    }
    const part = (vector: Float32Array) => vector.subarray(0, operator.variables);
    const vectors = { u: part(u), p: part(p), g: part(g), r, q };
    const most = oneStep ? 1 : iterations;
    return this.#solve(
      operator,
      vectors,
      values,
      options,
      most,
      deadline(options),
      noiseNorm(noise, operator),
    );
  }

  /** One layer after the other, last to first. */
  #solveEach(stages: readonly Stage[], values: Float32Array, options: NetworkDecodeOptions): Float32Array {
    const { report } = this;
    const { iterations = ITERATIONS } = options;
    const floats = (length: number) => new Float32Array(length);
    const until = deadline(options);
    const pass = passOf(stages);
    let target = values;
    for (let i = stages.length - 1; i >= 0; --i) {
      const stage = stages[i]!;
      if (i === 0) writePrior(stage.kernel, stage.plan.geometry, options);
      const operator = new Operator([stage], stages[i - 1], i === 0, pass);
      const n = operator.variables;
      const m = operator.values;
      const vectors = { u: floats(n), p: floats(n), g: floats(n), r: floats(m), q: floats(m) };
      target = this.#solve(operator, vectors, target, options, report.iterations + iterations, until).slice();
      const early = report.stopped === "aborted" || report.stopped === "budget";
      if (early && i > 0) return floats(stages[0]!.kernel.staging.length); // nothing has come to the input
    }
    return target;
  }

  /** The input of the operator, planar: a view that the next call overwrites. */
  #solve(
    operator: Operator,
    vectors: Vectors,
    values: Float32Array,
    options: NetworkDecodeOptions,
    iterations: number,
    until: number,
    noise = 0,
  ): Float32Array {
    const { u, r } = vectors;
    this.report.stopped = "iterations"; // whatever ended the layer behind
    operator.rest(values, undefined, r);
    const scale = Math.sqrt(dot(r, r));
    // a right-hand side of zero is solved by zero, unless no row counts: then by any start
    const start = scale > 0 || operator.rows === 0 ? options.start : undefined;
    if (start) operator.rest(values, start, r);
    const run = new ConjugateGradients(operator, vectors, scale, toleranceOf(options), noise);
    drive({ kernel: { run }, report: this.report, options, until }, iterations);
    if (options.method === "synthesis") this.report.step = run.stepLength;
    const x = operator.input(u);
    if (start) for (let i = 0; i < x.length; ++i) x[i]! += start[i]!;
    return x;
  }
}

/** Multiply-adds of one W x through all layers. */
function passOf(stages: readonly Stage[]): number {
  return stages.reduce((sum, { macs }) => sum + macs, 0);
}

// hosts without explicit resource management have no such symbol
if (Symbol.dispose) Network.prototype[Symbol.dispose] = Network.prototype.dispose;

function checkDecodeOptions(options: NetworkDecodeOptions, { layers }: NetworkPlan): void {
  const { method = "least-squares", noise = 0, start } = options;
  if (!METHODS.includes(method)) {
    throw badOption("method", method, METHODS.map((name) => `"${name}"`).join(", "));
  }
  if (!(typeof noise === "number" && noise >= 0 && noise < Infinity)) {
    throw badOption("noise", noise, "a standard deviation, at least 0");
  }
  for (const [name, given] of [
    ["noise", noise > 0],
    ["start", start !== undefined],
  ] as const) {
    if (given && method !== "least-squares") {
      throw badOption("method", method, `"least-squares" where ${name} is given`);
    }
  }
  checkPriorOptions(options, layers[0]!.geometry);
  checkDriveOptions(options);
}

/** Makes networks from one source of kernels. */
export interface Networks {
  /** A network; the kernel is compiled once, without blocking. Rejects with UnpoolError. */
  createNetwork(spec: NetworkSpec): Promise<Network>;
  /** A network at once, where the host allows synchronous compilation. Throws UnpoolError. */
  createNetworkSync(spec: NetworkSpec): Network;
}

/** @internal */
export function networksOf(source: KernelSource): Networks {
  return {
    async createNetwork(spec) {
      const plan = planNetwork(spec);
      const layers = [...spec.layers];
      const instances = await Promise.all(layers.map(() => source.instance()));
      return new Network(instances, plan, layers);
    },
    createNetworkSync(spec) {
      const plan = planNetwork(spec);
      const instances = plan.layers.map(() => source.instanceSync());
      return new Network(instances, plan, spec.layers);
    },
  };
}
