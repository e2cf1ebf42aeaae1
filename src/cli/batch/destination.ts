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
  const options = command.opts<OutputOptions & { format?: string }>();
  const { output, format: asked } = options;
  const formats = FORMATS[name];
  const usual = asked ?? Object.keys(formats)[0] ?? "";
  const refuse = (sentence: string): never => command.error(`error: ${sentence}`);
  if (output === "-") {
    if (name === "invert")
      refuse("--output - is standard output, and invert writes several files: name a folder");
    if (count > 1) refuse(`--output - is standard output, which holds one file, and ${count} are asked for`);
    if (options.json) refuse("--output - and --json both write to standard output: give one of them");
    if (options.resume) refuse("--output - leaves nothing to --resume");
    if (process.stdout.isTTY) refuse("--output - writes bytes, and standard output is a terminal");
    return { format: usual, folder: undefined, output: () => "-", outputs: () => ["-"] };
  }
  const path = normalize(output);
  const extension = extname(path).toLowerCase();
  if (FILES.test(extension) && !/[/\\]$/.test(path) && !stat(path)?.isDirectory()) {
    const format = Object.keys(formats).find((key) => formats[key]!.includes(extension));
    if (format === undefined) {
      const known = Object.values(formats).flat().join(", ");
      return refuse(`--output ${output}: ${name} writes ${known || "several files: name a folder"}`);
    }
    if (asked !== undefined && asked !== format) refuse(`--output ${output} is not --format ${asked}`);
    if (count > 1) refuse(`--output ${output} is one file, and ${count} are asked for: name a folder`);
    return {
      format: extension.slice(1) === "unp" ? format : extension.slice(1),
      folder: undefined,
      output: () => path,
      outputs: () => [path],
    };
  }
  checkFolder(path);
  if (name === "invert") {
    const folder = (task: string) => (count > 1 ? join(path, task) : path);
    const names = inversionFiles(command.opts<SolverOptions>());
    return {
      format: "",
      folder: path,
      output: folder,
      outputs: (task) => names.map((file) => join(folder(task), file)),
    };
  }
  const file = (task: string) => join(path, `${task}${formats[usual]![0]}`);
  return { format: usual, folder: path, output: () => path, outputs: (task) => [file(task)] };
}

/** The pictures and the report, in the order in which they are drawn. */
function inversionFiles(options: SolverOptions): string[] {
  const pictures = ["original", ...methodsOf(options), "comparison"];
  return [...pictures.map((name) => `${name}.png`), "report.html"];
}
