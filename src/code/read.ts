// From bytes to codes: all at once, or one after the other as they come.

import { UnpoolError } from "../errors.js";
import type { Code } from "../layer.js";
import type { NetworkCode } from "../network/network.js";
import { type StoredCode, unpackBody } from "./body.js";
import { Reader } from "./bytes.js";
import { inflate, mostDeflatedBytes } from "./deflate.js";
import { CODE, END, HEAD, readFront, readSection, type Steps } from "./frame.js";
import { type CodeHeader, checkHead, type Head, mostCodeBytes } from "./head.js";
import { type Limits, limitsOf, within } from "./limits.js";
import { MOST_HEAD_BYTES, unpackHead } from "./record.js";
import { invalidFile } from "./refuse.js";
import { type Bytes, bytesOf, type Source, WholeBytes } from "./source.js";

/** A whole file. */
export interface CodeFile extends CodeHeader, StoredCode {
  /** Of the first tile, which of a file without tiles is all. */
  code: Code | NetworkCode;
  noise: number;
  /** Of all tiles, row by row. */
  codes: readonly StoredCode[];
}

/** Bytes before the compressed ones of a section: how many they inflate to. */
const INFLATED_LENGTH = 4;

/**
 * Reads a file of one code, or of some.
 * @throws UnpoolError "invalid-file": bytes that are no .unp of version 1, whatever else they are; "too-large": more than
 * the limits; "unsupported": compressed, and the host cannot inflate; "invalid-input": no bytes. Errors of the stream
 * itself pass through.
 */
export async function parse(source: Source, limits?: Limits): Promise<CodeFile> {
  const complete = limitsOf(limits);
  const from = bytesOf(source, complete);
  const all = contents(from, complete, unpack, true);
  const { header } = (await all.next()).value as Head;
  const codes: StoredCode[] = [];
  for await (const code of all) codes.push(code as StoredCode);
  return { ...header, ...codes[0]!, codes };
}

/** The same at once, of a file that is not compressed; "unsupported" if it is. */
export function parseSync(bytes: Uint8Array, limits?: Limits): CodeFile {
  const complete = limitsOf(limits);
  const from = new WholeBytes(bytes, complete);
  const run = <T>(steps: Steps<T>): T => {
    let step = steps.next();
    while (!step.done) step = steps.next(from.take(step.value.length, step.value.what));
    return step.value;
  };
  const head = run(readHead(complete));
  checkTotal(head, complete);
  if (head.header.deflate) {
    throw new UnpoolError("unsupported", "the file is compressed, which only parse and readCodes inflate");
  }
  const codes: StoredCode[] = [];
  for (let i = 0; i < head.header.tiles; ++i) codes.push(body(run(readCode(head, i)), head, nameOf(i)));
  run(readEnd());
  if (!from.ended()) throw trailing();
  return { ...head.header, ...codes[0]!, codes };
}

/**
 * Reads the header now and then one code at a time, so that memory holds one. What is wrong with a code, or behind the
 * last one, is thrown when its turn comes. The source is read to its end, or cancelled where the reading ends early.
 * @throws UnpoolError as parse.
 */
export async function readCodes(
  source: Source,
  limits?: Limits,
): Promise<{ header: CodeHeader; codes: AsyncGenerator<StoredCode, void, undefined> }> {
  const complete = limitsOf(limits);
  const codes = contents(bytesOf(source, complete), complete, unpack, false);
  const { header } = (await codes.next()).value as Head;
  return { header, codes: codes as AsyncGenerator<StoredCode, void, undefined> };
}

/**
 * As readCodes; the codes stay as they are packed, for unpackCode, here or in a worker: an array of its own each, to be
 * transferred. The CRC-32 of each is checked.
 */
export async function readSections(
  source: Source,
  limits?: Limits,
): Promise<{ header: CodeHeader; sections: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> }> {
  const complete = limitsOf(limits);
  const sections = contents(bytesOf(source, complete), complete, (payload) => payload, false);
  const { header } = (await sections.next()).value as Head;
  return { header, sections: sections as AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> };
}

/**
 * A code as readSections hands it over.
 * @param header of the same file; it may have come from another thread.
 * @param index of the code, for messages.
 */
export async function unpackCode(
  bytes: Uint8Array,
  header: CodeHeader,
  limits?: Limits,
  index = 0,
): Promise<StoredCode> {
  const head = checkHead(header);
  within(limitsOf(limits), "values", head.shape.numbers, "values and switches of a code");
  return unpack(bytes as Uint8Array<ArrayBuffer>, head, index);
}

async function unpack(payload: Uint8Array<ArrayBuffer>, head: Head, index: number): Promise<StoredCode> {
  const where = nameOf(index);
  if (!head.header.deflate) return body(payload, head, where);
  const from = new Reader(payload, where);
  const length = from.u32();
  const most = mostCodeBytes(head);
  if (length > most)
    throw from.bad(`it says that it inflates to ${length} bytes; it can have at most ${most}`);
  return body(await inflate(payload.subarray(from.at), length, where), head, where);
}

function body(bytes: Uint8Array, { header, shape }: Head, where: string): StoredCode {
  return unpackBody(bytes, shape, header.values, header.kind, where);
}

function nameOf(index: number): string {
  return `code section ${index}`;
}

/** The head, then what `take` makes of each code. */
async function* contents<T>(
  from: Bytes,
  limits: Required<Limits>,
  take: (payload: Uint8Array<ArrayBuffer>, head: Head, index: number) => T | Promise<T>,
  total: boolean,
): AsyncGenerator<Head | T, void, undefined> {
  const run = async <R>(steps: Steps<R>): Promise<R> => {
    let step = steps.next();
    while (!step.done) step = steps.next(await from.take(step.value.length, step.value.what));
    return step.value;
  };
  try {
    const head = await run(readHead(limits));
    if (total) checkTotal(head, limits);
    yield head;
    for (let i = 0; i < head.header.tiles; ++i) yield await take(await run(readCode(head, i)), head, i);
    await run(readEnd());
    if (!(await from.ended())) throw trailing();
  } finally {
    from.close();
  }
}

/** parse keeps every code. */
function checkTotal({ header, shape }: Head, limits: Required<Limits>): void {
  within(limits, "values", header.tiles * shape.numbers, "values and switches of all codes");
}

function* readHead(limits: Required<Limits>): Steps<Head> {
  yield* readFront();
  return unpackHead(yield* readSection(HEAD, "the head", MOST_HEAD_BYTES), limits);
}

function readCode(head: Head, index: number): Steps<Uint8Array<ArrayBuffer>> {
  const plain = mostCodeBytes(head);
  const most = head.header.deflate ? INFLATED_LENGTH + mostDeflatedBytes(plain) : plain;
  return readSection(CODE, nameOf(index), most);
}

function* readEnd(): Steps<void> {
  yield* readSection(END, "the end section", 0);
}

function trailing(): UnpoolError {
  return invalidFile("there are bytes behind the end section");
}
