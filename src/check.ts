// Refusals: what callers hand over is looked at here, before anything is computed or written.

import { UnpoolError } from "./errors.js";
import { weightCount } from "./filters.js";
import { type Geometry, type LayerSpec, show } from "./geometry.js";
import type { Kernel, Switches } from "./kernel.js";
import type { Code } from "./layer.js";

/** Values and switches of the right types and lengths; `exact`: switches of just the layer's type. */
export function checkCodeArrays(
  kernel: Kernel,
  geometry: Geometry,
  name: string,
  code: Code,
  exact: boolean,
): void {
  const { values, switches } = code ?? {};
  checkValues(kernel, geometry, name, values);
  checkSwitches(kernel, geometry, `the switches of ${name}`, switches, exact);
}

export function checkValues(
  kernel: Kernel,
  geometry: Geometry,
  name: string,
  values: unknown,
): asserts values is Float32Array {
  if (isFloats(values) && values.length === kernel.values.length) return;
  throw new UnpoolError(
    "invalid-code",
    `the values of ${name} are ${describe(values)}; this layer's code is a Float32Array of ${geometry.codeShape.join(" x ")} = ${kernel.values.length}`,
  );
}

export function checkSwitches(
  kernel: Kernel,
  geometry: Geometry,
  name: string,
  switches: Switches | undefined,
  exact: boolean,
): asserts switches is Switches {
  const wanted = typeName(kernel.switches);
  const known = ["Uint8Array", "Uint16Array", "Uint32Array"].includes(typeName(switches));
  if (
    !switches ||
    !known ||
    (exact && typeName(switches) !== wanted) ||
    switches.length !== kernel.switches.length
  ) {
    const shape = geometry.codeShape.join(" x ");
    throw new UnpoolError(
      "invalid-code",
      `${name} are ${describe(switches)}; this layer's are a ${wanted} of ${shape} = ${kernel.switches.length}`,
    );
  }
}

export function checkFilters(geometry: Geometry, { seed, unitNorm, weights, bias }: LayerSpec): void {
  const { filters, channels, kernel } = geometry;
  if (unitNorm && weights !== undefined) {
    throw new UnpoolError("invalid-spec", "unitNorm is of random filters; normalise the weights yourself");
  }
  if (seed !== undefined && weights !== undefined) {
    throw new UnpoolError(
      "invalid-spec",
      "seed and weights were both given; filters come from one or the other",
    );
  }
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new UnpoolError(
      "invalid-spec",
      `seed is ${show(seed)}; it must be a whole number from 0 to 2^53 - 1`,
    );
  }
  if (weights !== undefined && !(isFloats(weights) && weights.length === weightCount(geometry))) {
    throw new UnpoolError(
      "invalid-spec",
      `weights are ${describe(weights)}; this layer needs a Float32Array of ${filters} x ${channels} x ${kernel.join(" x ")} = ${weightCount(geometry)}`,
    );
  }
  if (bias !== undefined && !(isFloats(bias) && bias.length === filters)) {
    throw new UnpoolError(
      "invalid-spec",
      `bias is ${describe(bias)}; this layer needs a Float32Array of ${filters}`,
    );
  }
}

export function checkLength(name: string, array: unknown, length: number, geometry: Geometry): void {
  if (isFloats(array) && array.length === length) return;
  const { channels, height, width } = geometry;
  throw new UnpoolError(
    "invalid-input",
    `${name} is ${describe(array)}; this layer needs a Float32Array of ${channels} x ${height} x ${width} = ${length}`,
  );
}

/** The type of a typed array by its tag, which holds across realms where instanceof does not; else "". */
export function typeName(value: unknown): string {
  return ArrayBuffer.isView(value) ? (value as Uint8Array)[Symbol.toStringTag] : "";
}

export function isFloats(value: unknown): value is Float32Array {
  return typeName(value) === "Float32Array";
}

export function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `a ${typeName(value)} of ${(value as Uint8Array).length}`;
  if (Array.isArray(value)) return `an Array of ${value.length}`;
  return value === null || typeof value !== "object"
    ? show(value)
    : `a ${value.constructor?.name ?? "object"}`;
}

/** The first number that is not finite, or larger in magnitude than `limit`. */
export function badNumber(array: Float32Array, limit: number): UnpoolError {
  const at = array.findIndex((value) => !(Math.abs(value) <= limit && Number.isFinite(value)));
  const value = array[at]!;
  if (!Number.isFinite(value)) {
    return new UnpoolError("not-finite", `number ${at} is ${value}; every number must be finite`);
  }
  return new UnpoolError(
    "invalid-input",
    `number ${at} is ${value}; with these filters no magnitude may exceed ${limit.toPrecision(3)}, so that float32 sums cannot overflow`,
  );
}

export function badFilters(): UnpoolError {
  return new UnpoolError(
    "not-finite",
    "weights or bias hold a NaN or an infinity, a bias beyond 1e12, or weights whose largest sum of magnitudes in a filter is not within 1e-12 to 1e12",
  );
}

export function badKind(kind: unknown): UnpoolError {
  return new UnpoolError(
    "invalid-code",
    `the kind of the code is ${show(kind)}; it must be "pooled" or "sparse"`,
  );
}

export function overflow(what: "reconstruction" | "code" = "reconstruction"): UnpoolError {
  const cause = what === "code" ? "input" : "code";
  return new UnpoolError("not-finite", `the ${what} exceeds the range of float32; scale the ${cause} down`);
}

export function badOption(name: string, value: unknown, wanted: string): UnpoolError {
  return new UnpoolError("invalid-option", `${name} is ${show(value)}; it must be ${wanted}`);
}

export function badSwitch(switches: Switches, positions: number): UnpoolError {
  const at = switches.findIndex((position) => position >= positions);
  return new UnpoolError(
    "invalid-code",
    `switch ${at} is ${switches[at]}; a pooling region of this layer has positions 0 to ${positions - 1}`,
  );
}
