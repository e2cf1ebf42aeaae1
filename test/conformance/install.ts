// The hosts that npm brings, installed into build/ when they are not there: `npm test` stays two commands.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const HOSTS = "build/hosts";
const ARM64 = "build/hosts-arm64";

/** Node, Deno, Bun, workerd, edge-runtime and the driver of browsers, for this machine. */
export function installHosts(): void {
  install("test/conformance", HOSTS);
}

/** Node and Deno for arm64 Linux, whatever this machine is. */
export function installArm64Hosts(): void {
  install("test/conformance/arm64", ARM64, "--os=linux", "--cpu=arm64", "--libc=glibc");
}

/** The first of these files of packages that is installed for this machine. */
export function packaged(...files: string[]): string | undefined {
  return files.map((file) => resolve(HOSTS, "node_modules", file)).find((path) => existsSync(path));
}

/** A file of a package that is installed for arm64 Linux. */
export function packagedForArm64(file: string): string | undefined {
  const path = resolve(ARM64, "node_modules", file);
  return existsSync(path) ? path : undefined;
}

/** A module of an installed package. */
export function load(name: string): unknown {
  return createRequire(resolve(HOSTS, "package.json"))(name);
}

function install(from: string, to: string, ...flags: string[]): void {
  const files = ["package.json", "package-lock.json"] as const;
  const same = (name: string) =>
    existsSync(join(to, name)) && readFileSync(join(to, name)).equals(readFileSync(join(from, name)));
  // npm writes the hidden lock last
  if (files.every(same) && existsSync(join(to, "node_modules/.package-lock.json"))) return;
  mkdirSync(to, { recursive: true });
  for (const name of files) copyFileSync(join(from, name), join(to, name));
  // the binaries are in the packages: no script needs to run
  const command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", to, ...flags];
  try {
    execFileSync("npm", command, { stdio: "pipe", shell: process.platform === "win32" });
  } catch (error) {
    // the table says what is then missing
    process.stderr.write(`npm ${command.join(" ")} failed: ${(error as { stderr?: Buffer }).stderr}\n`);
  }
}
