// From codes to bytes: all at once, or one after the other.

import { describe, typeName } from "../check.js";
import { UnpoolError } from "../errors.js";
import type { LayerSpec } from "../geometry.js";
import type { Code } from "../layer.js";
import type { NetworkCode } from "../network/network.js";
import type { NetworkSpec } from "../network/spec.js";
import { packBody } from "./body.js";
import { concatenate, Writer } from "./bytes.js";
import { deflate } from "./deflate.js";
import { CODE, END, front, HEAD, section } from "./frame.js";
import { type CodeHeader, type Head, headOf, type Kind, type SerialiseOptions } from "./head.js";
import { packHead } from "./record.js";

export interface SectionOptions extends SerialiseOptions {
  /** Of the codes. Default "pooled". */
  kind?: Kind;
}

/**
 * A code as a file. Without `deflate` the same code gives the same bytes everywhere.
 * @param spec what createLayer or createNetwork took for the layer that made the code; of given arrays a SHA-256 is kept.
 * @throws UnpoolError "invalid-spec", "too-large", "invalid-option"; "invalid-code": a code of another layer, switches out
 * of range, values beyond float16; "not-finite"; "unsupported": the host cannot deflate.
 */
export async function serialise(
  code: Code | NetworkCode,
  spec: LayerSpec | NetworkSpec,
  options: SerialiseOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeCodes(spec, [code], options)) chunks.push(chunk);
  return concatenate(chunks);
}

/** The same at once, not compressed. */
export function serialiseSync(
  code: Code | NetworkCode,
  spec: LayerSpec | NetworkSpec,
  options: SerialiseOptions = {},
): Uint8Array<ArrayBuffer> {
  const { header, shape } = headOf(spec, options, kindOf(code));
  if (header.deflate) {
    throw new UnpoolError("invalid-option", "deflate is true, which only serialise and writeCodes do");
  }
  if (header.tiles !== 1) throw wrongCount(1, header);
  const payload = packBody(code, shape, header.values);
  return concatenate([
    front(),
    section(HEAD, packHead(header)),
    section(CODE, payload),
    section(END, NOTHING),
  ]);
}

/**
 * Codes as chunks of a file: first the head, then one a code, then the end.
 * @param codes as many as there are tiles, row by row, all of one kind; each is asked for when it is needed.
 * @throws UnpoolError as serialise; "invalid-code": too few or too many codes. Errors of `codes` pass through.
 */
export function writeCodes(
  spec: LayerSpec | NetworkSpec,
  codes: Iterable<Code | NetworkCode> | AsyncIterable<Code | NetworkCode>,
  options: SerialiseOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  return write(spec, codes, options, kindOf, pack);
}

/** As writeCodes, of codes that packCode has packed with the same specification and options. */
export function writeSections(
  spec: LayerSpec | NetworkSpec,
  sections: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: SectionOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  return write(spec, sections, options, () => options.kind ?? "pooled", payloadOf);
}

/** A code as writeSections takes it: an array of its own, to be transferred. */
export async function packCode(
  code: Code | NetworkCode,
  spec: LayerSpec | NetworkSpec,
  options: SerialiseOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return pack(code, headOf(spec, options, kindOf(code)));
}

const NOTHING = new Uint8Array();

async function* write<T>(
  spec: LayerSpec | NetworkSpec,
  items: Iterable<T> | AsyncIterable<T>,
  options: SerialiseOptions,
  kindOf: (item: T) => Kind,
  payload: (item: T, head: Head) => Uint8Array | Promise<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let head: Head | undefined;
  let count = 0;
  for await (const item of items) {
    const kind = kindOf(item);
    if (!head) {
      head = headOf(spec, options, kind);
      yield concatenate([front(), section(HEAD, packHead(head.header))]);
    }
    if (kind !== head.header.kind) {
      throw new UnpoolError(
        "invalid-code",
        `code ${count} is ${kind}; those before it are ${head.header.kind}`,
      );
    }
    if (++count > head.header.tiles) throw wrongCount(count, head.header);
    yield section(CODE, await payload(item, head));
  }
  const { header } = head ?? headOf(spec, options, "pooled");
  if (count < header.tiles) throw wrongCount(count, header);
  yield section(END, NOTHING);
}

async function pack(code: Code | NetworkCode, { header, shape }: Head): Promise<Uint8Array<ArrayBuffer>> {
  const body = packBody(code, shape, header.values);
  if (!header.deflate) return body;
  const deflated = await deflate(body);
  const to = new Writer(4 + deflated.length);
  to.u32(body.length);
  to.put(deflated);
  return to.bytes;
}

function payloadOf(bytes: Uint8Array): Uint8Array {
  if (typeName(bytes) === "Uint8Array") return bytes;
  throw new UnpoolError("invalid-input", `a section is ${describe(bytes)}; packCode makes a Uint8Array`);
}

function kindOf(code: Code | NetworkCode): Kind {
  return (code as Code)?.kind ?? "pooled";
}

function wrongCount(count: number, { tiles }: CodeHeader): UnpoolError {
  return new UnpoolError(
    "invalid-code",
    `there ${count < tiles ? `are ${count}` : "are more"} codes, and the image has ${tiles} tiles`,
  );
}
