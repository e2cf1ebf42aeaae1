// Deno: V8 again, in another house.

import { packaged } from "../install.js";
import { CPU, type Host, print, v8 } from "./host.js";

const PLATFORMS = ["linux-x64-glibc", "linux-arm64-glibc", "darwin-arm64", "darwin-x64"];

export const hosts: readonly Host[] = [
  {
    name: "Deno",
    from: "npm",
    get: "npm test installs it, on Linux and macOS",
    cpu: CPU,
    find: () => packaged(...PLATFORMS.map((platform) => `@deno/${platform}/deno`)),
    async run(path) {
      const { versions, digests } = await print([path, "run", "--no-config", "--no-remote"]);
      return { version: versions.deno!, engine: v8(versions), digests };
    },
  },
];
