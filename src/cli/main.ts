#!/usr/bin/env node
// The command line.

import { Command, CommanderError } from "commander";
import { addDecode } from "./commands/decode.js";
import { addEncode } from "./commands/encode.js";
import { addInspect } from "./commands/inspect.js";
import { addInvert } from "./commands/invert.js";
import { reason, sentenceOf } from "./failure.js";
import { Unread } from "./files/standard-output.js";

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

addInvert(program);
addEncode(program);
addDecode(program);
addInspect(program);

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
  } else if (error instanceof Unread) {
    process.exitCode = 1;
  } else {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error; // a fault of this program: its stack is worth more than a sentence
    process.stderr.write(`unpool: ${sentence}\n`);
    process.exitCode = 1;
  }
}
