// Samples of a PNG as planes in [0, 1], whole or row by row: alpha over white, palettes, transparent colours.

import { damaged, type Header, planesOf } from "./png-format.js";

type Samples = ArrayLike<number>;

export class Colours {
  /** 3 are colours, 1 is grey. */
  readonly channels: 1 | 3;
  readonly #name: string;
  readonly #header: Header;
  /** Red, green, blue, one entry after the other, over white; empty without a palette. */
  readonly #palette: Float64Array;
  /** The one colour that is transparent in a picture without alpha, or none. */
  readonly #key: readonly number[] | undefined;

  /** @param palette and transparency: data of the chunks PLTE and tRNS, where there are such. */
  constructor(name: string, header: Header, palette?: Uint8Array, transparency?: Uint8Array) {
    this.#name = name;
    this.#header = header;
    this.channels = planesOf(header);
    const indexed = header.type === 3;
    this.#palette = indexed ? readPalette(name, palette, transparency) : new Float64Array();
    this.#key = indexed ? undefined : this.#readKey(transparency);
  }

  #readKey(transparency?: Uint8Array): number[] | undefined {
    const { type, channels } = this.#header;
    if (!transparency) return undefined;
    if (type > 3) throw damaged(this.#name, "it has both alpha and a transparent colour");
    if (transparency.length !== 2 * channels) {
      throw damaged(
        this.#name,
        `its transparent colour has ${transparency.length} bytes instead of ${2 * channels}`,
      );
    }
    return Array.from({ length: channels }, (_, c) => 256 * transparency[2 * c]! + transparency[2 * c + 1]!);
  }

  /**
   * Converts row y of the picture.
   * @param samples width x channels, one a number; with a palette its indices.
   * @param out receives channel c of column x at `at` + c * stride + x.
   */
  convert(samples: Samples, y: number, out: Float32Array, at: number, stride: number): void {
    if (this.#header.type === 3) {
      this.#lookUp(samples, y, out, at, stride);
      return;
    }
    const { width, channels: step, depth } = this.#header;
    const top = 2 ** depth - 1;
    for (let c = 0; c < this.channels; ++c) {
      const to = at + c * stride;
      for (let x = 0; x < width; ++x) {
        const alpha = this.#alphaAt(samples, x * step, top);
        out[to + x] = over(samples[x * step + c]! / top, alpha);
      }
    }
  }

  #alphaAt(samples: Samples, at: number, top: number): number {
    if (this.#header.channels > this.channels) return samples[at + this.channels]! / top;
    return this.#key?.every((value, c) => samples[at + c] === value) ? 0 : 1;
  }

  #lookUp(indices: Samples, y: number, out: Float32Array, at: number, stride: number): void {
    const { width } = this.#header;
    const colours = this.#palette.length / 3;
    for (let x = 0; x < width; ++x) {
      const index = indices[x]!;
      if (index >= colours) {
        throw damaged(this.#name, `pixel ${y * width + x} has colour ${index} of a palette of ${colours}`);
      }
      for (let c = 0; c < 3; ++c) out[at + c * stride + x] = this.#palette[3 * index + c]!;
    }
  }
}

/** A colour over white. */
function over(colour: number, alpha: number): number {
  return colour * alpha + (1 - alpha);
}

function readPalette(name: string, palette?: Uint8Array, transparency?: Uint8Array): Float64Array {
  if (!palette) throw damaged(name, "it has no palette before its pixels");
  if (palette.length === 0 || palette.length > 768 || palette.length % 3 !== 0) {
    throw damaged(name, `its palette has ${palette.length} bytes instead of 3 to 768, three a colour`);
  }
  const alphas = transparency ?? [];
  if (3 * alphas.length > palette.length) {
    throw damaged(name, `its palette of ${palette.length / 3} has ${alphas.length} transparent colours`);
  }
  return Float64Array.from(palette, (value, i) =>
    over(value / 255, (alphas[Math.floor(i / 3)] ?? 255) / 255),
  );
}

/** Samples of less than 8 bits, packed into the bytes of a row, as one byte each. */
export function unpack(packed: Uint8Array, depth: number, out: Uint8Array): void {
  const perByte = 8 / depth;
  for (let x = 0; x < out.length; ++x) {
    const shift = 8 - depth * ((x % perByte) + 1);
    out[x] = (packed[Math.floor(x / perByte)]! >> shift) & (2 ** depth - 1);
  }
}
