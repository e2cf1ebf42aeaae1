// Bytes with a place in them, little-endian. Whole numbers of unknown size are varints: 7 bits a byte, the lowest first,
// the top bit set in all bytes but the last.

import type { UnpoolError } from "../errors.js";
import { invalidFile } from "./refuse.js";

/** A varint holds whole numbers under 2^32, in at most 5 bytes. */
const MOST_VARINT_BYTES = 5;

export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) ++bytes;
  return bytes;
}

/** The parts one after the other. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** So many bytes, written from their beginning. */
export class Writer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView<ArrayBuffer>;
  #length = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  u8(value: number): void {
    this.#view.setUint8(this.#advance(1), value);
  }

  u16(value: number): void {
    this.#view.setUint16(this.#advance(2), value, true);
  }

  u32(value: number): void {
    this.#view.setUint32(this.#advance(4), value, true);
  }

  f32(value: number): void {
    this.#view.setFloat32(this.#advance(4), value, true);
  }

  f64(value: number): void {
    this.#view.setFloat64(this.#advance(8), value, true);
  }

  varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.u8((rest & 127) | 128);
    this.u8(rest);
  }

  put(bytes: Uint8Array): void {
    this.take(bytes.length).set(bytes);
  }

  /** The next bytes, for somebody else to write. */
  take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.bytes.subarray(at, at + length);
  }

  #advance(length: number): number {
    const at = this.#length;
    this.#length += length;
    return at;
  }
}

/** Bytes read from their beginning; what is not there is refused. */
export class Reader {
  /** Bytes that were read. */
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #where: string;

  /** @param where for messages: what the bytes are. */
  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#where = where;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** In as few bytes as it takes. */
  varint(): number {
    let value = 0;
    for (let i = 0; i < MOST_VARINT_BYTES; ++i) {
      const byte = this.u8();
      value += (byte & 127) * 2 ** (7 * i);
      if (byte >= 128) continue;
      if (i > 0 && byte === 0) throw this.bad("a varint ends with a byte of 0, which says nothing");
      if (value >= 2 ** 32) throw this.bad(`a varint is ${value}; it must be under 2^32`);
      return value;
    }
    throw this.bad(`a varint is longer than ${MOST_VARINT_BYTES} bytes`);
  }

  /** A view of the next bytes. */
  take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Refuses bytes that were not read. */
  end(): void {
    const left = this.#bytes.length - this.at;
    if (left > 0) throw this.bad(`${left} bytes are left over`);
  }

  /** A refusal that says where the reader stands. */
  bad(message: string): UnpoolError {
    return invalidFile(`${this.#where}, at its byte ${this.at}: ${message}`);
  }

  #advance(length: number): number {
    const at = this.at;
    if (at + length > this.#bytes.length) {
      throw this.bad(`${length} bytes are missing of which ${this.#bytes.length - at} are there`);
    }
    this.at += length;
    return at;
  }
}
