// The service on its hosts, each a process of its own that is asked over loopback.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

const read = (file) => readFileSync(new URL(file, import.meta.url));

export const HOSTS = { node, workerd };

function versionOf(name) {
  return { [name]: JSON.parse(read(`../node_modules/${name}/package.json`)).version };
}

/** Resident memory of a process, MiB. */
function residentOf(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

/** Node's http, as in examples/node-http. */
async function node() {
  const child = spawn(
    process.execPath,
    ["--expose-gc", new URL("node-server.mjs", import.meta.url).pathname],
    {
      // it ends when this process does, whatever becomes of it
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const [line] = await once(child.stdout, "data");
  const url = String(line).trim();
  return {
    url,
    versions: versionOf("@remix-run/node-fetch-server"),
    async resident() {
      await (await fetch(new URL("/collect", url))).text();
      return residentOf(child.pid);
    },
    async stop() {
      child.kill();
      await once(child, "exit");
    },
  };
}

/** workerd, as wrangler starts it. */
async function workerd() {
  // read when Miniflare is loaded; gc() for ../workerd/settle.js
  process.env.MINIFLARE_WORKERD_V8_FLAGS = "--expose-gc";
  const { Miniflare } = await import("miniflare");
  const script = (path, file) => ({ type: "ESModule", path, contents: read(file).toString() });
  const host = new Miniflare({
    modules: [
      script("worker.js", "workerd/worker.js"),
      script("limits.js", "limits.mjs"),
      script("settle.js", "../workerd/settle.js"),
      script("edge.workerd.js", "../../build/edge.workerd.js"),
      { type: "CompiledWasm", path: "kernel.wasm", contents: read("../../build/kernel.wasm") },
    ],
    compatibilityDate: "2026-01-01",
    host: "127.0.0.1",
    port: 0,
  });
  const url = await host.ready;
  const [pid] = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
    .trim()
    .split(" ")
    .map(Number)
    .filter((child) => readFileSync(`/proc/${child}/comm`, "utf8").startsWith("workerd"));
  return {
    url,
    versions: versionOf("workerd"),
    async resident() {
      await (await fetch(new URL("/collect", url))).text();
      return residentOf(pid);
    },
    stop: () => host.dispose(),
  };
}
