import { type Command, Option } from "commander";
import { STORED_FORMATS } from "../../code/quantise.js";
import { addInputOptions } from "../options/layer.js";
import { addOutputOptions } from "../options/output.js";
import { perform } from "./perform.js";

export function addEncode(program: Command): void {
  const command = program
    .command("encode")
    .description("write the code of each picture into a file, .unp or for NumPy");
  addInputOptions(command)
    // what is not asked for is not lost: a code comes back to the picture to 1e-7 with float32, to 40 dB or so with int8
    .addOption(
      new Option("--values <format>", "how values are kept: float32 as they are, the others rounded")
        .choices(STORED_FORMATS)
        .default("float32", "float32"),
    )
    .option("--deflate", "compress the file: it then differs between hosts, and its pictures do not", false)
    .addOption(
      new Option("--format <name>", "what to write: .unp, or .npz for NumPy (without tiles, as float32)")
        .choices(["unpool", "npz"])
        .default(undefined, "unpool, or by the extension of -o"),
    )
    .hook("preAction", () => checkFormat(command));
  addOutputOptions(command, "FILE|DIR|-", "file (.unp, .npz), folder, or - for standard output")
    .addHelpText(
      "after",
      `
A picture larger than --tile is read row by row and encoded tile by tile, in
memory that does not grow with its height.

Examples:
  unpool encode photo.jpg                      unpool-out/photo.unp
  unpool encode photo.jpg -o photo.unp -k 16 --values int8
  unpool encode *.jpg -o codes --resume        what is not there yet
  unpool encode - -o - < a.png | unpool decode - -o - > b.png
  unpool encode photo.jpg --tile none -o photo.npz
  python3 -c 'import numpy; print(numpy.load("photo.npz")["values"].shape)'`,
    )
    .action(perform("encode"));
}

/** Ends with 2 where NumPy's file could not hold what is asked for. */
function checkFormat(command: Command): void {
  const { format, output, values, deflate } = command.opts();
  if (format !== "npz" && !/\.npz$/i.test(output)) return;
  if (values !== "float32") command.error(`error: .npz holds values as float32, not as ${values}`);
  if (deflate) command.error("error: .npz is not deflated: --deflate goes with .unp");
}
