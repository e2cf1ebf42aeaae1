// A picture from a file.

import { readFileSync, statSync } from "node:fs";
import { decodePicture } from "../../pictures/decode.js";
import type { PlanarImage } from "../../pictures/planar.js";
import { Failure, reason } from "../failure.js";

/** Reads a PNG or JPEG; "-" is standard input. */
export async function readPicture(path: string): Promise<PlanarImage> {
  const name = path === "-" ? "standard input" : path;
  return decodePicture(name, readBytes(path, name));
}

function readBytes(path: string, name: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    if (path !== "-" && statSync(path).isDirectory())
      throw new Failure(`cannot read ${name}: it is a folder`);
    bytes = readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`cannot read ${name}: ${reason(error)}`);
  }
  return bytes;
}
