// The safetensors format: https://huggingface.co/docs/safetensors (8 bytes of length, a JSON header, a buffer that the
// tensors cover without holes). All of it is checked before the first tensor is allocated.

import { show } from "../geometry.js";
import { bytesOf, headerOf, invalid, product, readElements, STORED, type Tensor } from "./tensor.js";

export interface Safetensors {
  /** The texts under "__metadata__"; {} where there are none. */
  metadata: Record<string, string>;
  /** By name, in the order of the header. */
  tensors: Map<string, Tensor>;
}

/** The little-endian length of the header that comes first. */
const LENGTH_BYTES = 8;
/** The reference implementation's limit. */
const LONGEST_HEADER = 100_000_000;
const METADATA = "__metadata__";

/** An entry of the header. */
interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  /** Bytes of the buffer, from `begin` to before `end`. */
  begin: number;
  end: number;
}

/**
 * Reads a .safetensors file: every tensor as float32. F64 is rounded; whole numbers must be exact.
 * @param bytes the whole file.
 * @throws UnpoolError "invalid-weights": a file that breaks the format, a type that is not supported.
 * "not-finite": NaN, an infinity, or a number beyond float32.
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer): Safetensors {
  const file = bytesOf(bytes, ".safetensors");
  if (file.length < LENGTH_BYTES) {
    throw invalid(`the file has ${file.length} bytes; the length of a safetensors header alone takes 8`);
  }
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  const text = headerOf(file, LENGTH_BYTES, length, LONGEST_HEADER);
  const header = parseHeader(text);
  const buffer = file.subarray(LENGTH_BYTES + text.length);
  const metadata = readMetadata(header[METADATA]);
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => readEntry(name, entry));
  checkCover(entries, buffer.length);
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    tensors.set(name, { dtype, shape, data: readElements(buffer.subarray(begin, end), dtype, title(name)) });
  }
  return { metadata, tensors };
}

function title(name: string): string {
  return `tensor ${show(name)}`;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw invalid("the header does not begin with {");
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    throw invalid(`the header is no JSON in UTF-8: ${(error as Error).message}`, error);
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw invalid(`the header has two entries named ${show(twice)}`);
  return header as Record<string, unknown>;
}

/** The first key that an object of this valid JSON has twice: JSON.parse would silently take the last. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  let quote = -1;
  let text = "";
  for (let i = 0; i < json.length; ++i) {
    const character = json[i];
    if (character === "\\") ++i;
    else if (character === '"') {
      if (quote >= 0) text = json.slice(quote, i + 1);
      quote = quote >= 0 ? -1 : i;
    } else if (quote >= 0) continue;
    else if (character === "{") open.push(new Set());
    else if (character === "}") open.pop();
    else if (character === ":") {
      const key: string = JSON.parse(text);
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readMetadata(metadata: unknown = {}): Record<string, string> {
  if (!isObject(metadata)) throw invalid(`${METADATA} is ${show(metadata)}; it must be an object of texts`);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      throw invalid(`${show(key)} in ${METADATA} is ${show(value)}; it must be a text`);
    }
  }
  return metadata as Record<string, string>;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readEntry(name: string, entry: unknown): Entry {
  if (!isObject(entry)) {
    throw invalid(`${title(name)} is ${show(entry)}; it must be an object of dtype, shape and data_offsets`);
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  const stored = STORED.get(dtype as string);
  if (!stored) {
    const known = [...STORED.keys()].join(", ");
    throw invalid(`the dtype of ${title(name)} is ${show(dtype)}; supported are ${known}`);
  }
  if (!(Array.isArray(shape) && shape.every(isCount))) {
    throw invalid(`the shape of ${title(name)} is ${JSON.stringify(shape)}; it must be whole numbers`);
  }
  if (!(Array.isArray(offsets) && offsets.length === 2 && offsets.every(isCount))) {
    throw invalid(
      `the data_offsets of ${title(name)} are ${JSON.stringify(offsets)}; they must be two whole numbers`,
    );
  }
  const [begin, end] = offsets as [number, number];
  const wanted = product(shape) * stored.BYTES_PER_ELEMENT;
  if (end - begin !== wanted) {
    throw invalid(
      `${title(name)} has bytes ${begin} to ${end}, ${end - begin} of them; ${dtype} of shape [${shape.join(", ")}] takes ${wanted}`,
    );
  }
  return { name, dtype: dtype as string, shape, begin, end };
}

/** One tensor must begin where the one before it ends, and the last must end with the buffer. */
function checkCover(entries: readonly Entry[], length: number): void {
  let covered = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const fault = begin < covered ? "overlaps the tensor before it" : "leaves a hole";
      throw invalid(
        `${title(name)} begins at byte ${begin} of the buffer and ${fault}, which ends at ${covered}`,
      );
    }
    covered = end;
  }
  if (covered !== length) {
    throw invalid(`the tensors take ${covered} bytes; the file has ${length} after its header`);
  }
}
