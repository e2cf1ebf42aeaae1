// Files of filters, made by hand, as right or as wrong as a test wants them.

import * as assert from "uvu/assert";
import { npy } from "../src/cli/codes/npy.js";

export const base64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

/** A file of this header, as text or as an object, and this buffer. */
export function safetensors(header: unknown, buffer: ArrayLike<number> = []): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + buffer.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(buffer, 8 + text.length);
  return file;
}

/** A whole .safetensors file of float32 tensors. */
export function tensorsFile(tensors: Record<string, { shape: number[]; data: Float32Array }>): Uint8Array {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => {
      const offsets = [at, at + data.byteLength];
      at += data.byteLength;
      return [name, { dtype: "F32", shape, data_offsets: offsets }];
    }),
  );
  const buffer = Object.values(tensors).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return safetensors(header, Buffer.concat(buffer));
}

/** An .npy file of version 1 with this header. */
export function npyOf(header: string, body: ArrayLike<number> = []): Uint8Array {
  const text = Buffer.from(header, "latin1");
  return Uint8Array.from([
    ...Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    text.length & 255,
    text.length >> 8,
    ...text,
    ...Array.from(body),
  ]);
}

export const dictionary = (descr: string, shape: string, order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

export function refuses(read: () => unknown, words: RegExp, code = "invalid-weights"): void {
  try {
    read();
  } catch (error) {
    const { name, code: is, message } = error as Error & { code: string };
    assert.equal([name, is], ["UnpoolError", code], message);
    assert.match(message, words);
    return;
  }
  assert.unreachable(`accepted what should be refused with ${words}`);
}

export const SMALL = safetensors(
  { __metadata__: { a: "b" }, w: { dtype: "F32", shape: [2, 1], data_offsets: [0, 8] } },
  [0, 0, 128, 63, 0, 0, 0, 64],
);
export const SMALL_NPY = npy(Float32Array.of(1, 2), [2, 1]);
