// Cloudflare's workerd: the entry "workerd" and its statically imported kernel, served on a port of its choice.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { bundle } from "../bundle.js";
import { packaged } from "../install.js";
import { CPU, type Host } from "./host.js";

const PLATFORMS = ["linux-64", "linux-arm64", "darwin-arm64", "darwin-64"];

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs"), (name = "kernel.wasm", wasm = embed "kernel.wasm")],
  compatibilityDate = "2026-07-01",
);
`;

export const hosts: readonly Host[] = [
  {
    name: "Cloudflare workerd",
    from: "npm",
    get: "npm test installs it, on Linux and macOS",
    cpu: CPU,
    find: () => packaged(...PLATFORMS.map((platform) => `@cloudflare/workerd-${platform}/bin/workerd`)),
    async run(path) {
      const folder = dirname(await bundle("worker"));
      const config = join(folder, "workerd.capnp");
      copyFileSync("build/kernel.wasm", join(folder, "kernel.wasm"));
      writeFileSync(config, CONFIG);
      const version = execFileSync(path, ["--version"], { encoding: "utf8" }).replace("workerd", "").trim();
      const server = spawn(path, ["serve", "--control-fd=3", config], {
        stdio: ["ignore", "inherit", "inherit", "pipe"],
      });
      try {
        const [line] = await once(server.stdio[3] as Readable, "data", {
          signal: AbortSignal.timeout(20_000),
        });
        const { port } = JSON.parse(String(line).split("\n")[0]!);
        const response = await fetch(`http://127.0.0.1:${port}/`);
        return { version, engine: "V8", digests: await response.json() };
      } finally {
        server.kill();
      }
    },
  },
];
