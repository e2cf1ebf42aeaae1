// The program for one host: a runner, the program and the library as built, by the entry that such a host takes.

import { join } from "node:path";
import { build, type Plugin } from "esbuild";

const FOLDER = "build/conformance";

/** Runner -> the conditions by which its host picks an entry of package.json; none is the default entry. */
const CONDITIONS = { print: [], "print-scalar": [], page: [], worker: ["workerd"], edge: ["edge-light"] };

export type Runner = keyof typeof CONDITIONS;

const bundles = new Map<Runner, Promise<string>>();

/** Bundles a runner, once, and returns the path of the bundle. The kernel that an entry imports stays outside. */
export function bundle(runner: Runner): Promise<string> {
  // another host may be reading it
  const made = bundles.get(runner) ?? make(runner);
  bundles.set(runner, made);
  return made;
}

async function make(runner: Runner): Promise<string> {
  const outfile = join(FOLDER, `${runner}.mjs`);
  await build({
    entryPoints: [`test/conformance/runners/${runner}.ts`],
    outfile,
    bundle: true,
    // the edge runtime takes scripts
    format: runner === "edge" ? "iife" : "esm",
    target: "es2022",
    platform: "neutral",
    conditions: CONDITIONS[runner],
    loader: { ".wasm": "binary" },
    external: ["./kernel.wasm"],
    plugins: [libraryAsBuilt, kernelAsGlobal],
    logLevel: "warning",
  });
  return outfile;
}

const ENTRIES: Record<string, string> = {
  index: "unpool",
  "network/index": "unpool/network",
  slim: "unpool/slim",
};

/** The library through the exports of package.json, as its users get it, instead of its sources. */
const libraryAsBuilt: Plugin = {
  name: "library-as-built",
  setup(context) {
    context.onResolve({ filter: /\/src\/(network\/)?(index|slim)\.js$/ }, ({ path }) =>
      context.resolve(ENTRIES[/(\w+|network\/index)\.js$/.exec(path)![1]!]!, {
        kind: "import-statement",
        resolveDir: process.cwd(),
      }),
    );
  },
};

/** What the bundlers for edge runtimes make of `.wasm?module`: the host hands the module over as a global. */
const kernelAsGlobal: Plugin = {
  name: "kernel-as-global",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, () => ({ path: "kernel", namespace: "global" }));
    onLoad({ filter: /.*/, namespace: "global" }, () => ({
      contents: "export default globalThis.kernelModule;",
    }));
  },
};
