// GET /health: that the service runs, with which kernel, and what it takes.

import { kernelDigest, version } from "./etag.js";
import { NEUTRAL_HEADERS } from "./headers.js";
import type { Service } from "./service.js";

/** The smallest layer there is: only a kernel that runs makes one. */
const PROBE = { input: { channels: 1, height: 1, width: 1 }, filters: 1, kernel: 1 };

/** 200 if a layer can be made and run, else the problem that it meets. */
export async function health(_: Request, { cache, limits, cacheBytes }: Service): Promise<Response> {
  const { codec, release } = await cache.lease(PROBE);
  try {
    codec.encode(Float32Array.of(1));
  } finally {
    release();
  }
  const report = {
    ok: true,
    name: "unpool",
    version,
    kernel: kernelDigest,
    limits: { ...limits, cacheBytes },
  };
  return new Response(JSON.stringify(report), {
    headers: { ...NEUTRAL_HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" },
  });
}
