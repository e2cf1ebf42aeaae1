// GET /scene.png: the generated picture, for who has none at hand.

import { scene } from "../image/scene.js";
import { encodeSamples } from "../pictures/png.js";
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
  const planes = scene(SIZE, SIZE, 1);
  const area = SIZE * SIZE;
  const data = new Uint8ClampedArray(3 * area);
  for (let i = 0; i < area; ++i) {
    for (let c = 0; c < 3; ++c) data[3 * i + c] = 255 * planes[c * area + i]!;
  }
  const bytes = encodeSamples({ data, width: SIZE, height: SIZE, channels: 3 });
  return { bytes, tag: `"${await sha256(bytes)}"` };
}
