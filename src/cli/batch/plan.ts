// From the command line to tasks.

import { basename, join } from "node:path";
import type { Command } from "commander";
import { OUTPUT, type PictureOptions, typedOptions } from "../options.js";
import { uniqueNames } from "./names.js";
import type { CommandName, Task } from "./task.js";

export type NamedTask<Name> = Task & { command: Name };

/** One task a picture; with `folders`, each of several pictures has a folder of its own. */
export function plan<Name extends CommandName>(
  name: Name,
  paths: readonly string[],
  command: Command,
  folders: boolean,
): NamedTask<Name>[] {
  const options = command.opts<PictureOptions>();
  const typed = typedOptions(command);
  const task = (path: string | undefined, unique: string, folder: string): NamedTask<Name> => ({
    command: name,
    path,
    title: titleOf(path),
    name: unique,
    folder,
    options,
    commandLine: commandLine(name, path, typed, folder),
  });
  if (paths.length === 0) return [task(undefined, "scene", options.output)];
  const names = uniqueNames(paths);
  const apart = folders && paths.length > 1;
  return paths.map((path, i) =>
    task(path, names[i]!, apart ? join(options.output, names[i]!) : options.output),
  );
}

function titleOf(path: string | undefined): string {
  if (path === undefined) return "built-in scene";
  return path === "-" ? "standard input" : basename(path);
}

/** What does this task alone. */
function commandLine(name: string, path: string | undefined, typed: string[], folder: string): string {
  const words = ["unpool", name, ...(path === undefined ? [] : [path]), ...typed];
  if (folder !== OUTPUT) words.push("--output", folder);
  return words
    .map((word) => (/^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
