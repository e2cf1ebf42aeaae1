// Which pictures, by what layer, in what tiles. What --help needs, and no more.

import { type Command, Option } from "commander";
import type { Rectifier } from "../../index.js";
import { parseSize, type Size, size, whole } from "./parse.js";

export interface LayerOptions {
  filters: number;
  kernel: Size;
  stride: Size;
  padding?: Size;
  pool: Size | "global";
  rectifier: Rectifier;
  seed: number;
  unitNorm: boolean;
}

export interface TileOptions {
  tile: Size | "none";
  /** undefined: what suits the layer. */
  overlap?: number;
}

export interface InputOptions extends LayerOptions, TileOptions {
  crop?: Size;
}

/** Adds pictures, an option for every field of a layer that they leave open, and how large ones are cut. */
export function addInputOptions(command: Command): Command {
  return command
    .argument("[images...]", "PNGs, JPEGs and PNMs, - for standard input (default: a built-in scene)")
    .addOption(size("--crop", "use only the centre of a picture, of this size", 1))
    .option("-k, --filters <K>", "number of filters", whole(1), 64)
    .addOption(size("--kernel", "size of a filter", 1, 5))
    .addOption(size("--stride", "step from one patch to the next", 1, 1))
    .addOption(
      size("--padding", "zeros on each side (default: half the kernel, so that edges are seen too)", 0),
    )
    .addOption(
      new Option("--pool <N|HxW|global>", "pooling region; global is one region a filter")
        .argParser((text) => (text === "global" ? text : parseSize(text, 1)))
        .default([2, 2], "2"),
    )
    .addOption(
      new Option("--rectifier <name>", "applied before pooling")
        .choices(["none", "relu", "crelu"])
        .default("none", "none"),
    )
    .option("--seed <S>", "seed of the random filters", whole(0), 0)
    .option("--unit-norm", "divide each filter by its norm", false)
    .addOption(
      new Option(
        "--tile <N|HxW|none>",
        "a larger picture is worked on in tiles, none of them larger than this",
      )
        .argParser((text) => (text === "none" ? text : parseSize(text, 1)))
        .default([224, 224], "224"),
    )
    .option(
      "--overlap <N>",
      "rows and columns that neighbouring tiles share, at least (default: 16, or 48 if padding is under half the kernel)",
      whole(0),
    )
    .hook("preAction", () => checkTiles(command));
}

/** Ends with 2 where nothing would be left of a tile. What nobody asked for is refused only where a picture is cut. */
function checkTiles(command: Command): void {
  const { tile, overlap } = command.opts<TileOptions>();
  if (overlap === undefined) return;
  if (tile === "none") command.error("error: --overlap is about tiles, and --tile is none");
  if (overlap >= Math.min(...tile)) {
    command.error(`error: --overlap ${overlap} leaves nothing of tiles of ${typedSize(tile)}`);
  }
}

/** [5, 5] -> "5", [3, 5] -> "3x5" */
export function typedSize([height, width]: readonly [number, number]): string {
  return height === width ? String(height) : `${height}x${width}`;
}
