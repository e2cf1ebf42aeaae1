// What was computed, kept until it is needed again: a run that was stopped goes on where it was.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFiles } from "../files.mjs";

/**
 * @typedef {{ folder: string, has: (name: string) => boolean, path: (name: string) => string,
 *   read: (name: string) => Buffer, write: (name: string, content: string | Uint8Array) => void,
 *   drop: (ending: string) => void }} Cache
 */

/**
 * The cache of one key, a folder of its own. Files in it are whole or not there. A key says all that the content depends on:
 * another key is another folder, so nothing that was made under another specification is ever found.
 * @param {string} root
 * @param {unknown} key plain JSON
 * @returns {Cache}
 */
export function openCache(root, key) {
  const text = JSON.stringify(key);
  const folder = join(root, createHash("sha256").update(text).digest("hex").slice(0, 24));
  const path = (name) => join(folder, name);
  return {
    folder,
    path,
    has: (name) => existsSync(path(name)),
    read: (name) => readFileSync(path(name)),
    write: (name, content) => writeFiles(folder, [{ name, text: content }]),
    drop: (ending) => {
      if (!existsSync(folder)) return;
      for (const name of readdirSync(folder)) if (name.endsWith(ending)) rmSync(path(name));
    },
  };
}

/** A digest of files, for keys: of the programs that made what is kept. @param {(string | URL)[]} files */
export function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}
