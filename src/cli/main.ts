#!/usr/bin/env node
// The command line. What a command needs is loaded when it runs, so that --help is quick.

import { Command, CommanderError } from "commander";
import { Failure, reason } from "./failure.js";
import { addLayerOptions, parseFolder, parseTolerance, size, whole } from "./options.js";

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

const invert = addLayerOptions(
  program
    .command("invert")
    .description("encode a picture, reconstruct it three ways and report how close each comes")
    .argument("[image]", "a PNG or JPEG, - for standard input (default: a built-in scene)")
    .addOption(size("--crop", "use only the centre of the picture, of this size", 1)),
)
  .option("--iterations <N>", "iterations of a solver, at most", whole(1, 1e9), 50)
  .option("--tolerance <T>", "a solver ends when its residual falls to this (default: 1e-7)", parseTolerance)
  .option("-o, --output <DIR>", "folder for pictures and report", parseFolder, "unpool-out")
  .option("--json", "print one JSON object instead of the table", false)
  .addHelpText(
    "after",
    `
Examples:
  unpool invert                                 the built-in scene, into unpool-out/
  unpool invert photo.jpg --crop 256            the centre of a photograph
  unpool invert photo.jpg -k 96 --pool 3 -o out
  unpool invert photo.jpg --json | jq '.results[] | {method, psnr}'`,
  )
  .action(async (image: string | undefined) => {
    const { runInvert } = await import("./invert.js");
    await runInvert(image, invert);
  });

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
  } else if (error instanceof Failure || (error as Error).name === "UnpoolError") {
    process.stderr.write(`unpool: ${(error as Error).message}\n`);
    process.exitCode = 1;
  } else {
    throw error; // a fault of this program: its stack is worth more than a sentence
  }
}
