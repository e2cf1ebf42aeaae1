// Entity tags: of the request instead of the result, which it determines, so that they are known before the work.

import { UnpoolError } from "../errors.js";

/** Of package.json, and of build/kernel.wasm, in hex; put in by the build. */
declare const VERSION: string;
declare const KERNEL_SHA256: string;

export const version = VERSION;
export const kernelDigest = KERNEL_SHA256;

/**
 * The tag of what a request is answered.
 * @param work which path, and its parameters with all defaults filled in, as text.
 * @param weak for results whose bytes may differ from host to host, though not their meaning.
 */
export async function tagOf(work: string, body: Uint8Array<ArrayBuffer>, weak: boolean): Promise<string> {
  const whole = `unpool ${version} ${kernelDigest}\n${work}\n${await sha256(body)}`;
  return `${weak ? "W/" : ""}"${await sha256(new TextEncoder().encode(whole))}"`;
}

/** Whether the client has what this tag is of. Weak comparison: RFC 9110, 13.1.2. */
export function clientHas(request: Request, tag: string): boolean {
  const tags = request.headers.get("If-None-Match") ?? "";
  const opaque = (text: string) => text.trim().replace(/^W\//, "");
  return tags.split(",").some((candidate) => opaque(candidate) === opaque(tag));
}

/** SHA-256, in hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return [...(await digest(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** SHA-256, as bytes. */
export async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (!globalThis.crypto?.subtle) throw new UnpoolError("unsupported", "this host has no crypto.subtle");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
