// Raw DEFLATE (RFC 1951) by the host's own streams. Which hosts have them: docs/format.md.

import { UnpoolError } from "../errors.js";
import { concatenate } from "./bytes.js";
import { invalidFile } from "./refuse.js";

/** Bytes that are fed at once: they inflate to at most 1032 times as much, 16 MiB, before that can be stopped. */
const SLICE = 16384;

/** Bytes that some host may need for so many, whatever they are. */
export function mostDeflatedBytes(length: number): number {
  return length + Math.ceil(length / 4) + 64;
}

/** Throws UnpoolError "unsupported". */
export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const out: Uint8Array[] = [];
  await through(open("CompressionStream"), bytes, (chunk) => out.push(chunk));
  return concatenate(out);
}

/**
 * @param length of what comes out: just so many bytes, or it is refused, at the first that is too many.
 * @throws UnpoolError "invalid-file" or "unsupported".
 */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  length: number,
  where: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = open("DecompressionStream");
  const out = new Uint8Array(length);
  let have = 0;
  const refuse = (found: string) =>
    invalidFile(`${where}: ${found}; it says that it inflates to ${length} bytes`);
  try {
    await through(stream, bytes, (chunk) => {
      if (have + chunk.length > length) throw refuse("there are more bytes");
      out.set(chunk, have);
      have += chunk.length;
    });
  } catch (error) {
    if (error instanceof UnpoolError) throw error;
    throw invalidFile(`${where} does not inflate: ${error instanceof Error ? error.message : error}`);
  }
  if (have < length) throw refuse(`there are ${have} bytes`);
  return out;
}

function open(name: "CompressionStream" | "DecompressionStream"): CompressionStream | DecompressionStream {
  try {
    return new globalThis[name]("deflate-raw");
  } catch (error) {
    throw new UnpoolError(
      "unsupported",
      `this host has no ${name} for "deflate-raw"; files without deflate need none`,
      { cause: error },
    );
  }
}

/** Feeds a stream and takes what comes; whatever fails first ends both. */
async function through(
  { readable, writable }: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const feed = async () => {
    for (let at = 0; at < bytes.length; at += SLICE) await writer.write(bytes.subarray(at, at + SLICE));
    await writer.close();
  };
  const drain = async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) take(next.value);
  };
  const fed = feed();
  try {
    await Promise.all([fed, drain()]);
  } catch (error) {
    // what is on its way ends too, and is not waited for: some hosts never answer
    fed.catch(() => {});
    writer.abort(error).catch(() => {});
    reader.cancel(error).catch(() => {});
    throw error;
  }
}
