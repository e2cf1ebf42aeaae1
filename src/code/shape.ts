// From a specification to what its codes look like, and whether one does.

import { badNumber, checkFilters, describe, isFloats, typeName } from "../check.js";
import { UnpoolError } from "../errors.js";
import { type LayerSpec, resolveGeometry } from "../geometry.js";
import type { Switches } from "../kernel.js";
import type { Code } from "../layer.js";
import type { NetworkCode } from "../network/network.js";
import { misplaced, type Regions } from "../network/pooling.js";
import { type NetworkSpec, planNetwork, size } from "../network/spec.js";

/** The switches of one layer. */
export interface SwitchShape {
  readonly count: number;
  /** The largest that one can be. */
  readonly most: number;
  /** Of one. */
  readonly switchBytes: 1 | 2 | 4;
  /** Where a network's rectifier may keep nothing: the switch that says so. */
  readonly none: number | undefined;
  /** Regions that may be cut off at the border. */
  readonly regions: Regions | undefined;
}

/** What a code of a layer or network looks like. */
export interface CodeShape {
  readonly network: boolean;
  /** [planes, height, width] of the values. */
  readonly values: readonly [number, number, number];
  /** First to last; of a layer one. */
  readonly switches: readonly SwitchShape[];
  /** Values and switches, all in all. */
  readonly numbers: number;
  /** Of the layer or network that makes it. */
  readonly memoryBytes: number;
}

export function isNetwork(spec: LayerSpec | NetworkSpec): spec is NetworkSpec {
  return typeof spec === "object" && spec !== null && "layers" in spec;
}

/** Throws UnpoolError "invalid-spec" or "too-large", as createLayer or createNetwork would. */
export function shapeOf(spec: LayerSpec | NetworkSpec): CodeShape {
  return isNetwork(spec) ? shapeOfNetwork(spec) : shapeOfLayer(spec);
}

function shapeOfLayer(spec: LayerSpec): CodeShape {
  const geometry = resolveGeometry(spec);
  checkFilters(geometry, spec);
  const { codeShape, pool, switchBytes, memoryBytes } = geometry;
  const count = size(codeShape);
  const switches = { count, most: size(pool) - 1, switchBytes, none: undefined, regions: undefined };
  return { network: false, values: codeShape, switches: [switches], numbers: 2 * count, memoryBytes };
}

function shapeOfNetwork(spec: NetworkSpec): CodeShape {
  const { layers, values, memoryBytes } = planNetwork(spec);
  const switches = layers.map(({ geometry, none, regions, switchCount, switchBytes }) => {
    const rectified = geometry.rectifier !== "none";
    return {
      ...{ count: switchCount, most: rectified ? none : none - 1, switchBytes },
      ...{ none: rectified ? none : undefined, regions: regions?.type === "max" ? regions : undefined },
    };
  });
  const numbers = switches.reduce((sum, { count }) => sum + count, values);
  return { network: true, values: layers.at(-1)!.shape, switches, numbers, memoryBytes };
}

/** The switches of a code, an array a layer. */
export function switchesOf(code: Code | NetworkCode): readonly Switches[] {
  return Array.isArray(code.switches) ? code.switches : [code.switches];
}

/** Throws UnpoolError "invalid-code" or "not-finite". */
export function checkCode(code: Code | NetworkCode, shape: CodeShape): void {
  const { values, switches } = code ?? {};
  const wanted = size(shape.values);
  if (!(isFloats(values) && values.length === wanted)) {
    throw invalid(
      `the values of the code are ${describe(values)}; the specification's are a Float32Array of ${shape.values.join(" x ")} = ${wanted}`,
    );
  }
  if (!values.every(Number.isFinite)) throw badNumber(values, Number.POSITIVE_INFINITY);
  if (shape.network !== Array.isArray(switches)) {
    throw invalid(
      `the switches of the code are ${describe(switches)}; a ${shape.network ? "network's are an array for each layer" : "layer's are one typed array"}`,
    );
  }
  const arrays = switchesOf(code);
  if (arrays.length !== shape.switches.length) {
    throw invalid(
      `the code has switches of ${arrays.length} layers; the network has ${shape.switches.length}`,
    );
  }
  arrays.forEach((array, i) => {
    const { count } = shape.switches[i]!;
    if (!["Uint8Array", "Uint16Array", "Uint32Array"].includes(typeName(array)) || array.length !== count) {
      throw invalid(
        `the switches of layer ${i} are ${describe(array)}; they must be a Uint8Array, Uint16Array or Uint32Array of ${count}`,
      );
    }
    checkSwitches(array, shape.switches[i]!, i);
  });
}

/** Switches that lie in their regions; else throws UnpoolError "invalid-code". */
export function checkSwitches(switches: Switches, { most, none, regions }: SwitchShape, layer: number): void {
  let at = 0;
  while (at < switches.length && switches[at]! <= most) ++at;
  if (at < switches.length) {
    const nothing = none === undefined ? "" : `, of which ${none} says that nothing was kept`;
    throw invalid(`switch ${at} of layer ${layer} is ${switches[at]}; it must be 0 to ${most}${nothing}`);
  }
  const beyond = regions ? misplaced(regions, switches, none ?? most + 1) : -1;
  if (beyond >= 0) {
    throw invalid(
      `switch ${beyond} of layer ${layer} is ${switches[beyond]}, which lies beyond the border that cuts its region off`,
    );
  }
}

function invalid(message: string): UnpoolError {
  return new UnpoolError("invalid-code", message);
}
