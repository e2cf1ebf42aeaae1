// What a network is handed is looked at here, before anything is computed or written.

import { badNumber, describe, isFloats, typeName } from "../check.js";
import { UnpoolError } from "../errors.js";
import type { Switches } from "../kernel.js";
import type { NetworkCode } from "./network.js";
import { misplaced } from "./pooling.js";
import type { LayerPlan, NetworkPlan } from "./spec.js";

function invalidCode(message: string): UnpoolError {
  return new UnpoolError("invalid-code", message);
}

/** Planar numbers of the network's input. */
export function checkInput(name: string, x: unknown, { layers }: NetworkPlan): asserts x is Float32Array {
  const { channels, height, width } = layers[0]!.geometry;
  const length = channels * height * width;
  if (isFloats(x) && x.length === length) return;
  throw new UnpoolError(
    "invalid-input",
    `${name} is ${describe(x)}; this network needs a Float32Array of ${channels} x ${height} x ${width} = ${length}`,
  );
}

/** Values and switches of the right types and lengths; `exact`: switches of just the network's types. */
export function checkCode(name: string, code: NetworkCode, plan: NetworkPlan, exact: boolean): void {
  const { values, switches } = code ?? {};
  if (!(isFloats(values) && values.length === plan.values)) {
    throw invalidCode(
      `the values of ${name} are ${describe(values)}; this network's code is a Float32Array of ${plan.layers.at(-1)!.shape.join(" x ")} = ${plan.values}`,
    );
  }
  const given: unknown = switches;
  if (!Array.isArray(given) || given.length !== plan.layers.length) {
    throw invalidCode(
      `the switches of ${name} are ${describe(given)}; this network has ${plan.layers.length} layers, and an array for each`,
    );
  }
  plan.layers.forEach((layer, i) => {
    const wanted = typeName(newSwitches(layer, 0));
    const array = switches[i];
    const type = typeName(array);
    const known = exact ? type === wanted : ["Uint8Array", "Uint16Array", "Uint32Array"].includes(type);
    if (known && array!.length === layer.switchCount) return;
    throw invalidCode(
      `the switches of ${name} in layer ${i} are ${describe(array)}; this layer's are a ${wanted} of ${layer.switchCount}`,
    );
  });
}

/** Finite values, and switches that lie in their regions. */
export function checkEntries({ values, switches }: NetworkCode, plan: NetworkPlan): void {
  if (!values.every(Number.isFinite)) throw badNumber(values, Number.POSITIVE_INFINITY);
  plan.layers.forEach((layer, i) => {
    const { none, regions, geometry } = layer;
    const given = switches[i]!;
    const rectified = geometry.rectifier !== "none";
    const least = rectified ? none + 1 : none;
    const refuse = (at: number, allowed: string) => {
      if (at < 0) return;
      throw invalidCode(`switch ${at} in layer ${i} is ${given[at]}; ${allowed}`);
    };
    refuse(
      given.findIndex((at: number) => at >= least),
      `a region there has positions 0 to ${none - 1}${rectified ? `, ${none} where nothing was kept` : ""}`,
    );
    if (regions?.type !== "max") return;
    refuse(
      misplaced(regions, given, none),
      `its region of ${regions.size.join(" x ")} is cut off at the border, and this position lies beyond`,
    );
  });
}

export function newSwitches({ switchBytes }: Pick<LayerPlan, "switchBytes">, count: number): Switches {
  return new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[switchBytes](count);
}
