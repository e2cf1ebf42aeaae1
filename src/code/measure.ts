// What the bytes of a code section are for.

import { size } from "../network/spec.js";
import { bitBytes } from "./bits.js";
import { EVERY, maximaCount, SOME, unpackBody, WHERE_VALUES_ARE } from "./body.js";
import { Reader } from "./bytes.js";
import { inflate } from "./deflate.js";
import { type CodeHeader, checkHead, mostCodeBytes } from "./head.js";
import { readMask } from "./mask.js";
import { BITS, type StoredFormat } from "./quantise.js";
import { invalidFile } from "./refuse.js";
import type { CodeShape } from "./shape.js";

/** Bytes of a section, before they were compressed. */
export interface SectionParts {
  values: number;
  switches: number;
  /** Which values and switches are stored. */
  masks: number;
  /** How large the values of each plane are. */
  scales: number;
  /** All else: noise, methods, widths. */
  rest: number;
}

export interface MeasuredSection {
  parts: SectionParts;
  /** Values that are 0, stored or not. */
  zeros: number;
  noise: number;
}

/**
 * Reads a section, as readSections hands it over, as far as unpackCode does.
 * @throws UnpoolError "invalid-file".
 */
export async function measureSection(
  payload: Uint8Array<ArrayBuffer>,
  header: CodeHeader,
  index: number,
): Promise<MeasuredSection> {
  const { shape, ...head } = checkHead(header);
  const where = `code section ${index}`;
  let body = payload;
  if (header.deflate) {
    const length = new Reader(payload, where).u32();
    if (length > mostCodeBytes({ shape, ...head })) throw invalidFile(`${where} inflates to ${length} bytes`);
    body = await inflate(payload.subarray(4), length, where);
  }
  const { code, noise } = unpackBody(body, shape, header.values, header.kind, where);
  const zeros = code.values.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
  return { parts: partsOf(body, shape, header.values, where), zeros, noise };
}

/** Of a body that was read without refusal. */
function partsOf(body: Uint8Array, shape: CodeShape, format: StoredFormat, where: string): SectionParts {
  const from = new Reader(body, where);
  const parts: SectionParts = { values: 0, switches: 0, masks: 0, scales: 0, rest: 0 };
  const took = <T>(name: keyof SectionParts, read: () => T): T => {
    const before = from.at;
    const value = read();
    parts[name] += from.at - before;
    return value;
  };
  took("rest", () => from.f64());
  took("scales", () => from.take(4 * maximaCount(shape, format)));
  const mask = took("masks", () => readMask(from, size(shape.values)));
  took("values", () => from.take(bitBytes(mask.count, BITS[format])));
  for (const { count } of shape.switches) {
    const method = took("rest", () => from.u8());
    if (method !== EVERY) took("rest", () => from.u32());
    const own = method === SOME ? took("masks", () => readMask(from, count)) : { count };
    const { count: stored } = method === WHERE_VALUES_ARE ? mask : own;
    const bits = took("rest", () => from.u8());
    took("switches", () => from.take(bitBytes(stored, bits)));
  }
  return parts;
}
