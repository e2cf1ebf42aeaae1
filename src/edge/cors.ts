// Pages of other origins: off, unless the deployer names one.

import { EXPOSED, NEUTRAL_HEADERS } from "./headers.js";

/** What a preflight asks for. */
export function preflight(methods: readonly string[]): Response {
  return new Response(null, { status: 204, headers: { ...NEUTRAL_HEADERS, Allow: methods.join(", ") } });
}

/** The response with the headers that let pages of the origin in. */
export function crossOrigin(response: Response, origin: string | undefined): Response {
  if (origin === undefined) return response;
  const { headers } = response;
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Expose-Headers", EXPOSED.join(", "));
  const allow = headers.get("Allow");
  if (response.status === 204 && allow) {
    headers.set("Access-Control-Allow-Methods", allow);
    headers.set("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match");
    headers.set("Access-Control-Max-Age", "86400");
  }
  return response;
}
