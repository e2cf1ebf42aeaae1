// Some layers of a network, one after the other, with their switches fixed: a linear map from the input of the first to
// the pooled values of the last, of which no solver needs to know what it is made of.
//
//   A = A_last ... A_first,   A x costs one product at the switches a layer; no unpooled map is ever stored
//
// It is a map from variables u, of which the input is x = B u: those of the prior at the first layer of a network
// (assembly/prior/pyramid.ts), else the input itself, without the entries that are known to be zero because the layer
// before kept nothing there.

import { overflow } from "../check.js";
import type { Stage } from "./stage.js";

export class Operator {
  readonly #stages: readonly Stage[];
  /** The layer before the first, if any. */
  readonly #before: Stage | undefined;
  readonly #prior: boolean;
  /** Numbers of the variables, of the input and of the pooled values. */
  readonly variables: number;
  readonly unknowns: number;
  readonly values: number;
  /** Values that say something: rows of A. */
  readonly rows: number;
  /** What a product or a transpose costs, in units of one W x through all layers of the network. */
  readonly cost: number;

  /** @param whole multiply-adds of one W x through all layers of the network. */
  constructor(stages: readonly Stage[], before: Stage | undefined, prior: boolean, whole: number) {
    const [first, last] = [stages[0]!, stages.at(-1)!];
    this.#stages = stages;
    this.#before = before;
    this.#prior = prior;
    this.unknowns = first.kernel.staging.length;
    this.variables = prior ? first.kernel.run.variableCount() : this.unknowns;
    this.values = last.output.length;
    this.rows = last.countRows();
    this.cost = stages.reduce((sum, { productMacs }) => sum + productMacs, 0) / whole;
  }

  /** r = values - what the layers make of an input, planar, at their switches: what is left of the values to explain. */
  rest(values: Float32Array, x: Float32Array | undefined, r: Float32Array): void {
    const [first, last] = [this.#stages[0]!, this.#stages.at(-1)!];
    if (x) first.load(x);
    else first.loadZero();
    this.#products(r, true);
    for (let i = 0; i < r.length; ++i) r[i] = values[i]! - r[i]!;
    last.maskOutput(r);
  }

  /** to = A B u. */
  forward(u: Float32Array, to: Float32Array): void {
    this.#expand(u);
    this.#products(to, false);
  }

  /** g = B'A'r. */
  back(r: Float32Array, g: Float32Array): void {
    const stages = this.#stages;
    stages.at(-1)!.output.set(r);
    for (let i = stages.length - 1; i >= 0; --i) {
      stages[i]!.transpose();
      if (i > 0) stages[i - 1]!.output.set(stages[i]!.unload());
    }
    const first = stages[0]!;
    if (this.#prior) {
      first.kernel.run.restrictPrior();
      g.set(first.priorGradient);
    } else {
      g.set(first.unload());
      this.#before?.maskOutput(g);
    }
  }

  /** x = B u, planar: a view that the next call overwrites. */
  input(u: Float32Array): Float32Array {
    this.#expand(u);
    return this.#stages[0]!.unload();
  }

  #expand(u: Float32Array): void {
    const first = this.#stages[0]!;
    if (this.#prior) {
      first.priorVariables.set(u);
      first.kernel.run.expandPrior();
    } else {
      if (!first.tryLoad(u)) throw overflow();
    }
  }

  #products(to: Float32Array, biased: boolean): void {
    const stages = this.#stages;
    stages.forEach((stage, i) => {
      if (i > 0 && !stage.tryLoad(stages[i - 1]!.output)) throw overflow();
      stage.product(biased);
    });
    to.set(stages.at(-1)!.output);
  }
}
