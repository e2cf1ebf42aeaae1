// A workerd of its own for one Worker: without Miniflare, whose proxy is a Worker in the same process and would be
// measured, too.

import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BUILD = fileURLToPath(new URL("../../build/", import.meta.url));
const PATIENCE = 20_000;
/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10;

/** The binary itself, by the package's own word: its bin/workerd may be a script that starts it, another process. */
const { default: binary, version } = createRequire(import.meta.url)("workerd");
export const workerdVersion = version;

/** Serves the service as built; `script` is the Worker's main module, `v8Flags` are the engine's. */
export async function serve(script = `export { default } from "./edge.workerd.js";`, v8Flags = []) {
  const folder = mkdtempSync(join(tmpdir(), "unpool-workerd-"));
  for (const file of ["edge.workerd.js", "kernel.wasm"]) copyFileSync(join(BUILD, file), join(folder, file));
  writeFileSync(join(folder, "main.js"), script);
  const port = await freePort();
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .service)],
  v8Flags = ${JSON.stringify(v8Flags)},
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const service :Workerd.Worker = (
  modules = [
    (name = "main.js", esModule = embed "main.js"),
    (name = "edge.workerd.js", esModule = embed "edge.workerd.js"),
    (name = "kernel.wasm", wasm = embed "kernel.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
`,
  );
  const child = spawn(binary, ["serve", join(folder, "config.capnp")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise((done) => child.on("exit", done));
  const url = `http://127.0.0.1:${port}/`;
  await untilItAnswers(new URL("health", url), child);
  return {
    url,
    /** User and system time so far, in milliseconds. */
    cpu: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return TICK_MS * (Number(fields[11]) + Number(fields[12]));
    },
    /** Resident memory in MiB: "VmRSS" now, "VmHWM" at its highest. */
    memory: (what) => {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, "m").exec(status)[1]) / 1024;
    },
    async stop() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

async function untilItAnswers(url, child) {
  const until = performance.now() + PATIENCE;
  while (performance.now() < until && child.exitCode === null) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return response.text();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill();
  throw new Error("workerd does not answer");
}
