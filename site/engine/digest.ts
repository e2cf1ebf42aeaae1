// The digest of planes, which is the same on every host.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** Hexadecimal SHA-256 of their bytes, float32, little-endian as WebAssembly's memory is. */
export function digestOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return bytesToHex(sha256(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)));
}
