// The frame of a file: magic number and version, then sections. A section is its type (1 byte), the length of its payload
// (4 bytes), the payload, and the CRC-32 of all that (4 bytes).

import { Reader, Writer } from "./bytes.js";
import { crc32 } from "./crc32.js";
import { invalidFile } from "./refuse.js";

/**
 * A byte that is no ASCII, UNP, CR LF, control-Z, LF: as of PNG, what a transfer as text would change or cut off.
 */
export const MAGIC = Uint8Array.of(0x89, 0x55, 0x4e, 0x50, 0x0d, 0x0a, 0x1a, 0x0a);
export const VERSION = 1;

/** Types of sections: letters, so that a dump shows them. */
export const HEAD = 0x48; // H
export const CODE = 0x43; // C
export const END = 0x45; // E

const FRONT = 5;
const CRC = 4;

/** What a reader needs next: so many bytes, of what. */
export interface Need {
  readonly length: number;
  readonly what: string;
}

/** A reader that says what it needs, is given it, and ends with a result: for sources that answer at once, and others. */
export type Steps<T> = Generator<Need, T, Uint8Array<ArrayBuffer>>;

/** The bytes before the first section. */
export function front(): Uint8Array<ArrayBuffer> {
  const to = new Writer(MAGIC.length + 2);
  to.put(MAGIC);
  to.u16(VERSION);
  return to.bytes;
}

export function* readFront(): Steps<void> {
  const bytes = yield { length: MAGIC.length + 2, what: "the magic number and the version" };
  const at = MAGIC.findIndex((byte, i) => bytes[i] !== byte);
  if (at >= 0) {
    throw invalidFile(
      at < 4
        ? `this is no .unp file: byte ${at} is ${bytes[at]}, not ${MAGIC[at]}`
        : `byte ${at} is ${bytes[at]}, not ${MAGIC[at]}: the file was changed on its way, as by a transfer as text`,
    );
  }
  const version = bytes[8]! + 256 * bytes[9]!;
  if (version === VERSION) return;
  throw invalidFile(
    version === 0
      ? `the file says version 0; versions begin at ${VERSION}`
      : `the file is of version ${version}, and this reader knows version ${VERSION}: take a newer unpool`,
  );
}

/** A whole section. */
export function section(type: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const to = new Writer(FRONT + payload.length + CRC);
  to.u8(type);
  to.u32(payload.length);
  to.put(payload);
  to.u32(crc32(to.bytes.subarray(0, FRONT + payload.length)));
  return to.bytes;
}

/**
 * The payload of a section.
 * @param what for messages: which one.
 * @param most bytes that it can have.
 */
export function* readSection(type: number, what: string, most: number): Steps<Uint8Array<ArrayBuffer>> {
  const start = yield { length: FRONT, what };
  const from = new Reader(start, what);
  const [found, length] = [from.u8(), from.u32()];
  if (found !== type) throw invalidFile(`${name(found)} stands where ${what} should, ${name(type)}`);
  if (length > most) throw invalidFile(`${what} is ${length} bytes long; by the head it is at most ${most}`);
  const rest = yield { length: length + CRC, what };
  const payload = rest.subarray(0, length);
  const stored = new Reader(rest.subarray(length), what).u32();
  const computed = crc32(payload, crc32(start));
  if (stored !== computed) {
    throw invalidFile(`${what} is damaged: its CRC-32 is ${hex(computed)} and the file says ${hex(stored)}`);
  }
  return payload;
}

function name(type: number): string {
  return type === CODE || type === END || type === HEAD
    ? `a section "${String.fromCharCode(type)}"`
    : `a section of the unknown type ${type}`;
}

function hex(number: number): string {
  return number.toString(16).padStart(8, "0");
}
