// Files written whole or not at all, at once or piece by piece.

import { Failure, reason } from "../failure.js";
import { Temporary } from "./temporary.js";

export interface OutputFile {
  path: string;
  bytes: Uint8Array | string;
}

/** Whether these paths of outputs stand for standard output. */
export const toStandardOutput = ([path]: readonly string[]): boolean => path === "-";

export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Writes all files or none: each beside its target first, then all are renamed.
 * Who calls it sees to it that nothing ends the process meanwhile: see interruption.ts.
 */
export function writeFiles(files: readonly OutputFile[]): void {
  const temporaries: Temporary[] = [];
  let path = "";
  try {
    for (const file of files) {
      path = file.path;
      const temporary = new Temporary(path);
      temporaries.push(temporary);
      temporary.write(typeof file.bytes === "string" ? Buffer.from(file.bytes) : file.bytes);
      temporary.finish();
    }
    files.forEach((file, i) => {
      path = file.path;
      temporaries[i]!.rename();
    });
  } catch (error) {
    for (const temporary of temporaries) temporary.discard();
    throw new Failure(`cannot write ${path}: ${reason(error)}`);
  }
}

/** So many bytes are gathered before a file is begun, and before each write. */
const GATHERED = 2 ** 18;

/**
 * Writes a file piece by piece: it bears its name once it is whole. Nothing is begun before there is much to write.
 * @param step runs each access to the disk: what must not be cut short, and all that happens between two is.
 * @returns its length in bytes.
 */
export async function writeChunks(
  path: string,
  chunks: Chunks,
  step: (run: () => void) => void | Promise<void>,
): Promise<number> {
  let temporary: Temporary | undefined;
  const disk = (run: () => void) =>
    step(() => {
      try {
        run();
      } catch (error) {
        throw new Failure(`cannot write ${path}: ${reason(error)}`);
      }
    });
  let length = 0;
  let gathered: Uint8Array[] = [];
  let size = 0;
  const flush = () => {
    temporary ??= new Temporary(path);
    for (const bytes of gathered) temporary.write(bytes);
    gathered = [];
    size = 0;
  };
  try {
    for await (const chunk of chunks) {
      gathered.push(chunk);
      size += chunk.length;
      length += chunk.length;
      if (size >= GATHERED) await disk(flush);
    }
    await disk(() => {
      flush();
      temporary!.finish();
      temporary!.rename();
    });
  } catch (error) {
    await step(() => temporary?.discard());
    throw error;
  }
  return length;
}
