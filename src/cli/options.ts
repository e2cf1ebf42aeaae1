// What can be read, and refused, from the command line alone.

import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { VALUE_FORMATS } from "../code/quantise.js";
import type { LayerSpec, Rectifier } from "../index.js";
import {
  canKnow,
  isSparsifier,
  METHOD_NAMES,
  type MethodName,
  methodsOf,
  SWITCH_KNOWLEDGE,
} from "./methods.js";
import type { SolverOptions } from "./reconstruct.js";

export type Size = [height: number, width: number];

export interface LayerOptions {
  filters: number;
  kernel: Size;
  stride: Size;
  padding?: Size;
  pool: Size | "global";
  rectifier: Rectifier;
  seed: number;
  unitNorm: boolean;
}

/** Adds pictures, and an option for every field of a layer that they leave open. */
export function addInputOptions(command: Command): Command {
  return command
    .argument("[images...]", "PNGs and JPEGs, - for standard input (default: a built-in scene)")
    .addOption(size("--crop", "use only the centre of a picture, of this size", 1))
    .option("-k, --filters <K>", "number of filters", whole(1), 64)
    .addOption(size("--kernel", "size of a filter", 1, 5))
    .addOption(size("--stride", "step from one patch to the next", 1, 1))
    .addOption(
      size("--padding", "zeros on each side (default: half the kernel, so that edges are seen too)", 0),
    )
    .addOption(
      new Option("--pool <N|HxW|global>", "pooling region; global is one region a filter")
        .argParser((text) => (text === "global" ? text : parseSize(text, 1)))
        .default([2, 2], "2"),
    )
    .addOption(
      new Option("--rectifier <name>", "applied before pooling")
        .choices(["none", "relu", "crelu"])
        .default("none", "none"),
    )
    .option("--seed <S>", "seed of the random filters", whole(0), 0)
    .option("--unit-norm", "divide each filter by its norm", false);
}

/** Adds how pictures are reconstructed. */
export function addSolverOptions(command: Command): Command {
  return command
    .option(
      "--method <NAMES>",
      "what to compare, with commas between (default: synthesis,iht,least-squares); see below",
      parseMethods,
    )
    .addOption(
      new Option("--switches <what>", "what decoders know of them; fixed: the middle of each region instead")
        .choices(SWITCH_KNOWLEDGE)
        .default("known", "known"),
    )
    .addOption(
      new Option("--quantise <format>", "round the values of codes before decoding").choices(VALUE_FORMATS),
    )
    .option("--no-inequalities", "do not heed that the other entries of a region are below its maximum")
    .option(
      "--iterations <N>",
      "iterations of a solver, at most (default: of iht 50, of least squares 100, with fixed switches 20)",
      whole(1, 1e9),
    )
    .option(
      "--tolerance <T>",
      "a solver ends when its residual falls to this (default: 1e-7)",
      parseTolerance,
    )
    .hook("preAction", () => checkMethods(command));
}

/** Ends with 2 where methods and switches do not go together. */
function checkMethods(command: Command): void {
  const options = command.opts<SolverOptions>();
  const { switches } = options;
  const methods = methodsOf(options);
  const lost = methods.filter((name) => !canKnow(name, switches));
  if (lost.length > 0) {
    command.error(
      `error: with --switches unknown least-squares is the only decoder, and --method names ${lost.join(", ")}`,
    );
  }
  if (switches !== "known" && methods.every(isSparsifier)) {
    command.error(
      `error: --switches ${switches} is about decoders, and --method names none: a sparse code has switches of its own`,
    );
  }
}

export interface PictureOptions extends LayerOptions {
  crop?: Size;
  output: string;
  json: boolean;
  jobs: number;
}

export const OUTPUT = "unpool-out";

/** Adds where results go, how they are shown, and on how many threads they come to be. */
export function addOutputOptions(command: Command, outputs: string): Command {
  return command
    .option("-o, --output <DIR>", `folder for ${outputs}`, parseFolder, OUTPUT)
    .option("--json", "print one JSON object instead of the table", false)
    .addOption(
      new Option("-j, --jobs <N>", "pictures worked on at once")
        .argParser(whole(1, 256))
        .default(availableParallelism(), "as many as there are cores"),
    );
}

/** The layer that the options describe, for an input of this shape. */
export function layerSpec(
  { channels, height, width }: { channels: number; height: number; width: number },
  { filters, kernel, stride, padding = halfOf(kernel), pool, rectifier, seed, unitNorm }: LayerOptions,
): LayerSpec {
  const input = { channels, height, width };
  return { input, filters, kernel, stride, padding, pool, rectifier, seed, unitNorm };
}

/**
 * Without padding the outermost pixels lie in few patches, and least squares ends with errors there: the
 * whole of a 512 x 512 photograph comes back to 9e-5 at worst instead of 1.5e-7.
 */
function halfOf([height, width]: Size): Size {
  return [Math.floor(height / 2), Math.floor(width / 2)];
}

/** Options that say nothing about the result itself. */
const MANNERS = ["output", "json", "jobs"];

/** The options that differ from their defaults, as they would be typed, without those of MANNERS. */
export function typedOptions(command: Command): string[] {
  return command.options.flatMap((option) => {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (option.negate) return value === false ? [option.long!] : [];
    if (value === undefined || value === false || String(value) === String(option.defaultValue)) return [];
    if (MANNERS.includes(option.name())) return [];
    if (value === true) return [option.long!];
    return [option.long!, isSize(value) ? typedSize(value) : String(value)];
  });
}

function isSize(value: unknown): value is Size {
  return Array.isArray(value) && typeof value[0] === "number";
}

/** [5, 5] -> "5", [3, 5] -> "3x5" */
export function typedSize([height, width]: readonly [number, number]): string {
  return height === width ? String(height) : `${height}x${width}`;
}

/** An option that is one number for both axes, or HEIGHTxWIDTH. */
export function size(flag: string, description: string, least: number, usual?: number): Option {
  const option = new Option(`${flag} <N|HxW>`, description).argParser((text) => parseSize(text, least));
  return usual === undefined ? option : option.default([usual, usual], String(usual));
}

/** A parser of whole numbers from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(
        `it must be a whole number from ${least} to ${most === Number.MAX_SAFE_INTEGER ? "2^53 - 1" : most}`,
      );
    }
    return value;
  };
}

function parseFolder(text: string): string {
  if (text === "") throw new InvalidArgumentError("it must name a folder");
  return text;
}

function parseMethods(text: string): MethodName[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !(METHOD_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    const which = unknown === "" ? "a name is missing" : `there is no ${unknown}`;
    throw new InvalidArgumentError(`${which}; the methods are ${METHOD_NAMES.join(", ")}`);
  }
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw new InvalidArgumentError(
      `${repeated} is named twice; the methods are ${METHOD_NAMES.join(", ")}, each at most once`,
    );
  }
  return names as MethodName[];
}

function parseTolerance(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError("it must be at least 0 and under 1");
  return value;
}

function parseSize(text: string, least: number): Size {
  const match = /^(\d+)(?:x(\d+))?$/.exec(text);
  const height = Number(match?.[1] ?? Number.NaN);
  const width = Number(match?.[2] ?? height);
  if (!(height >= least && width >= least && height <= 2 ** 24 && width <= 2 ** 24)) {
    throw new InvalidArgumentError(
      `it must be a whole number from ${least} to ${2 ** 24}, or two of them as in 3x5, height first`,
    );
  }
  return [height, width];
}
