#!/usr/bin/env node
// The command line. What a command needs is loaded when it runs, so that --help is quick.

import { Command, CommanderError } from "commander";
import type { CommandName } from "./batch/task.js";
import { reason, sentenceOf } from "./failure.js";
import { methodList } from "./methods.js";
import { addInputOptions, addOutputOptions, addSolverOptions } from "./options.js";

/** Of package.json; put in by the build. */
declare const VERSION: string;

const program = new Command("unpool")
  .description("Encodes images with random convolutions and max-pooling, and reconstructs them.")
  .version(VERSION)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(`unpool: ${sentence(text)}\n`) });

/** What commander says in several lines and sentences, as one. */
function sentence(text: string): string {
  return text
    .trim()
    .replace(/^error: /, "")
    .replace(" is invalid. ", " is invalid: ")
    .replace(/\.$/, "")
    .replaceAll("\n", " ");
}

/** Loads what a command needs and runs it. */
const perform =
  (name: CommandName, manner: { folders: boolean }) =>
  async (images: string[], _options: unknown, command: Command): Promise<void> => {
    const { run } = await import("./batch/run.js");
    await run(name, images, command, manner);
  };

const invert = addSolverOptions(
  addInputOptions(
    program
      .command("invert")
      .description("encode pictures, reconstruct each in several ways and report how close each way comes"),
  ),
);
addOutputOptions(invert, "pictures and report; of several pictures, each has a folder in it")
  .addHelpText(
    "after",
    `
Methods:
${methodList()}

Examples:
  unpool invert                            the built-in scene, into unpool-out/
  unpool invert photo.jpg --crop 256       the centre of a photograph
  unpool invert photo.jpg -k 96 --pool 3 -o out
  unpool invert *.jpg --crop 256 -o out    each into out/NAME/, on all cores
  unpool invert photo.jpg -k 16 --method synthesis,whitened,hybrid
  unpool invert photo.jpg --switches unknown --quantise int8
  unpool invert photo.jpg --json | jq '.results[] | {method, psnr}'`,
  )
  .action(perform("invert", { folders: true }));

const encode = addInputOptions(
  program.command("encode").description("write the code of each picture for NumPy: DIR/NAME.npz"),
);
addOutputOptions(encode, "the codes")
  .addHelpText(
    "after",
    `
Examples:
  unpool encode photo.jpg -o codes              codes/photo.npz
  unpool encode *.jpg -k 32 --rectifier relu    on all cores
  python3 -c 'import numpy; print(numpy.load("codes/photo.npz")["values"].shape)'`,
  )
  .action(perform("encode", { folders: false }));

// whoever reads the output may have had enough of it, or its disk
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") {
    process.stderr.write(`unpool: cannot write the result: ${reason(error)}\n`);
    process.exitCode = 1;
  }
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // --help and --version end here too, with 0
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error; // a fault of this program: its stack is worth more than a sentence
    process.stderr.write(`unpool: ${sentence}\n`);
    process.exitCode = 1;
  }
}
