// Arrays as NumPy keeps them in files: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

type Numbers = Float32Array | Uint8Array | Uint16Array | Uint32Array;

/** The host's byte order is little-endian, as WebAssembly's is: arrays are copied as they lie in memory. */
const DESCRIPTIONS = new Map<unknown, string>([
  [Float32Array, "<f4"],
  [Uint8Array, "|u1"],
  [Uint16Array, "<u2"],
  [Uint32Array, "<u4"],
]);

const MAGIC = "\x93NUMPY\x01\x00";
const ALIGNMENT = 64;

/** An array of this shape, row-major, as an .npy file. */
export function npy(array: Numbers, shape: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return file(DESCRIPTIONS.get(array.constructor)!, shape, bytes);
}

/** A text as an .npy file: an array without axes of one string, UTF-32. */
export function npyText(text: string): Uint8Array {
  const points = Uint32Array.from(text, (character) => character.codePointAt(0)!);
  return file(`<U${points.length}`, [], new Uint8Array(points.buffer));
}

function file(description: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  // a tuple of one has a comma too
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const entries = `{'descr': '${description}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // magic, version and length take 10 bytes; spaces and a line feed fill the header up, so that data is aligned
  const unaligned = MAGIC.length + 2 + entries.length + 1;
  const padding = (ALIGNMENT - (unaligned % ALIGNMENT)) % ALIGNMENT;
  const header = `${entries}${" ".repeat(padding)}\n`;
  const bytes = new Uint8Array(MAGIC.length + 2 + header.length + data.length);
  const write = (characters: string, at: number) => bytes.set(Buffer.from(characters, "latin1"), at);
  write(MAGIC, 0);
  new DataView(bytes.buffer).setUint16(MAGIC.length, header.length, true);
  write(header, MAGIC.length + 2);
  bytes.set(data, MAGIC.length + 2 + header.length);
  return bytes;
}
