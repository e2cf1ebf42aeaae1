// Bytes to standard output, no faster than they are read.

import { once } from "node:events";
import type { Chunks } from "./write.js";

/** Standard output takes no more. Who could be told has been, by main.ts; a reader that has gone wants to hear nothing. */
export class Unread extends Error {}

/**
 * @returns how many bytes were written.
 * @throws Unread.
 */
export async function writeStandardOutput(chunks: Chunks): Promise<number> {
  const { stdout } = process;
  const closed = new AbortController();
  const close = () => closed.abort(new Unread());
  stdout.on("error", close);
  let length = 0;
  try {
    for await (const chunk of chunks) {
      closed.signal.throwIfAborted();
      length += chunk.length;
      if (!stdout.write(chunk)) await drained(closed.signal);
    }
    await new Promise((resolve) => stdout.write("", resolve));
    closed.signal.throwIfAborted();
  } finally {
    stdout.off("error", close);
  }
  return length;
}

async function drained(signal: AbortSignal): Promise<void> {
  try {
    await once(process.stdout, "drain", { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
