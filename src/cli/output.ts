// Files written whole or not at all.

import { accessSync, constants, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Failure, reason } from "./failure.js";

export interface OutputFile {
  name: string;
  bytes: Uint8Array | string;
}

/** Fails early, before anything is computed, when these files could not be written into the folder. */
export function checkFolder(folder: string, names: readonly string[]): void {
  let existing = resolve(folder);
  let found = stat(existing);
  while (!found) {
    existing = dirname(existing);
    found = stat(existing);
  }
  if (!found.isDirectory()) {
    throw new Failure(`cannot write into ${folder}: ${existing} is a file, not a folder`);
  }
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Failure(`cannot write into ${folder}: ${reason(error)}`);
  }
  for (const name of names) {
    if (stat(join(folder, name))?.isDirectory()) {
      throw new Failure(`cannot write ${join(folder, name)}: a folder of that name is in the way`);
    }
  }
}

/**
 * Writes all files or none: each beside its target first, then all are renamed. Returns their paths.
 * Who calls it sees to it that nothing ends the process meanwhile: see interruption.ts.
 */
export function writeFiles(folder: string, files: readonly OutputFile[]): string[] {
  const moves = files.map(({ name, bytes }) => ({
    bytes,
    target: join(folder, name),
    temporary: join(folder, `.${name}.${process.pid}.tmp`),
  }));
  let path = folder;
  try {
    makeFolder(resolve(folder));
    for (const { temporary, target, bytes } of moves) {
      path = target;
      writeFileSync(temporary, bytes);
    }
    for (const { temporary, target } of moves) {
      path = target;
      renameSync(temporary, target);
    }
  } catch (error) {
    for (const { temporary } of moves) rmSync(temporary, { force: true });
    throw new Failure(`cannot write ${path}: ${reason(error)}`);
  }
  return moves.map(({ target }) => target);
}

/** One level at a time: Node's recursive mkdir never returns for a folder below /proc. */
function makeFolder(folder: string): void {
  if (stat(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // another worker was quicker
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function stat(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // below a file there is nothing; the file itself is found one step up
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw new Failure(`cannot write into ${path}: ${reason(error)}`);
  }
}
