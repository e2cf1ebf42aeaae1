// A file that is not finished: beside its target, hidden, named after it and the process that writes it.

import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { makeFolder } from "./folder.js";

export function temporaryOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
}

/** A file that comes to be piece by piece, and bears its name once it is whole. */
export class Temporary {
  readonly #target: string;
  readonly #path: string;
  #descriptor: number | undefined;

  constructor(target: string) {
    this.#target = target;
    this.#path = temporaryOf(target);
    makeFolder(resolve(dirname(target)));
    this.#descriptor = openSync(this.#path, "w");
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor!, bytes, at);
  }

  /** All of it is on the disk before it has its name, so that what has one is whole, even after a power cut. */
  finish(): void {
    fsyncSync(this.#descriptor!);
    this.#close();
  }

  rename(): void {
    renameSync(this.#path, this.#target);
  }

  discard(): void {
    this.#close();
    rmSync(this.#path, { force: true });
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** What this process has begun of these targets goes. */
export function removeTemporaries(targets: readonly string[]): void {
  for (const target of targets) rmSync(temporaryOf(target), { force: true });
}

/** What processes that are no more have left of these targets goes. */
export function removeLeftovers(targets: readonly string[]): void {
  const wanted = new Set(targets);
  for (const folder of new Set(targets.map((target) => dirname(target)))) {
    for (const entry of entriesOf(folder)) {
      const [, name, pid] = /^\.(.+)\.(\d+)\.tmp$/.exec(entry) ?? [];
      if (name !== undefined && wanted.has(join(folder, name)) && !isRunning(Number(pid))) {
        rmSync(join(folder, entry), { force: true });
      }
    }
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // there is none yet, or nothing can be written into it either
  }
}

/** Another process: what this one is said to have left is of an earlier one with its number. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
