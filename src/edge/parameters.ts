// Parameters of the query: by name, once each, with their defaults. Refusals name the parameter and what it can be.

import { VALUE_FORMATS, type ValueFormat } from "../code/quantise.js";
import type { DecodeMethod } from "../decode.js";
import { UnpoolError } from "../errors.js";
import { type LayerSpec, MAX_DIMENSION, type Pair, type Rectifier, show } from "../geometry.js";

/** From text to a value; throws what it must be instead. */
type Read<T> = (text: string) => T;

interface Parameter<T, D = T> {
  read: Read<T>;
  otherwise: D;
}

type Parameters = Readonly<Record<string, Parameter<unknown, unknown>>>;
export type Values<P extends Parameters> = {
  [name in keyof P]: P[name] extends Parameter<infer T, infer D> ? T | D : never;
};

const parameter = <T, D = T>(read: Read<T>, otherwise: D): Parameter<T, D> => ({ read, otherwise });

/** What a value must be, as the end of a sentence. */
class Must extends Error {}

function whole(least: number, most: number): Read<number> {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) throw new Must(`a whole number from ${least} to ${most}`);
    return value;
  };
}

/** One number for both axes, or HEIGHTxWIDTH. */
function pair(least: number): Read<Pair> {
  return (text) => {
    const numbers = /^(\d{1,9})(?:x(\d{1,9}))?$/.exec(text)?.slice(1, 3) ?? [""];
    const values = numbers.filter((number) => number !== undefined).map((number) => Number(number || "NaN"));
    if (!values.every((value) => value >= least && value <= MAX_DIMENSION)) {
      throw new Must(
        `a whole number from ${least} to ${MAX_DIMENSION}, or two of them as in 3x5, height first`,
      );
    }
    return values.length === 1 || values[0] === values[1] ? values[0]! : [values[0]!, values[1]!];
  };
}

function choice<T extends string>(...names: readonly T[]): Read<T> {
  return (text) => {
    if (!(names as readonly string[]).includes(text)) throw new Must(`one of ${names.join(", ")}`);
    return text as T;
  };
}

/** One word beside what another reader takes. */
function or<W extends string, T>(word: W, read: Read<T>): Read<T | W> {
  return (text) => {
    if (text === word) return word;
    try {
      return read(text);
    } catch (error) {
      throw error instanceof Must ? new Must(`${word}, or ${error.message}`) : error;
    }
  };
}

const flag: Read<boolean> = (text) => choice("true", "false")(text) === "true";

const share: Read<number> = (text) => {
  const value = /^[\d.]+(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value < 1)) throw new Must("a number, at least 0 and under 1");
  return value;
};

/** Of planes that are sent as they are: all three, or none for a PNG or a JPEG. */
const SHAPE = {
  channels: parameter<number, undefined>(whole(1, MAX_DIMENSION), undefined),
  height: parameter<number, undefined>(whole(1, MAX_DIMENSION), undefined),
  width: parameter<number, undefined>(whole(1, MAX_DIMENSION), undefined),
};

/** Names and defaults as on the command line. */
const LAYER = {
  filters: parameter(whole(1, MAX_DIMENSION), 64),
  kernel: parameter(pair(1), 5),
  stride: parameter(pair(1), 1),
  padding: parameter<Pair, undefined>(pair(0), undefined),
  pool: parameter(or("global", pair(1)), 2),
  rectifier: parameter<Rectifier>(choice("none", "relu", "crelu"), "none"),
  seed: parameter(whole(0, Number.MAX_SAFE_INTEGER), 0),
  unitNorm: parameter(flag, false),
};

const TILES = {
  tile: parameter(or("none", pair(1)), 224),
  // what suits the layer: usualOverlap
  overlap: parameter<number, undefined>(whole(0, MAX_DIMENSION), undefined),
};

export type StoredValues = "float32" | ValueFormat;

const FILE = {
  values: parameter<StoredValues>(choice("float32", ...VALUE_FORMATS), "int8"),
  deflate: parameter(flag, false),
};

const SOLVER = {
  // without a name, what suits the code
  method: parameter<DecodeMethod, undefined>(
    choice("synthesis", "least-squares", "scaled", "whitened", "hybrid"),
    undefined,
  ),
  iterations: parameter<number, undefined>(whole(1, 1e9), undefined),
  tolerance: parameter<number, undefined>(share, undefined),
  inequalities: parameter(flag, true),
};

const OUTPUT = { format: parameter<"png" | "raw", undefined>(choice("png", "raw"), undefined) };

export const ENCODE = { ...SHAPE, ...LAYER, ...TILES, ...FILE };
export const DECODE = { ...SOLVER, ...OUTPUT };
export const INVERT = { ...SHAPE, ...LAYER, ...TILES, values: FILE.values, ...SOLVER, ...OUTPUT };

export type EncodeParameters = Values<typeof ENCODE>;
export type DecodeParameters = Values<typeof DECODE>;

/** Throws UnpoolError "invalid-option". */
export function readParameters<P extends Parameters>(query: URLSearchParams, parameters: P): Values<P> {
  for (const name of new Set(query.keys())) {
    if (!Object.hasOwn(parameters, name)) {
      const names = Object.keys(parameters).join(", ");
      throw refusal(`there is no parameter ${show(name)} here; the parameters are ${names}`);
    }
    const given = query.getAll(name);
    if (given.length > 1) throw refusal(`${name} is given ${given.length} times; it must be given once`);
  }
  const values: Record<string, unknown> = {};
  for (const [name, { read, otherwise }] of Object.entries(parameters)) {
    const text = query.get(name);
    values[name] = text === null ? otherwise : readOne(name, text, read);
  }
  return values as Values<P>;
}

function readOne(name: string, text: string, read: Read<unknown>): unknown {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof Must)) throw error;
    throw refusal(`${name} is ${show(text)}; it must be ${error.message}`);
  }
}

/** The layer for an input of this shape. Without padding, pixels at the edge lie in few patches and come back worse. */
export function layerSpec(
  input: { channels: number; height: number; width: number },
  { filters, kernel, stride, padding, pool, rectifier, seed, unitNorm }: Values<typeof LAYER>,
): LayerSpec {
  const half = (size: number) => Math.floor(size / 2);
  const usual: Pair = typeof kernel === "number" ? half(kernel) : [half(kernel[0]), half(kernel[1])];
  return { input, filters, kernel, stride, padding: padding ?? usual, pool, rectifier, seed, unitNorm };
}

function refusal(message: string): UnpoolError {
  return new UnpoolError("invalid-option", message);
}
