// Rows to what is sent: a PNG, or planes as they are.

import { UnpoolError } from "../errors.js";
import { encodeSamples } from "../pictures/png.js";
import type { TilePlan } from "../tiles/plan.js";
import { PNG_TYPE, RAW_TYPE } from "./headers.js";

/** What the service sends an image as. */
export type Format = "png" | "raw";

/** Bytes that the image takes while it is put together. */
export function imageBytes({ channels, height, width }: TilePlan, format: Format): number {
  // samples; with their filter bytes, and compressed, which may not make them fewer
  return channels * height * width * 4 + (format === "png" ? 65536 : 0);
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
  { channels, height, width }: TilePlan,
  rows: AsyncIterable<Float32Array>,
  format: Format,
  range: readonly [number, number] = [0, 1],
): Promise<Uint8Array<ArrayBuffer>> {
  if (format === "raw") return rawOf(channels, height, width, rows);
  const [low, high] = range;
  const data = new Uint8ClampedArray(channels * height * width);
  let at = 0;
  for await (const row of rows) {
    for (let x = 0; x < width; ++x) {
      // rounds to the nearest, halves to even, and clamps
      for (let c = 0; c < channels; ++c) data[at++] = (255 * (row[c * width + x]! - low)) / (high - low);
    }
  }
  return encodeSamples({ data, width, height, channels: channels as 1 | 3 });
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
