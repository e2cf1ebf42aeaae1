// From the command line to tasks.

import { basename } from "node:path";
import type { Command } from "commander";
import { OUTPUT, type OutputOptions } from "../options/output.js";
import { typedOptions } from "../options/typed.js";
import type { Destination } from "./destination.js";
import { uniqueNames } from "./names.js";
import type { CommandName, Task } from "./task.js";

export type NamedTask<Name> = Task & { command: Name };

/** One task an input; without inputs, one for the built-in scene. */
export function plan<Name extends CommandName>(
  name: Name,
  paths: readonly string[],
  command: Command,
  destination: Destination,
): NamedTask<Name>[] {
  const typed = typedOptions(command);
  const names = paths.length === 0 ? ["scene"] : uniqueNames(paths);
  return names.map((unique, i) => ({
    command: name,
    path: paths[i],
    title: titleOf(paths[i]),
    name: unique,
    outputs: destination.outputs(unique),
    format: destination.format,
    options: command.opts<OutputOptions>(),
    commandLine: commandLine(name, paths[i], typed, destination.output(unique)),
  }));
}

function titleOf(path: string | undefined): string {
  if (path === undefined) return "built-in scene";
  return path === "-" ? "standard input" : basename(path);
}

/** What does this task alone. */
function commandLine(name: string, path: string | undefined, typed: string[], output: string): string {
  const words = ["unpool", name, ...(path === undefined ? [] : [path]), ...typed];
  if (output !== OUTPUT) words.push("--output", output);
  return words
    .map((word) => (/^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
