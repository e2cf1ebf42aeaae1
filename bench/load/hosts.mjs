// The service on its hosts, each a process of its own that is asked over loopback.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { serve, workerdVersion } from "../edge/serve.mjs";
import { collected } from "../workerd/settle.js";
import { LIMITS } from "./limits.mjs";

const read = (file) => readFileSync(new URL(file, import.meta.url));

export const HOSTS = { node, workerd };

function versionOf(name) {
  return { [name]: JSON.parse(read(`../node_modules/${name}/package.json`)).version };
}

/** Resident memory of a process, MiB. */
function residentOf(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

/** Lets a host collect its garbage, which is no growth. */
async function collect(url) {
  const text = await (await fetch(new URL("/collect", url))).text();
  if (text !== "collected") throw new Error(`the host does not collect: ${text}`);
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
      await collect(url);
      return residentOf(child.pid);
    },
    async stop() {
      child.kill();
      await once(child, "exit");
    },
  };
}

/** workerd by itself. */
async function workerd() {
  const { url, memory, stop } = await serve(WORKER, ["--expose-gc"]);
  return {
    url,
    versions: { workerd: workerdVersion },
    async resident() {
      await collect(url);
      return memory("VmRSS");
    },
    stop,
  };
}

const WORKER = `
  import { createHandler } from "./edge.workerd.js";
  const handler = createHandler({ limits: ${JSON.stringify(LIMITS)} });
  ${collected.toString()}
  export default {
    fetch: (request) => (new URL(request.url).pathname === "/collect" ? collected() : handler(request)),
  };`;
