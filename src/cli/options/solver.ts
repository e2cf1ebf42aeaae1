// How pictures are reconstructed.

import { type Command, InvalidArgumentError, Option } from "commander";
import { VALUE_FORMATS } from "../../code/quantise.js";
import {
  canKnow,
  isSparsifier,
  METHOD_NAMES,
  type MethodName,
  methodsOf,
  SWITCH_KNOWLEDGE,
} from "../methods.js";
import type { SolverOptions } from "../tiles/invert.js";
import { parseTolerance, whole } from "./parse.js";

/** Adds what unpool invert compares, and what its decoders know. */
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
