// One request, and all that is said to it: the last answer is "done" or "failed".

import { buffersOf } from "./buffers.js";
import { invert } from "./invert.js";
import type { Answer, Request } from "./messages.js";

export type Send = (answer: Answer, transfer?: Transferable[]) => void;

/** Never rejects: every error is an answer. */
export async function answer(request: Request, send: Send): Promise<void> {
  const hand = (message: Answer) => send(message, buffersOf(message));
  try {
    await run(request, hand);
  } catch (error) {
    hand(failure(error));
  }
}

async function run(request: Request, send: (answer: Answer) => void): Promise<void> {
  if (request.kind === "invert") return invert(request.knobs, request.pixels, send);
  // what not every visitor asks for is loaded when it is
  if (request.kind === "open") return (await import("./open.js")).open(request.bytes, send);
  return (await import("./rip.js")).rip(request.knobs, send);
}

function failure(error: unknown): Answer {
  // each entry of the package has an UnpoolError of its own: they are known by their name
  const { name, message, code } = Object(error) as Partial<Error & { code: string }>;
  const own = name === "UnpoolError" && code !== undefined;
  return { kind: "failed", code: own ? code : "fault", message: message || String(error) };
}
