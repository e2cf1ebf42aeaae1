// What the service answers instead of a result: problem details, RFC 9457. docs/edge.md lists them.

import { UnpoolError, type UnpoolErrorCode } from "../errors.js";
import { NEUTRAL_HEADERS } from "./headers.js";

/** Codes of refusals: UnpoolError's, and the service's own. */
export type ProblemCode =
  | UnpoolErrorCode
  | "not-found"
  | "method-not-allowed"
  | "unsupported-type" // of the body
  | "slow-body"
  | "busy-service"
  | "out-of-time"
  | "aborted"
  | "internal";

/** Status and title of each, and what to do about it. */
export const PROBLEMS: {
  readonly [code in ProblemCode]: readonly [status: number, title: string, help: string];
} = {
  "invalid-option": [
    400,
    "A parameter is not what it can be",
    "The detail names the parameter or header, its value, and what it can be.",
  ],
  aborted: [
    400,
    "The request was not sent to its end",
    "The body broke off, or had another length than its Content-Length. Send it again.",
  ],
  "not-found": [404, "There is nothing at this path", "The page at the root lists the paths."],
  "method-not-allowed": [
    405,
    "This path does not take this method",
    "The header Allow lists those that it takes.",
  ],
  "slow-body": [408, "The body took too long to arrive", "Send less, or over a faster connection."],
  "too-large": [
    413,
    "More than this service is allowed to take on",
    "The detail says what was too much, and the most. /health has all limits: send a smaller picture, or ask for fewer filters or iterations.",
  ],
  "unsupported-type": [
    415,
    "The body is of a kind that this path does not read",
    "/encode and /invert take PNG, JPEG, or raw planes with their shape in the query; /decode takes .unp. None takes a Content-Encoding.",
  ],
  "invalid-spec": [
    422,
    "There is no such layer for this input",
    "As when a filter is larger than the picture.",
  ],
  "invalid-input": [
    422,
    "The picture or the planes cannot be read",
    "The detail says what is damaged or missing.",
  ],
  "invalid-file": [422, "The .unp cannot be read", "It is damaged, cut off, or of a later version."],
  "invalid-code": [
    422,
    "The code does not fit its layer",
    "The file is well formed, and what it holds is impossible.",
  ],
  "invalid-weights": [
    422,
    "The code needs filters that the service does not have",
    "Filters that were given are not in a .unp. Decode it with the library, which takes them.",
  ],
  "not-finite": [
    422,
    "A number is not finite, or would not stay so",
    "Planes must be finite, and not so large that sums overflow.",
  ],
  internal: [500, "The service has a fault", "It is not of your making. The deployer may know more."],
  disposed: [500, "The service has a fault", "It is not of your making. The deployer may know more."],
  busy: [500, "The service has a fault", "It is not of your making. The deployer may know more."],
  unsupported: [
    500,
    "This host cannot do this",
    "It has no WebAssembly with SIMD, or no stream to compress with; the detail says which.",
  ],
  "busy-service": [
    503,
    "The service has no memory to spare just now",
    "Try again after Retry-After seconds.",
  ],
  "out-of-time": [
    503,
    "The work took longer than it may",
    "Ask for fewer iterations or filters, or send a smaller picture.",
  ],
};

/** A refusal of the service's own: its code says the status. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = "Problem";
  }
}

/**
 * The answer to what was thrown. What is neither a Problem nor an UnpoolError is a fault of this program: of it the
 * answer says nothing.
 */
export function problemResponse(error: unknown, prefix: string): Response {
  const known = error instanceof Problem || error instanceof UnpoolError;
  const code = known ? error.code : "internal";
  const [status, title] = PROBLEMS[code];
  const detail = known ? error.message : "something went wrong that should not have; no detail is given";
  const type = `${prefix}/problems/${code}`;
  return new Response(JSON.stringify({ type, title, status, detail, code }), {
    status,
    headers: {
      ...NEUTRAL_HEADERS,
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...(error instanceof Problem ? error.headers : {}),
    },
  });
}

/** What a problem's type leads to, for people. */
export function problemPage(code: ProblemCode): Response {
  const [status, title, help] = PROBLEMS[code];
  return new Response(`${code} (${status})\n\n${title}.\n${help}\n`, {
    headers: {
      ...NEUTRAL_HEADERS,
      "Content-Type": "text/plain; charset=utf-8",
      "Cache-Control": "public, max-age=86400",
    },
  });
}
