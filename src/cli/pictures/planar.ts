// A picture inside the command line, and parts of it.

import { Failure } from "../failure.js";

/** Planes in [0, 1], channels x height x width; 3 channels are colours, 1 is grey. */
export interface PlanarImage {
  planes: Float32Array;
  channels: 1 | 3;
  width: number;
  height: number;
}

/** No picture has more pixels; a larger one is refused before memory is committed. */
const MAX_PIXELS = 64e6;

/** Refuses a picture by its header. */
export function checkDimensions(name: string, width: number, height: number): void {
  if (width === 0 || height === 0) {
    throw new Failure(`${name} says it is ${width} x ${height} pixels: there is nothing to read`);
  }
  if (width * height > MAX_PIXELS) {
    const pixels = ((width * height) / 1e6).toFixed(1);
    throw new Failure(
      `${name} says it is ${width} x ${height} pixels, ${pixels} million; ${MAX_PIXELS / 1e6} million are the most`,
    );
  }
}

/** The centre of a picture; an odd rest is left at the bottom and at the right. */
export function crop(name: string, image: PlanarImage, [height, width]: [number, number]): PlanarImage {
  if (height > image.height || width > image.width) {
    throw new Failure(
      `the crop is ${height} pixels high and ${width} wide, larger than ${name}, which is ${image.height} high and ${image.width} wide`,
    );
  }
  const top = Math.floor((image.height - height) / 2);
  const left = Math.floor((image.width - width) / 2);
  const planes = new Float32Array(image.channels * height * width);
  for (let c = 0; c < image.channels; ++c) {
    for (let y = 0; y < height; ++y) {
      const start = (c * image.height + top + y) * image.width + left;
      planes.set(image.planes.subarray(start, start + width), (c * height + y) * width);
    }
  }
  return { planes, channels: image.channels, width, height };
}
