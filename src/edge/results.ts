// A result as a response: validators, and what caches may do with it.

import type { Result } from "./context.js";
import { NEUTRAL_HEADERS } from "./headers.js";

/**
 * A URL alone does not say what a POST is answered, so a cache may keep the answer and must ask before it uses it;
 * by the tag it is told that nothing has changed without the work being done again.
 */
const CACHING = { "Cache-Control": "private, no-cache", Vary: "Accept" };

export function resultResponse({ bytes, type, headers }: Result, tag: string, timing: string): Response {
  return new Response(bytes, {
    headers: {
      ...NEUTRAL_HEADERS,
      ...CACHING,
      ...headers,
      "Content-Type": type,
      "Content-Length": String(bytes.byteLength),
      ETag: tag,
      "Server-Timing": timing,
    },
  });
}

/** Of what the client has already. */
export function notModified(tag: string, caching: Record<string, string> = CACHING): Response {
  return new Response(null, { status: 304, headers: { ...NEUTRAL_HEADERS, ...caching, ETag: tag } });
}
