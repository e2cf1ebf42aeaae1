// Where the bytes of a file come from: all there, or in chunks of any size.

import { describe, typeName } from "../check.js";
import { UnpoolError } from "../errors.js";
import { type Limits, within } from "./limits.js";
import { invalidFile } from "./refuse.js";

/** Bytes, a stream of them, or anything that yields them. */
export type Source = Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Bytes in their order. What is taken is the taker's own. */
export interface Bytes {
  /** Just so many. @param what for messages: what they are. */
  take(length: number, what: string): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
  /** Whether there are no more. */
  ended(): boolean | Promise<boolean>;
  /** Ends a stream that is not needed any further. */
  close(): void;
}

/** Room that is made before any of it is filled, at most: a length is only what a file says. */
const FIRST_ROOM = 65536;

/** Throws UnpoolError "invalid-input": something else. */
export function bytesOf(source: Source, limits: Required<Limits>): Bytes {
  if (typeName(source) === "Uint8Array") return new WholeBytes(source as Uint8Array, limits);
  if (typeof (source as ReadableStream)?.getReader === "function") {
    return new ChunkedBytes(chunksOf(source as ReadableStream<Uint8Array>), limits);
  }
  if (typeof (source as AsyncIterable<Uint8Array>)?.[Symbol.asyncIterator] === "function") {
    return new ChunkedBytes((source as AsyncIterable<Uint8Array>)[Symbol.asyncIterator](), limits);
  }
  throw new UnpoolError(
    "invalid-input",
    `the file is ${describe(source)}; it must be a Uint8Array, or a ReadableStream or AsyncIterable of them`,
  );
}

function truncated(at: number, what: string): UnpoolError {
  return invalidFile(`the file ends at byte ${at}, before the end of ${what}`);
}

/** A file that is all there. */
export class WholeBytes implements Bytes {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array, limits: Required<Limits>) {
    if (typeName(bytes) !== "Uint8Array") {
      throw new UnpoolError("invalid-input", `the file is ${describe(bytes)}; it must be a Uint8Array`);
    }
    within(limits, "bytes", bytes.length, "bytes of the file");
    this.#bytes = bytes;
  }

  take(length: number, what: string): Uint8Array<ArrayBuffer> {
    if (this.#at + length > this.#bytes.length) throw truncated(this.#bytes.length, what);
    const taken = new Uint8Array(length);
    taken.set(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return taken;
  }

  ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  close(): void {}
}

class ChunkedBytes implements Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #limits: Required<Limits>;
  /** Of the chunk that came last, what was not taken. */
  #rest: Uint8Array = new Uint8Array();
  /** Bytes that came. */
  #received = 0;
  #ended = false;

  constructor(chunks: AsyncIterator<Uint8Array>, limits: Required<Limits>) {
    this.#chunks = chunks;
    this.#limits = limits;
  }

  async take(length: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
    let taken = new Uint8Array(Math.min(length, FIRST_ROOM));
    for (let have = 0; have < length; ) {
      if (this.#rest.length === 0 && !(await this.#receive())) throw truncated(this.#received, what);
      const part = this.#rest.subarray(0, length - have);
      if (have + part.length > taken.length) {
        const longer = new Uint8Array(Math.min(length, Math.max(2 * taken.length, have + part.length)));
        longer.set(taken.subarray(0, have));
        taken = longer;
      }
      taken.set(part, have);
      this.#rest = this.#rest.subarray(part.length);
      have += part.length;
    }
    return taken;
  }

  async ended(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#receive());
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    // not waited for: a source that never answers must not hold up a refusal
    const end = async () => this.#chunks.return?.();
    end().catch(() => {});
  }

  /** The next bytes, at least one; false at the end. */
  async #receive(): Promise<boolean> {
    while (this.#rest.length === 0) {
      if (this.#ended) return false;
      const { done, value } = await this.#chunks.next();
      if (done) {
        this.#ended = true;
        return false;
      }
      if (typeName(value) !== "Uint8Array") {
        throw new UnpoolError(
          "invalid-input",
          `a chunk of the file is ${describe(value)}; it must be a Uint8Array`,
        );
      }
      this.#received += value.length;
      within(this.#limits, "bytes", this.#received, "bytes of the file so far");
      this.#rest = value;
    }
    return true;
  }
}

/** Not every host's streams can be iterated. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  if (stream.locked) throw new UnpoolError("invalid-input", "the stream of the file has another reader");
  const reader = stream.getReader();
  let ended = false;
  try {
    while (!ended) {
      const { done, value } = await reader.read();
      if (done) ended = true;
      else yield value;
    }
  } finally {
    if (!ended) reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}
