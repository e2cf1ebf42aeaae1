// What every host of the table is, and how the ones with a command line are run.

import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { bundle } from "../bundle.js";
import type { Digests } from "../program.js";

export interface Host {
  name: string;
  /** What of it runs the kernel, where not its own choice: one of the engine's compilers alone. For npm run conformance. */
  tier?: string;
  /** Who brings it: npm alone, or the system's packages. */
  from: "npm" | "system";
  /** How to get it, for those who have not. */
  get: string;
  cpu: string;
  /** The executable or module, or undefined where it is not installed. */
  find(): string | undefined;
  /** Runs the conformance program there. */
  run(found: string): Promise<Outcome>;
}

export interface Outcome {
  version: string;
  engine: string;
  digests: Digests;
}

/** The processor that hosts of this machine run on. */
export const CPU = { x64: "x86-64", arm64: "arm64" }[process.arch as string] ?? process.arch;

/** The first of these that is on the PATH, or an absolute path that exists. */
export function installed(...commands: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = commands.flatMap((command) =>
    command.startsWith("/") ? command : folders.map((folder) => join(folder, command)),
  );
  return paths.find(executable);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface Printed {
  versions: Record<string, string>;
  digests: Digests;
}

/** Runs `command`, its last argument the program, and reads what it printed. */
export async function print(
  [command, ...args]: [string, ...string[]],
  { runner = "print", env = {} }: { runner?: "print" | "print-scalar"; env?: Record<string, string> } = {},
): Promise<Printed> {
  const program = await bundle(runner);
  const { stdout } = await promisify(execFile)(command, [...args, program], {
    // before the limit of the file of tests that may wait for it
    timeout: 300_000,
    maxBuffer: 1e7,
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout);
}

/** "V8 15.0.245" of what Node and Deno say of their engine; further on they differ. */
export function v8(versions: Record<string, string>): string {
  return `V8 ${/^\d+\.\d+\.\d+/.exec(versions.v8 ?? "")?.[0]}`;
}
