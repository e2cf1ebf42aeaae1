// The middle of a picture.

import type { PlanarImage } from "../../pictures/planar.js";
import { Failure } from "../failure.js";

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
