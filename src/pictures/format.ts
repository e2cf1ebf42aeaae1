// What a file is, by its first bytes: names and extensions are not believed.

import { invalid } from "./planar.js";

/** So many bytes tell every format. */
export const FORMAT_BYTES = 16;

/** What stands where in a file of each format that is not read, as Latin-1. */
const OTHERS: readonly [name: string, offset: number, magic: string][] = [
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

/**
 * @param start of the file, FORMAT_BYTES or all that there are.
 * @throws UnpoolError "invalid-input": of no format that is read.
 */
export function formatOf(name: string, start: Uint8Array): "PNG" | "JPEG" | "PNM" {
  if (start.length === 0) throw invalid(`${name} is empty: it has 0 bytes`);
  const text = String.fromCharCode(...start.subarray(0, FORMAT_BYTES));
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (text.startsWith("\xff\xd8\xff")) return "JPEG";
  if (/^P[56][\s#]/.test(text)) return "PNM";
  if (text.startsWith("\x89UNP\r\n\x1a\n")) {
    throw invalid(`${name} is a code already, a .unp file, and no picture: decode makes one of it`);
  }
  const other = OTHERS.find(([, offset, magic]) => text.startsWith(magic, offset));
  if (!other)
    throw invalid(`${name} is neither PNG, JPEG nor binary PNM: it begins with ${beginning(start)}`);
  throw invalid(`${name} is ${other[0]}; unpool reads PNG, JPEG and binary PNM, so convert it first`);
}

function beginning(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 8);
  const printable = start.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (printable) return JSON.stringify(String.fromCharCode(...start));
  return `the bytes ${[...start].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}
