// What both formats have in common: the caller's bytes, and numbers of any width as float32.

import { UnpoolError } from "../errors.js";
import { show } from "../geometry.js";

/** Numbers as they were stored, as float32. */
export interface Tensor {
  /** The type as the file names it, e.g. "BF16" (safetensors) or "<f8" (NumPy). */
  dtype: string;
  /** Sizes, outermost first; filters are out x in x height x width (OIHW). [] is a single number. */
  shape: readonly number[];
  /** Row-major: the last index runs fastest. A copy, of product(shape) numbers. */
  data: Float32Array;
}

/** How elements are stored, by the names of safetensors: floats of 16 bits as their bits. */
export const STORED = new Map(
  Object.entries({
    F32: Float32Array,
    F16: Uint16Array,
    BF16: Uint16Array,
    F64: Float64Array,
    I8: Int8Array,
    U8: Uint8Array,
    I16: Int16Array,
    U16: Uint16Array,
    I32: Int32Array,
    U32: Uint32Array,
    I64: BigInt64Array,
    U64: BigUint64Array,
  }),
);

const DECODERS = new Map([
  ["F16", fromHalf],
  ["BF16", (bits: number) => fromBits(bits << 16)],
]);

const HOST_IS_BIG_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

const number = new Float32Array(1);
const word = new Uint32Array(number.buffer);

function fromBits(bits: number): number {
  word[0] = bits;
  return number[0]!;
}

/** Half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function fromHalf(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const size = (bits & 0x7fff) << 13;
  // infinity and NaN; all else has an exponent that is 112 less than float32 writes it, subnormal numbers too
  return size >= 0x7c00 << 13 ? fromBits(sign | 0x7f800000 | size) : fromBits(sign | size) * 2 ** 112;
}

/**
 * The caller's bytes, not copied.
 * @param format what the bytes should be, for the refusal.
 */
export function bytesOf(bytes: unknown, format: string): Uint8Array {
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // by the tag, which holds across realms where instanceof does not
  if (Object.prototype.toString.call(bytes) === "[object ArrayBuffer]") {
    return new Uint8Array(bytes as ArrayBuffer);
  }
  throw invalid(
    `the bytes of a ${format} file are ${show(bytes)}; they must be a Uint8Array or an ArrayBuffer`,
  );
}

/**
 * The header of `length` bytes, as the file says it.
 * @param start of the header in the file.
 */
export function headerOf(file: Uint8Array, start: number, length: bigint | number, most: number): Uint8Array {
  if (length > most) throw invalid(`the header is said to have ${length} bytes; at most ${most} are allowed`);
  if (length > file.length - start) {
    throw invalid(`the header is said to have ${length} bytes; only ${file.length - start} follow`);
  }
  return file.subarray(start, start + Number(length));
}

export function product(shape: readonly number[]): number {
  return shape.reduce((so, size) => so * size, 1);
}

/**
 * Reads as many elements as the bytes hold; their number was checked against the shape before.
 * @param type a key of STORED.
 * @param name of the tensor, for refusals.
 */
export function readElements(bytes: Uint8Array, type: string, name: string, bigEndian = false): Float32Array {
  const StoredArray = STORED.get(type)!;
  const copy = bytes.slice();
  // typed arrays have the host's order of bytes
  if (bigEndian !== HOST_IS_BIG_ENDIAN) {
    const { BYTES_PER_ELEMENT: size } = StoredArray;
    for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  }
  const stored = new StoredArray(copy.buffer);
  const decode = DECODERS.get(type);
  const whole = !type.includes("F");
  const data = stored instanceof Float32Array ? stored : new Float32Array(stored.length);
  for (let i = 0; i < data.length; ++i) {
    const value = decode ? decode(stored[i] as number) : stored[i]!;
    data[i] = Number(value);
    const rounded = data[i]!;
    if (!Number.isFinite(rounded)) {
      const wanted = Number.isFinite(value) ? "float32 ends at 3.4e38" : "every number must be finite";
      throw new UnpoolError("not-finite", `element ${i} of ${name} is ${value}; ${wanted}`);
    }
    // numbers and big integers compare exactly
    if (whole && (value < rounded || value > rounded)) {
      throw invalid(`element ${i} of ${name} is ${value}, a whole number that float32 cannot hold`);
    }
  }
  return data;
}

export function invalid(message: string, cause?: unknown): UnpoolError {
  return new UnpoolError("invalid-weights", message, cause === undefined ? undefined : { cause });
}
