// GET /scene.png: the generated picture, for who has none at hand.

import { concatenate } from "../code/bytes.js";
import { scene } from "../image/scene.js";
import { rowsOf } from "../pictures/planar.js";
import { writePngRows } from "../pictures/png-rows.js";
import { clientHas, sha256 } from "./etag.js";
import { NEUTRAL_HEADERS, PNG_TYPE } from "./headers.js";
import { notModified } from "./results.js";

const SIZE = 192;
const CACHING = { "Cache-Control": "public, max-age=86400" };

// no promise: on Workers one that waits for the host must not be shared by requests
let made: { bytes: Uint8Array<ArrayBuffer>; tag: string } | undefined;

/** Drawn once an isolate. */
export async function scenePicture(request: Request): Promise<Response> {
  made ??= await make();
  const { bytes, tag } = made;
  if (clientHas(request, tag)) return notModified(tag, CACHING);
  return new Response(bytes, {
    headers: {
      ...NEUTRAL_HEADERS,
      ...CACHING,
      "Content-Type": PNG_TYPE,
      "Content-Length": String(bytes.length),
      ETag: tag,
    },
  });
}

async function make(): Promise<{ bytes: Uint8Array<ArrayBuffer>; tag: string }> {
  const size = { channels: 3, height: SIZE, width: SIZE } as const;
  const chunks: Uint8Array[] = [];
  for await (const chunk of writePngRows(size, rowsOf({ ...size, planes: scene(SIZE, SIZE, 1) }))) {
    chunks.push(chunk);
  }
  const bytes = concatenate(chunks);
  return { bytes, tag: `"${await sha256(bytes)}"` };
}
