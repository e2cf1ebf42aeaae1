// Files written whole or not at all.

import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes each file beside its target first; only when all are there are they renamed.
 * @param {string} folder made where it is not there
 * @param {{ name: string, text: string | Uint8Array }[]} files
 * @returns {string[]} their paths
 */
export function writeFiles(folder, files) {
  const moves = files.map(({ name, text }) => ({
    text,
    target: join(folder, name),
    temporary: join(folder, `.${name}.${process.pid}.tmp`),
  }));
  const begun = [];
  try {
    mkdirSync(folder, { recursive: true });
    for (const { temporary, text } of moves) {
      closeSync(openSync(temporary, "wx"));
      begun.push(temporary);
      writeFileSync(temporary, text);
    }
    for (const { temporary, target } of moves) renameSync(temporary, target);
  } catch (error) {
    for (const temporary of begun) rmSync(temporary, { force: true });
    throw new Failure(`cannot write into ${folder}: ${reasonOf(error)}`);
  }
  return moves.map(({ target }) => target);
}

/** One sentence for the user. */
export class Failure extends Error {}

/**
 * Why something failed. With `stack`, of a fault of the program where it happened: that is worth more than a sentence.
 * @param {unknown} error
 */
export function reasonOf(error, stack = false) {
  const { message, name, code, stack: trace } = /** @type {any} */ (error);
  const expected = error instanceof Failure || name === "UnpoolError" || typeof code === "string";
  return stack && !expected ? (trace ?? String(error)) : (message ?? String(error));
}
