// Bytes that come in chunks of any size, asked for by number. Of what was not asked for, one chunk is kept at most.

import { concatenate } from "../code/bytes.js";

export class ByteReader {
  /** Bytes that were handed out. */
  position = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, or all that are left; they stay where they are. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#rest.length < count && (await this.#more()));
    return this.#rest.subarray(0, count);
  }

  /** The next `count` bytes, or all that are left. */
  async read(count: number): Promise<Uint8Array> {
    return this.#take(await this.peek(count));
  }

  /** The next `count` bytes as they come, or all that are left; whoever stops in between leaves the others. */
  async *pieces(count: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let left = count; left > 0; ) {
      if ((await this.peek(1)).length === 0) return;
      const piece = this.#take(this.#rest.subarray(0, left));
      left -= piece.length;
      yield piece;
    }
  }

  /** Fills an array. @returns how many bytes there were for it. */
  async fill(out: Uint8Array): Promise<number> {
    let filled = 0;
    for await (const piece of this.pieces(out.length)) {
      out.set(piece, filled);
      filled += piece.length;
    }
    return filled;
  }

  /** To be called when no more is wanted; the source may be at its end already. */
  async close(): Promise<void> {
    this.#rest = new Uint8Array();
    await this.#chunks.return?.();
  }

  #take(bytes: Uint8Array): Uint8Array {
    this.#rest = this.#rest.subarray(bytes.length);
    this.position += bytes.length;
    return bytes;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : concatenate([this.#rest, value]);
    return true;
  }
}
