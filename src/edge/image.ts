// Rows to what is sent: a PNG, or planes as they are.

import { concatenate } from "../code/bytes.js";
import { UnpoolError } from "../errors.js";
import { writePngRows } from "../pictures/png-rows.js";
import type { TilePlan } from "../tiles/plan.js";
import { PNG_TYPE, RAW_TYPE } from "./headers.js";

/** What the service sends an image as. */
export type Format = "png" | "raw";

/** Windows and tables of the codec. */
const ENCODER_BYTES = 2 ** 19;

/** Bytes that the image takes while it is put together. */
export function imageBytes({ channels, height, width }: TilePlan, format: Format): number {
  const samples = channels * height * width;
  if (format === "raw") return 4 * samples;
  // chunks, and the whole that they become; what does not compress is a little longer than its samples
  return 2 * (samples + Math.ceil(samples / 10)) + ENCODER_BYTES;
}

/** Throws UnpoolError "invalid-option" where a PNG cannot hold the planes. */
export function checkFormat({ channels }: TilePlan, format: Format): void {
  if (format === "png" && channels !== 1 && channels !== 3) {
    throw new UnpoolError(
      "invalid-option",
      `format is "png", and the image has ${channels} channels; a PNG takes 1 or 3: ask for format=raw`,
    );
  }
}

/**
 * @param rows channels x width each, planar, from the top.
 * @param range the numbers that are black and white in a PNG.
 */
export async function imageOf(
  plan: TilePlan,
  rows: AsyncIterable<Float32Array>,
  format: Format,
  range: readonly [number, number] = [0, 1],
): Promise<Uint8Array<ArrayBuffer>> {
  const { channels, height, width } = plan;
  if (format === "raw") return rawOf(channels, height, width, rows);
  const chunks: Uint8Array[] = [];
  const size = { channels: channels as 1 | 3, height, width };
  for await (const chunk of writePngRows(size, scaled(rows, range))) chunks.push(chunk);
  return concatenate(chunks);
}

/** Rows with the range as 0 to 1. */
async function* scaled(
  rows: AsyncIterable<Float32Array>,
  [low, high]: readonly [number, number],
): AsyncGenerator<Float32Array> {
  if (low === 0 && high === 1) yield* rows;
  else for await (const row of rows) yield row.map((value) => (value - low) / (high - low));
}

async function rawOf(
  channels: number,
  height: number,
  width: number,
  rows: AsyncIterable<Float32Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(4 * channels * height * width);
  const view = new DataView(bytes.buffer);
  let y = 0;
  for await (const row of rows) {
    for (let c = 0; c < channels; ++c) {
      const to = (c * height + y) * width;
      for (let x = 0; x < width; ++x) view.setFloat32(4 * (to + x), row[c * width + x]!, true);
    }
    ++y;
  }
  return bytes;
}

/** The type, and the shape for whoever reads planes: channels, height, width. */
export function describeImage(
  { channels, height, width }: TilePlan,
  format: Format,
): { type: string; headers: Record<string, string> } {
  return {
    type: format === "png" ? PNG_TYPE : RAW_TYPE,
    headers: { "Unpool-Shape": `${channels}, ${height}, ${width}` },
  };
}
