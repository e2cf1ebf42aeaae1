// A picture by what is in its bytes: names and extensions are not believed.

import { invalid, type PictureLimits, type PictureSize, type PlanarImage } from "./planar.js";

/**
 * Decodes a PNG or a JPEG.
 * @param name what sentences call it.
 * @throws UnpoolError "invalid-input", "too-large".
 */
export async function decodePicture(
  name: string,
  bytes: Uint8Array,
  limits: PictureLimits = {},
): Promise<PlanarImage> {
  return readable(name, bytes) === "PNG"
    ? (await import("./png.js")).decodePng(name, bytes, limits)
    : (await import("./jpeg.js")).decodeJpeg(name, bytes, limits);
}

/**
 * What a PNG or a JPEG says of itself, before anything is decoded; of a JPEG that EXIF turns, as it lies.
 * @throws UnpoolError "invalid-input", "too-large", as decodePicture.
 */
export async function measurePicture(
  name: string,
  bytes: Uint8Array,
  limits: PictureLimits = {},
): Promise<PictureSize> {
  return readable(name, bytes) === "PNG"
    ? (await import("./png.js")).measurePng(name, bytes, limits)
    : (await import("./jpeg.js")).measureJpeg(name, bytes, limits);
}

function readable(name: string, bytes: Uint8Array): "PNG" | "JPEG" {
  if (bytes.length === 0) throw invalid(`${name} is empty: it has 0 bytes`);
  const format = formatOf(bytes);
  if (format === "PNG" || format === "JPEG") return format;
  if (!format) throw invalid(`${name} is neither PNG nor JPEG: it begins with ${beginning(bytes)}`);
  throw invalid(`${name} is ${format}; unpool reads PNG and JPEG, so convert it first`);
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
