// Bun: JavaScriptCore, also without the upper of its tiers for WebAssembly.

import { packaged } from "../install.js";
import { CPU, type Host, print } from "./host.js";

const PLATFORMS = ["linux-x64", "linux-aarch64", "darwin-aarch64", "darwin-x64"];

function bun(tier?: string, env: Record<string, string> = {}): Host {
  return {
    name: "Bun",
    tier,
    from: "npm",
    get: "npm test installs it, on Linux and macOS",
    cpu: CPU,
    find: () => packaged(...PLATFORMS.map((platform) => `@oven/bun-${platform}/bin/bun`)),
    async run(path) {
      const { versions, digests } = await print([path, "run"], { env });
      return { version: versions.bun!, engine: `JavaScriptCore ${versions.webkit?.slice(0, 7)}`, digests };
    },
  };
}

export const hosts: readonly Host[] = [
  bun(),
  bun("baseline compiler", { BUN_JSC_useOMGJIT: "0" }),
  bun("interpreter", { BUN_JSC_useBBQJIT: "0", BUN_JSC_useOMGJIT: "0" }),
];
