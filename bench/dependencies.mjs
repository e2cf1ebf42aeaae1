// The peers are installed when they are missing or others than package.json names: from the npm registry alone.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

function installed(name, version) {
  try {
    return read(`node_modules/${name}/package.json`).version === version;
  } catch {
    return false;
  }
}

export function install() {
  const { dependencies } = read("package.json");
  if (Object.entries(dependencies).every(([name, version]) => installed(name, version))) return;
  console.error("installing the peers (npm ci in bench)");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    // or onnxruntime-node fetches libraries for graphics cards from elsewhere
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("npm ci failed in bench");
}
