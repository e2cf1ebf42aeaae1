// Where results go, how they are shown, and on how many threads they come to be.

import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { named, whole } from "./parse.js";

export interface OutputOptions {
  output: string;
  json: boolean;
  jobs: number;
  resume: boolean;
  /** MiB of kernels for the tiles of one picture. */
  memory: number;
}

export const OUTPUT = "unpool-out";

/** Adds them. `flag` says what -o may name. */
export function addOutputOptions(command: Command, flag: string, description: string): Command {
  return command
    .option(`-o, --output <${flag}>`, description, named("file or a folder"), OUTPUT)
    .option("--resume", "skip what is finished: outputs that are newer than their inputs", false)
    .option("--json", "print one JSON object instead of the table", false)
    .addOption(
      new Option("-j, --jobs <N>", "pictures, or tiles of one picture, worked on at once")
        .argParser(whole(1, 256))
        .default(availableParallelism(), "as many as there are cores"),
    )
    .option(
      "--memory <MiB>",
      "kernels for the tiles of one picture, at most: as many tiles at once as fit, but one",
      whole(1),
      32,
    );
}
