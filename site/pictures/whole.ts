// Whether a PNG is all there: some browsers show what there is of it, and leave the rest blank.

import { PictureError } from "./picture-error.js";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Around the data of a chunk: its length and name, its checksum. */
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** "IEND": the name of the last chunk. */
const END = 0x49454e44;

/** @throws PictureError if it is a PNG that ends before its last chunk does. */
export async function refuseCut(blob: Blob): Promise<void> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) return;
  const view = new DataView(bytes.buffer);
  let at = SIGNATURE.length;
  while (at + HEAD_BYTES <= bytes.length) {
    const name = view.getUint32(at + 4);
    at += HEAD_BYTES + view.getUint32(at) + CHECKSUM_BYTES;
    if (name === END && at <= bytes.length) return;
  }
  throw new PictureError(
    `The file ends after ${blob.size.toLocaleString("en")} bytes, before its picture does.`,
  );
}
