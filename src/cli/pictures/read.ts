// A picture from a file, by what is in it: names and extensions are not believed.

import { readFileSync, statSync } from "node:fs";
import { Failure, reason } from "../failure.js";
import type { PlanarImage } from "./planar.js";

/** Reads a PNG or JPEG; "-" is standard input. */
export async function readPicture(path: string): Promise<PlanarImage> {
  const name = path === "-" ? "standard input" : path;
  const bytes = readBytes(path, name);
  const format = formatOf(bytes);
  switch (format) {
    case "PNG":
      return (await import("./png.js")).decodePng(name, bytes);
    case "JPEG":
      return (await import("./jpeg.js")).decodeJpeg(name, bytes);
    case undefined:
      throw new Failure(`${name} is neither PNG nor JPEG: it begins with ${beginning(bytes)}`);
    default:
      throw new Failure(`${name} is ${format}; unpool reads PNG and JPEG, so convert it first`);
  }
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
  if (bytes.length === 0) throw new Failure(`${name} is empty: it has 0 bytes`);
  return bytes;
}

/** What stands where in a file of each format, as Latin-1. */
const FORMATS: readonly [name: string, offset: number, magic: string][] = [
  ["PNG", 0, "\x89PNG\r\n\x1a\n"],
  ["JPEG", 0, "\xff\xd8\xff"],
  ["a GIF", 0, "GIF8"],
  ["a WebP", 8, "WEBP"],
  ["an AVIF", 4, "ftypavif"],
  ["a HEIC", 4, "ftypheic"],
  ["a HEIF", 4, "ftypmif1"],
  ["a JPEG XL", 0, "\xff\x0a"],
  ["a JPEG XL", 4, "JXL \r\n"],
  ["a JPEG 2000", 4, "jP  \r\n"],
  ["a TIFF", 0, "II*\0"],
  ["a TIFF", 0, "MM\0*"],
  ["a BMP", 0, "BM"],
  ["a Photoshop file", 0, "8BPS"],
  ["a PDF", 0, "%PDF"],
];

function formatOf(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return FORMATS.find(([, offset, magic]) => start.startsWith(magic, offset))?.[0];
}

function beginning(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 8);
  const printable = start.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (printable) return JSON.stringify(String.fromCharCode(...start));
  return `the bytes ${[...start].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}
