// A picture as a whole, by what is in its bytes.

import { formatOf } from "./format.js";
import type { PictureLimits, PlanarImage } from "./planar.js";

/**
 * Decodes a PNG, a JPEG or a binary PNM.
 * @param name what sentences call it.
 * @throws UnpoolError "invalid-input", "too-large".
 */
export async function decodePicture(
  name: string,
  bytes: Uint8Array,
  limits: PictureLimits = {},
): Promise<PlanarImage> {
  switch (formatOf(name, bytes)) {
    case "PNG":
      return (await import("./png.js")).decodePng(name, bytes, limits);
    case "JPEG":
      return (await import("./jpeg.js")).decodeJpeg(name, bytes, limits);
    case "PNM":
      return (await import("./pnm.js")).decodePnm(name, bytes, limits);
  }
}
