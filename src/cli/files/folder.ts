// Folders that outputs go to.

import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Failure, reason } from "../failure.js";

/** Fails early, before anything is computed, when these files could not be written. */
export function checkTargets(paths: readonly string[]): void {
  for (const folder of new Set(paths.map((path) => dirname(path)))) checkFolder(folder);
  for (const path of paths) {
    if (stat(path)?.isDirectory()) {
      throw new Failure(`cannot write ${path}: a folder of that name is in the way`);
    }
  }
}

/** Fails when a folder could not be made, or not be written into. */
export function checkFolder(folder: string): void {
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
}

/** One level at a time: Node's recursive mkdir never returns for a folder below /proc. */
export function makeFolder(folder: string): void {
  if (stat(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // another worker was quicker
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** undefined: nothing is there. */
export function stat(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // below a file there is nothing; the file itself is found one step up
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw new Failure(`cannot write into ${path}: ${reason(error)}`);
  }
}
