// The compressed pixels of a PNG, inflated in small steps and counted against what the header announces.

import { type FlateError, FlateErrorCode, Unzlib } from "fflate";
import { invalid } from "./planar.js";
import { damaged, type Header, pixelBytes } from "./png-format.js";

/** So many compressed bytes at once: they may become a thousand times as many. */
const SLICE = 4096;

/** No byte of a DEFLATE stream becomes more: 258 bytes may take two bits. */
const MOST_EXPANSION = 1032;

/** Refuses a header that announces more pixels than so many compressed bytes can hold, before there is room for them. */
export function checkPlausible(name: string, header: Header, compressed: number): void {
  const expected = pixelBytes(header);
  if (expected > MOST_EXPANSION * compressed) {
    throw invalid(
      `${name} is truncated: ${compressed} compressed bytes cannot hold its ${expected} bytes of pixels`,
    );
  }
}

/**
 * Inflates as chunks come, however small, and refuses more bytes than announced, and less. Whatever follows the end of
 * the compressed pixels the codec keeps, and copies with every step: more than a slice of that is refused.
 */
export class PixelBytes {
  readonly #name: string;
  readonly #expected: number;
  readonly #slice = new Uint8Array(SLICE);
  readonly #inflate: Unzlib;
  #filled = 0;
  #compressed = 0;
  #found = 0;
  #after = 0;
  #inflated: Uint8Array[] = [];

  constructor(name: string, header: Header) {
    this.#name = name;
    this.#expected = pixelBytes(header);
    this.#inflate = new Unzlib((bytes) => this.#inflated.push(bytes));
  }

  /** @returns filtered rows as far as they come out, cut anywhere. */
  *push(compressed: Uint8Array): Generator<Uint8Array, void, undefined> {
    this.#compressed += compressed.length;
    for (let at = 0; at < compressed.length; ) {
      const part = compressed.subarray(at, at + SLICE - this.#filled);
      this.#slice.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === SLICE) yield* this.#step(false);
    }
  }

  /** Of the last bytes, and that all are there. */
  *end(): Generator<Uint8Array, void, undefined> {
    yield* this.#step(true);
    if (this.#found < this.#expected) {
      throw invalid(
        `${this.#name} is truncated: it holds ${this.#found} of ${this.#expected} bytes of pixels`,
      );
    }
  }

  *#step(last: boolean): Generator<Uint8Array, void, undefined> {
    const complete = this.#found === this.#expected;
    try {
      this.#inflate.push(this.#slice.slice(0, this.#filled), last);
    } catch (error) {
      if ((error as FlateError).code === FlateErrorCode.UnexpectedEOF) {
        throw invalid(
          `${this.#name} is truncated: its compressed pixels end early, after ${this.#compressed} bytes`,
        );
      }
      throw damaged(this.#name, (error as Error).message);
    }
    this.#filled = 0;
    for (const bytes of this.#inflated) this.#found += bytes.length;
    if (this.#found > this.#expected) {
      throw damaged(
        this.#name,
        `it holds more than the ${this.#expected} bytes of pixels that its header announces`,
      );
    }
    if (complete && ++this.#after > 2) {
      throw damaged(this.#name, `its compressed data goes on for over ${SLICE} bytes after the last pixel`);
    }
    yield* this.#inflated.splice(0);
  }
}
