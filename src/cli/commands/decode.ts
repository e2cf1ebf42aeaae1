import { type Command, Option } from "commander";
import { addOutputOptions } from "../options/output.js";
import { named, parseTolerance, whole } from "../options/parse.js";
import { perform } from "./perform.js";

/** Of layers and networks; the library refuses what does not go with a code. */
const METHODS = ["least-squares", "synthesis", "scaled", "whitened", "hybrid", "layer-by-layer"];

export function addDecode(program: Command): void {
  const command = program
    .command("decode")
    .description("reconstruct the pictures of .unp files")
    .argument("<files...>", ".unp files, - for standard input; extensions are not believed")
    .addOption(
      new Option("--method <name>", "decoder (default: least-squares; of sparse codes synthesis)").choices(
        METHODS,
      ),
    )
    .option("--iterations <N>", "iterations of least squares, at most (default: 100)", whole(1, 1e9))
    .option(
      "--tolerance <T>",
      "least squares ends when its residual falls to this (default: 1e-7)",
      parseTolerance,
    )
    .option(
      "--weights <FILE>",
      "filters that a file was made with and does not hold: .safetensors or .npy; may be repeated",
      (file: string, files: string[]) => [...files, named("file")(file)],
      [],
    )
    .addOption(
      new Option("--format <name>", "what to write: pnm is colour or grey; npy float32 planes, exact")
        .choices(["png", "pnm", "npy"])
        .default(undefined, "png, or by the extension of -o"),
    );
  addOutputOptions(
    command,
    "FILE|DIR|-",
    "file (.png, .ppm, .pgm, .pnm, .npy), folder, or - for standard output",
  )
    .addHelpText(
      "after",
      `
Rows are written as tiles are decoded, but for .npy, whose planes are kept until
the last row is there. The tensors of --weights are found by their SHA-256.

Examples:
  unpool decode photo.unp                      unpool-out/photo.png
  unpool decode photo.unp -o photo.npy --iterations 200
  unpool decode codes/*.unp -o pictures --resume
  unpool decode - -o - --format pnm < photo.unp | pnmtojpeg > photo.jpg
  unpool decode vgg.unp --weights vgg16.safetensors`,
    )
    .action(perform("decode"));
}
