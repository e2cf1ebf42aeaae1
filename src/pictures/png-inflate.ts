// The compressed pixels of a PNG, inflated in small steps and counted against what the header announces.
//
// By pako, a port of zlib: it checks the sum at the end, ignores what follows, and takes a quarter of the time of
// fflate's Unzlib, which allocates 160 KB a step and copies all that follows the end with each.

import { Inflate } from "pako";
import { invalid } from "./planar.js";
import { damaged, type Header, pixelBytes } from "./png-format.js";

/** So many compressed bytes at once: they may become a thousand times as many. */
const SLICE = 4096;
/** No byte of a DEFLATE stream becomes more: 258 bytes may take two bits. */
const MOST_EXPANSION = 1032;
/** The codec's status where the compressed bytes end before they say so: Z_BUF_ERROR. */
const ENDS_EARLY = -5;

/** Refuses a header that announces more pixels than so many compressed bytes can hold, before there is room for them. */
export function checkPlausible(name: string, header: Header, compressed: number): void {
  const expected = pixelBytes(header);
  if (expected > MOST_EXPANSION * compressed) {
    throw invalid(
      `${name} is truncated: ${compressed} compressed bytes cannot hold its ${expected} bytes of pixels`,
    );
  }
}

/** Inflates as chunks come, and refuses more bytes than the header announces, and less. */
export class PixelBytes {
  readonly #name: string;
  readonly #expected: number;
  readonly #inflate = new Inflate({ windowBits: 15 }); // zlib's format, where the default takes gzip's, too
  #compressed = 0;
  #found = 0;
  #inflated: Uint8Array[] = [];

  constructor(name: string, header: Header) {
    this.#name = name;
    this.#expected = pixelBytes(header);
    this.#inflate.onData = (bytes) => {
      this.#found += bytes.length;
      this.#inflated.push(bytes);
    };
    this.#inflate.onEnd = () => {};
  }

  /** @returns filtered rows as far as they come out, cut anywhere. */
  *push(compressed: Uint8Array): Generator<Uint8Array, void, undefined> {
    this.#compressed += compressed.length;
    for (let at = 0; at < compressed.length; at += SLICE) {
      yield* this.#step(compressed.subarray(at, at + SLICE), false);
    }
  }

  /** @returns what is left, after which all are there. */
  *end(): Generator<Uint8Array, void, undefined> {
    yield* this.#step(new Uint8Array(), true);
    if (this.#found < this.#expected) {
      throw invalid(
        `${this.#name} is truncated: it holds ${this.#found} of ${this.#expected} bytes of pixels`,
      );
    }
  }

  *#step(compressed: Uint8Array, last: boolean): Generator<Uint8Array, void, undefined> {
    this.#inflate.push(compressed, last);
    const { err, msg } = this.#inflate;
    if (err === ENDS_EARLY) {
      throw invalid(
        `${this.#name} is truncated: its compressed pixels end early, after ${this.#compressed} bytes`,
      );
    }
    if (err !== 0) throw damaged(this.#name, msg);
    if (this.#found > this.#expected) {
      throw damaged(
        this.#name,
        `it holds more than the ${this.#expected} bytes of pixels that its header announces`,
      );
    }
    yield* this.#inflated.splice(0);
  }
}
