// Whether a PNG or a JPEG is all there: some browsers show what there is of it, and leave the rest blank or grey.

import { PictureError } from "./picture-error.js";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
/** Around the data of a PNG's chunk: its length and name, its checksum. */
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** "IEND": the name of the last chunk. */
const END = 0x49454e44;
/** Markers of a JPEG, behind 0xff: a scan starts; the image ends. */
const SCAN = 0xda;
const IMAGE_END = 0xd9;

/** @throws PictureError if it is a PNG or a JPEG that ends before its picture does. */
export async function refuseCut(blob: Blob): Promise<void> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const begins = (signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte);
  const cut = (begins(PNG) && isCutPng(bytes)) || (begins(JPEG) && isCutJpeg(bytes));
  if (!cut) return;
  throw new PictureError(
    `The file ends after ${blob.size.toLocaleString("en")} bytes, before its picture does.`,
  );
}

function isCutPng(bytes: Uint8Array<ArrayBuffer>): boolean {
  const view = new DataView(bytes.buffer);
  let at = PNG.length;
  while (at + HEAD_BYTES <= bytes.length) {
    const name = view.getUint32(at + 4);
    at += HEAD_BYTES + view.getUint32(at) + CHECKSUM_BYTES;
    if (name === END && at <= bytes.length) return false;
  }
  return true;
}

/** A thumbnail within the header has an end of its own: it is the last scan that needs one. */
function isCutJpeg(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= 0; --at) {
    if (bytes[at] !== 0xff) continue;
    if (bytes[at + 1] === IMAGE_END) return false;
    if (bytes[at + 1] === SCAN) return true;
  }
  return true;
}
