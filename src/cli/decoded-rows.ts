// Rows of a decoded picture as the bytes of a file.

import type { CodeHeader } from "../code/index.js";
import { writePngRows } from "../pictures/png-rows.js";
import { writePnmRows } from "../pictures/pnm.js";
import type { TilePlan } from "../tiles/index.js";
import { npy } from "./codes/npy.js";
import { Failure } from "./failure.js";
import type { Chunks } from "./files/write.js";
import { planesOf } from "./pictures/rows.js";

/** "pnm" is "ppm" in colour and "pgm" in grey. */
export type DecodedFormat = "png" | "pnm" | "ppm" | "pgm" | "npy";

type Rows = AsyncIterable<Float32Array>;

/**
 * How rows, channels x width, become a file.
 * @param name of the code, for refusals: Failure where it is none of such a picture.
 */
export function formatRows(
  name: string,
  { spec, range = [0, 1] }: CodeHeader,
  plan: TilePlan,
  format: DecodedFormat,
): (rows: Rows) => Chunks {
  const { channels, height, width } = plan;
  if (format === "npy") {
    const shape = "length" in spec.input ? [channels, width] : [channels, height, width];
    return (rows) => numbers(plan, rows, shape);
  }
  if (channels !== 1 && channels !== 3) {
    throw new Failure(
      `${name} is the code of ${channels} x ${height} x ${width} numbers, which is no picture: give --format npy`,
    );
  }
  const wanted = { ppm: 3, pgm: 1, png: channels, pnm: channels }[format];
  if (wanted !== channels) {
    const [is, other] = channels === 1 ? ["grey", "pgm"] : ["in colour", "ppm"];
    throw new Failure(`${name} is ${is}, which .${format} cannot be: write .${other}, .pnm or .png`);
  }
  const write = format === "png" ? writePngRows : writePnmRows;
  return (rows) => write({ channels, height, width }, scaled(rows, range));
}

/** All planes are kept until the last row is there: an array has one after the other. */
async function* numbers(
  plan: TilePlan,
  rows: Rows,
  shape: readonly number[],
): AsyncGenerator<Uint8Array, void, undefined> {
  yield npy(await planesOf(plan, rows), shape);
}

/** From [low, high], the values of black and of white, to [0, 1]. */
async function* scaled(rows: Rows, [low, high]: readonly [number, number]): Rows {
  for await (const row of rows)
    yield low === 0 && high === 1 ? row : row.map((x) => (x - low) / (high - low));
}
