// The command line as its users meet it, in a folder of its own. It is build/cli.js that runs: build first.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Test } from "uvu";
import * as assert from "uvu/assert";
import { toImageData } from "../src/image/planes.js";
import { scene } from "../src/image/scene.js";
import { encodePng } from "../src/pictures/png.js";

/** Quick: a small crop, few filters, few iterations. */
export const SMALL_LAYER = ["--crop", "16", "-k", "4", "--kernel", "3"];
export const SMALL = [...SMALL_LAYER, "--iterations", "3"];

export const FILES = [
  "original.png",
  "synthesis.png",
  "iht.png",
  "least-squares.png",
  "comparison.png",
  "report.html",
];

export function unpool(args: readonly string[], options: { input?: Uint8Array; env?: object } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["build/cli.js", ...args], {
    ...options,
    env: { ...process.env, ...options.env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** The same, with the bytes that it writes to standard output. */
export function unpoolBytes(args: readonly string[], input?: Uint8Array) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["build/cli.js", ...args], {
    input,
    maxBuffer: 2 ** 28,
  });
  return { status, stdout: new Uint8Array(stdout), stderr: stderr.toString() };
}

/** Refused with a status and one sentence that matches; nothing on standard output. Returns what was said. */
export function refused(
  status: number,
  args: readonly string[],
  sentence: RegExp,
  input?: Uint8Array,
): string {
  const result = unpoolBytes(args, input);
  assert.match(result.stderr, sentence, `${result.status} ${result.stderr}`);
  assert.match(result.stderr, /^unpool: [^\n]+\n$/);
  assert.is(result.status, status, result.stderr);
  assert.is(result.stdout.length, 0);
  return result.stderr;
}

/** A generated scene as a PNG. */
export function scenePng(width: number, height: number, seed = 1): Uint8Array {
  return encodePng(toImageData(scene(width, height, seed), width, height));
}

/** A folder that goes when the tests of a file have run, and a way to write a file there. */
export function workspace(test: Test) {
  const folder = mkdtempSync(join(tmpdir(), "unpool-"));
  test.after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  };
  return { folder, file };
}
