// Vercel's edge runtime: the entry "edge-light", its kernel handed over compiled.

import { readFileSync } from "node:fs";
import { bundle } from "../bundle.js";
import { load, packaged } from "../install.js";
import { CPU, type Host, v8 } from "./host.js";

interface EdgeRuntime {
  dispatchFetch(url: string): Promise<Response>;
}

interface Package {
  EdgeRuntime: new (options: { initialCode: string; extend: (context: object) => object }) => EdgeRuntime;
}

export const hosts: readonly Host[] = [
  {
    name: "Vercel edge-runtime",
    from: "npm",
    get: "npm test installs it",
    cpu: CPU,
    find: () => packaged("edge-runtime/package.json"),
    async run(manifest) {
      const kernelModule = await WebAssembly.compile(readFileSync("build/kernel.wasm"));
      const { EdgeRuntime } = load("edge-runtime") as Package;
      const runtime = new EdgeRuntime({
        initialCode: readFileSync(await bundle("edge"), "utf8"),
        extend: (context) => Object.assign(context, { kernelModule }),
      });
      const response = await runtime.dispatchFetch("http://localhost/");
      return {
        version: JSON.parse(readFileSync(manifest, "utf8")).version,
        engine: v8(process.versions as Record<string, string>),
        digests: await response.json(),
      };
    },
  },
];
