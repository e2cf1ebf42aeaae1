// Where the outputs of a run go, by -o and --format.

import { extname, join, normalize } from "node:path";
import type { Command } from "commander";
import { checkFolder, stat } from "../files/folder.js";
import { methodsOf } from "../methods.js";
import type { OutputOptions } from "../options/output.js";
import type { SolverOptions } from "../tiles/invert.js";
import type { CommandName } from "./task.js";

export interface Destination {
  /** Of the files, as the command knows it. */
  format: string;
  /** The folder that all go to; undefined: one file, or standard output. */
  folder: string | undefined;
  /** What -o must say for one task alone to write the same. */
  output(name: string): string;
  /** Paths of the files of a task that has this name. */
  outputs(name: string): string[];
}

/** What --format may be, and the extensions that say so, the usual one first. */
const FORMATS: { [Name in CommandName]: Record<string, readonly string[]> } = {
  encode: { unpool: [".unp"], npz: [".npz"] },
  decode: { png: [".png"], pnm: [".pnm", ".ppm", ".pgm"], npy: [".npy"] },
  invert: {},
};

/** Extensions that are no folder's: who writes them means a file. */
const FILES = /^\.(avif|bmp|gif|jpe?g|jxl|np[yz]|p[bgnp]m|png|tiff?|unp|webp|zip)$/i;

/** Ends with 2 where the options do not go together; throws Failure where nothing can be written. */
export function destinationOf(name: CommandName, count: number, command: Command): Destination {
  const { output } = command.opts<OutputOptions>();
  const refuse = (sentence: string): never => command.error(`error: ${sentence}`);
  if (output === "-") return standardOutput(name, count, command, refuse);
  const path = normalize(output);
  const extension = extname(path).toLowerCase();
  if (FILES.test(extension) && !/[/\\]$/.test(path) && !stat(path)?.isDirectory()) {
    return oneFile(name, count, path, command, refuse);
  }
  checkFolder(path);
  return name === "invert" ? inversions(count, path, command) : folderOf(name, path, command);
}

const askedFormat = (command: Command) => command.opts<{ format?: string }>().format;

type Refuse = (sentence: string) => never;

function standardOutput(name: CommandName, count: number, command: Command, refuse: Refuse): Destination {
  const { json, resume } = command.opts<OutputOptions>();
  if (name === "invert") {
    refuse("--output - is standard output, and invert writes several files: name a folder");
  }
  if (count > 1) refuse(`--output - is standard output, which holds one file, and ${count} are asked for`);
  if (json) refuse("--output - and --json both write to standard output: give one of them");
  if (resume) refuse("--output - leaves nothing to --resume");
  if (process.stdout.isTTY) refuse("--output - writes bytes, and standard output is a terminal");
  return { format: usualFormat(name, command), folder: undefined, output: () => "-", outputs: () => ["-"] };
}

function oneFile(
  name: CommandName,
  count: number,
  path: string,
  command: Command,
  refuse: Refuse,
): Destination {
  const extension = extname(path).toLowerCase();
  const formats = Object.entries(FORMATS[name]);
  const format = formats.find(([, extensions]) => extensions.includes(extension))?.[0];
  if (format === undefined) {
    const known = formats.flatMap(([, extensions]) => extensions).join(", ");
    return refuse(`--output ${path}: ${name} writes ${known || "several files: name a folder"}`);
  }
  const asked = askedFormat(command);
  if (asked !== undefined && asked !== format) refuse(`--output ${path} is not --format ${asked}`);
  if (count > 1) refuse(`--output ${path} is one file, and ${count} are asked for: name a folder`);
  // .ppm and .pgm are formats of their own
  const exact = format === "pnm" ? extension.slice(1) : format;
  return { format: exact, folder: undefined, output: () => path, outputs: () => [path] };
}

function folderOf(name: CommandName, folder: string, command: Command): Destination {
  const format = usualFormat(name, command);
  const [extension] = FORMATS[name][format]!;
  const outputs = (task: string) => [join(folder, `${task}${extension}`)];
  return { format, folder, output: () => folder, outputs };
}

/** Of several pictures each has a folder in the folder. */
function inversions(count: number, folder: string, command: Command): Destination {
  const own = (task: string) => (count > 1 ? join(folder, task) : folder);
  const names = inversionFiles(command.opts<SolverOptions>());
  const outputs = (task: string) => names.map((file) => join(own(task), file));
  return { format: "", folder, output: own, outputs };
}

function usualFormat(name: CommandName, command: Command): string {
  return askedFormat(command) ?? Object.keys(FORMATS[name])[0]!;
}

/** The pictures and the report, in the order in which they are drawn. */
function inversionFiles(options: SolverOptions): string[] {
  const pictures = ["original", ...methodsOf(options), "comparison"];
  return [...pictures.map((name) => `${name}.png`), "report.html"];
}
