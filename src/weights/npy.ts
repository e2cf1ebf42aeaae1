// Arrays as NumPy keeps them in files: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { show } from "../geometry.js";
import { bytesOf, headerOf, invalid, product, readElements, STORED, type Tensor } from "./tensor.js";

const MAGIC = "\x93NUMPY";
/** NumPy's own limit. */
const LONGEST_HEADER = 10_000;

/** NumPy's names: order of bytes ("|" where there is one byte), kind, number of bytes. */
const DESCRIPTION = /^([<>|])([fiu])(\d)$/;

/**
 * An entry of the header, which is a Python dictionary: a key; a text, a truth value, a tuple of whole numbers (with an
 * L behind long ones, as Python 2 wrote them) or a list, the type of records; a comma.
 */
const ENTRY =
  /\s*(["'])(\w+)\1\s*:\s*("[^"]*"|'[^']*'|True|False|\((?:\s*\d+L?\s*(?:,|(?=\))))*\s*\)|\[.*\])\s*(?:,|(?=\}))/gy;
/** The entries there must be, and how their values begin. */
const KINDS = { descr: /^["'[]/, fortran_order: /^[TF]/, shape: /^\(/ };

/**
 * Reads an .npy file of format 1, 2 or 3 as float32, row-major; an array in Fortran's order is transposed to that.
 * float64 is rounded; whole numbers must be exact.
 * @param bytes the whole file.
 * @throws UnpoolError "invalid-weights": a file that breaks the format, a type that is not supported.
 * "not-finite": NaN, an infinity, or a number beyond float32.
 */
export function readNpy(bytes: Uint8Array | ArrayBuffer): Tensor {
  const file = bytesOf(bytes, ".npy");
  const { header, body } = split(file);
  const entries = parseHeader(new TextDecoder().decode(header));
  const dtype = entries.get("descr")!.replace(/^(['"])(.*)\1$/, "$2");
  const [, order, kind, size] = DESCRIPTION.exec(dtype) ?? [];
  const type = `${kind?.toUpperCase()}${8 * Number(size)}`;
  const stored = STORED.get(type);
  if (!stored) {
    throw invalid(
      `the array's descr is ${show(dtype)}; supported are f2, f4, f8, and i and u of 1 to 8 bytes`,
    );
  }
  const shape = (entries.get("shape")!.match(/\d+/g) ?? []).map(Number);
  const wanted = product(shape) * stored.BYTES_PER_ELEMENT;
  if (body.length !== wanted) {
    throw invalid(
      `the file has ${body.length} bytes after its header; ${dtype} of shape (${shape.join(", ")}) takes ${wanted}`,
    );
  }
  const data = readElements(body, type, "the array", order === ">");
  return { dtype, shape, data: entries.get("fortran_order") === "True" ? rowMajor(data, shape) : data };
}

/** The header, Latin-1 until version 3 and UTF-8 then: all that is not refused in it is ASCII. */
function split(file: Uint8Array): { header: Uint8Array; body: Uint8Array } {
  const magic = String.fromCharCode(...file.subarray(0, MAGIC.length));
  if (magic !== MAGIC) {
    throw invalid(`the file begins with ${show(magic)}; an .npy file begins with ${show(MAGIC)}`);
  }
  const version = file[MAGIC.length]!;
  if (![1, 2, 3].includes(version)) throw invalid(`the format's version is ${version}; 1, 2 and 3 are known`);
  // magic, two bytes of version, then the header's length in 2 bytes, or 4 since version 2
  const at = MAGIC.length + 2;
  const start = at + (version > 1 ? 4 : 2);
  if (file.length < start)
    throw invalid(`the file has ${file.length} bytes; ${start} come before its header`);
  const view = new DataView(file.buffer, file.byteOffset);
  const length = version > 1 ? view.getUint32(at, true) : view.getUint16(at, true);
  return { header: headerOf(file, start, length, LONGEST_HEADER), body: file.subarray(start + length) };
}

/** The three entries as text. */
function parseHeader(header: string): Map<string, string> {
  const entries = new Map<string, string>();
  const rest = header.slice(1).replace(ENTRY, (_, __, key: string, value: string) => {
    entries.set(key, value);
    return "";
  });
  const kinds = Object.entries(KINDS);
  const complete =
    entries.size === kinds.length && kinds.every(([key, kind]) => kind.test(entries.get(key) ?? ""));
  if (complete && header[0] === "{" && rest.trim() === "}") return entries;
  throw invalid(
    `the header is ${show(header.trim())}; it must be a dictionary of descr, fortran_order and shape`,
  );
}

/** From Fortran's order, where the first index runs fastest, to row-major. */
function rowMajor(data: Float32Array, shape: readonly number[]): Float32Array {
  const out = new Float32Array(data.length);
  const index = shape.map(() => 0);
  let stride = 1;
  const strides = shape.map((size) => {
    const own = stride;
    stride *= size;
    return own;
  });
  let from = 0;
  for (let i = 0; i < out.length; ++i) {
    out[i] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; --axis) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
