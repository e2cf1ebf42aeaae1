// Pictures as rows, and rows as pictures. A row is channels x width, planar.

import type { PictureRows } from "../../pictures/planar.js";
import { Failure } from "../failure.js";
import type { Size } from "../options/parse.js";

/** A picture that comes row by row. */
export interface RowImage extends PictureRows {
  /** Lets go of what it comes from, whether any rows were asked for or not. */
  close(): Promise<unknown>;
}

export function rowImage(image: PictureRows): RowImage {
  return { ...image, close: async () => image.rows[Symbol.asyncIterator]().return?.() };
}

interface Shape {
  channels: number;
  width: number;
  height: number;
}

/** Planes, channels x height x width, of all rows. */
export async function planesOf(
  { channels, width, height }: Shape,
  rows: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): Promise<Float32Array> {
  const planes = new Float32Array(channels * height * width);
  let y = 0;
  for await (const row of rows) {
    for (let c = 0; c < channels; ++c) {
      planes.set(row.subarray(c * width, (c + 1) * width), (c * height + y) * width);
    }
    ++y;
  }
  return planes;
}

/**
 * The centre of a picture; an odd rest is left at the bottom and at the right. All rows are read: what is wrong with a
 * file below the centre is wrong with the file.
 * @param name what sentences call the picture.
 */
export function crop(name: string, image: RowImage, [height, width]: Size): RowImage {
  if (height > image.height || width > image.width) {
    throw new Failure(
      `the crop is ${height} pixels high and ${width} wide, larger than ${name}, which is ${image.height} high and ${image.width} wide`,
    );
  }
  const top = Math.floor((image.height - height) / 2);
  const left = Math.floor((image.width - width) / 2);
  const { channels } = image;
  const rows = async function* () {
    let y = 0;
    for await (const row of image.rows) {
      if (y >= top && y < top + height) {
        const cropped = new Float32Array(channels * width);
        for (let c = 0; c < channels; ++c) {
          const start = c * image.width + left;
          cropped.set(row.subarray(start, start + width), c * width);
        }
        yield cropped;
      }
      ++y;
    }
  };
  return { channels, width, height, rows: rows(), close: image.close };
}
