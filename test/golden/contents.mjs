// Everything that a file holds, as JSON: arrays by their type, length and the SHA-256 of their little-endian bytes.
// read_unp.py prints the same.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const TYPES = { Float32Array: "f4", Uint8Array: "u1", Uint16Array: "u2", Uint32Array: "u4" };

function arrayOf(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return `${TYPES[array[Symbol.toStringTag]]} ${array.length} ${bytesToHex(sha256(bytes))}`;
}

/** @param {import("../../src/code/index.js").CodeFile} file */
export function contentsOf({ codes, code: _, noise: __, ...header }) {
  return JSON.parse(
    JSON.stringify({
      ...header,
      parameters: header.parameters.map((digest) => digest ?? null),
      codes: codes.map(({ code, noise }) => ({
        noise,
        values: arrayOf(code.values),
        switches: (Array.isArray(code.switches) ? code.switches : [code.switches]).map(arrayOf),
      })),
    }),
  );
}
