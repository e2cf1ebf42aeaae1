// From the compressed pixels of a PNG to planar rows: what is kept is two rows and a slice of compressed bytes.

import { Colours, unpack } from "./png-colours.js";
import { unfilter } from "./png-filters.js";
import * as format from "./png-format.js";
import { PixelBytes } from "./png-inflate.js";

/** Compressed pixels of a picture that is not interlaced in, planar rows out. */
export class PixelRows {
  readonly #name: string;
  readonly #header: format.Header;
  readonly #colours: Colours;
  readonly #pixels: PixelBytes;
  /** A filter byte and a row as far as it is there; and the row before it. */
  #line: Uint8Array;
  #above: Uint8Array;
  #filled = 0;
  #y = 0;
  readonly #samples: Uint8Array | Uint16Array;

  constructor(name: string, header: format.Header, palette?: Uint8Array, transparency?: Uint8Array) {
    this.#name = name;
    this.#header = header;
    this.#colours = new Colours(name, header, palette, transparency);
    this.#pixels = new PixelBytes(name, header);
    this.#line = new Uint8Array(1 + format.rowBytes(header));
    this.#above = new Uint8Array(this.#line.length);
    this.#samples = new (header.depth === 16 ? Uint16Array : Uint8Array)(header.width * header.channels);
  }

  /** @param compressed bytes of IDAT chunks. */
  *push(compressed: Uint8Array): Generator<Float32Array, void, undefined> {
    for (const bytes of this.#pixels.push(compressed)) yield* this.#rows(bytes);
  }

  *end(): Generator<Float32Array, void, undefined> {
    for (const bytes of this.#pixels.end()) yield* this.#rows(bytes);
  }

  *#rows(bytes: Uint8Array): Generator<Float32Array, void, undefined> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + this.#line.length - this.#filled);
      this.#line.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#line.length) yield this.#row();
    }
  }

  #row(): Float32Array {
    const { width, depth, channels } = this.#header;
    const row = this.#line.subarray(1);
    const step = Math.ceil((channels * depth) / 8);
    if (!unfilter(this.#line[0]!, row, this.#above.subarray(1), step)) {
      throw format.damaged(this.#name, `row ${this.#y} has filter ${this.#line[0]}, which there is not`);
    }
    const planar = new Float32Array(this.#colours.channels * width);
    this.#colours.convert(this.#samplesOf(row), this.#y, planar, 0, width);
    [this.#line, this.#above] = [this.#above, this.#line];
    this.#filled = 0;
    ++this.#y;
    return planar;
  }

  #samplesOf(row: Uint8Array): Uint8Array | Uint16Array {
    const { depth } = this.#header;
    const samples = this.#samples;
    if (depth === 8) return row;
    if (samples instanceof Uint8Array) unpack(row, depth, samples);
    else for (let i = 0; i < samples.length; ++i) samples[i] = 256 * row[2 * i]! + row[2 * i + 1]!;
    return samples;
  }
}
