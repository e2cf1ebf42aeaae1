// Bytes of files, pipes and standard input, piece by piece.

import { closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { Socket } from "node:net";
import { Failure, reason } from "../failure.js";

const CHUNK = 2 ** 18;

/** What sentences call it. */
export function nameOf(path: string): string {
  return path === "-" ? "standard input" : path;
}

/**
 * Whether it comes in its own time: standard input, or a pipe with a name. Only the main thread can wait for it and hear
 * signals all the same.
 */
export function isPipe(path: string): boolean {
  if (path === "-") return true;
  try {
    return statSync(path).isFIFO();
  } catch {
    return false; // whoever reads it says why it cannot
  }
}

/** "-" is standard input. Throws Failure when it cannot be read. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* isPipe(path) ? pipe(path) : file(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new Failure(`cannot read ${nameOf(path)}: ${reason(error)}`);
  }
}

function* file(path: string): Generator<Uint8Array, void, undefined> {
  const descriptor = openSync(path, "r");
  try {
    for (;;) {
      const bytes = new Uint8Array(CHUNK);
      const length = readSync(descriptor, bytes);
      if (length === 0) return;
      yield length < CHUNK ? bytes.slice(0, length) : bytes;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Not by a stream of files, whose thread would keep the process from ending while it waits. */
function pipe(path: string): AsyncIterable<Uint8Array> {
  if (path === "-") return process.stdin;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** All of it. */
export async function readBytes(path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of readChunks(path)) parts.push(part);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}
