// Makes build/: the kernel (SIMD and scalar), the library, the command line, the types.

import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { minify } from "terser";
import { edgeFacts } from "./edge-facts.mjs";
import { notices } from "./notices.mjs";
import { textFiles } from "./text-files.mjs";
import { asc, tsc, wasmOpt } from "./tools.mjs";

mkdirSync("build", { recursive: true });

asc("assembly/index.ts", "--target", "release");
asc("assembly/index.ts", "--target", "scalar");
wasmOpt(
  "build/kernel.raw.wasm",
  // cold code and code that is long: inlined where it is called, as the rest is, it would take 5 KB more and win nothing
  ...[
    ...["arena/*", "index/*", "prior/*", "random/*", "solvers/*", "squares/turnOver", "vector/*"],
    ...["pooling/keepLargest", "pooling/*Maxima", "convolution/analysis/*", "convolution/filters/*"],
    ...["convolution/image/*", "convolution/regions/region*", "convolution/survey/*"],
    "convolution/synthesis/addList*",
  ].map((name) => `--no-inline=assembly/${name}`),
  "-O4",
  "--flexible-inline-max-function-size=70",
  "--one-caller-inline-max-function-size=200",
  "--enable-simd",
  "--enable-bulk-memory",
  "--enable-nontrapping-float-to-int",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--strip-debug",
  "--strip-producers",
  "-o",
  "build/kernel.wasm",
);
rmSync("build/types", { recursive: true, force: true });
tsc("-p", "tsconfig.types.json");

const shared = {
  bundle: true,
  format: "esm",
  target: "es2022",
  loader: { ".wasm": "binary" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

/**
 * The kernel's bytes as text that the host decodes, natively where it can: the decoder that esbuild would put
 * here costs a cold start 2 to 3 of 10 ms. Hexadecimal, because what is sent is compressed: base64 is shorter as it
 * stands, but hides the repetitions and takes 28 % more once compressed.
 */
const kernelInside = {
  name: "kernel-inside",
  setup({ onLoad }) {
    onLoad({ filter: /kernel\.wasm$/ }, ({ path }) => ({
      contents: `
        const text = "${readFileSync(path, "hex")}";
        export default Uint8Array.fromHex?.(text) ??
          globalThis.Buffer?.from(text, "hex") ??
          Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));`,
    }));
  },
};

const library = await build({
  ...shared,
  plugins: [kernelInside],
  entryPoints: {
    index: "src/index.ts",
    "index.workerd": "src/index.workerd.ts",
    "index.edge-light": "src/index.edge-light.ts",
    network: "src/network/index.ts",
    "network.workerd": "src/network/index.workerd.ts",
    "network.edge-light": "src/network/index.edge-light.ts",
    slim: "src/slim.ts",
    analysis: "src/analysis/index.ts",
    weights: "src/weights/index.ts",
    tiles: "src/tiles/index.ts",
    scene: "src/image/scene.ts",
    code: "src/code/index.ts",
    // not shipped: what only the experiments ask for by itself
    quantise: "src/code/quantise.ts",
  },
  outdir: "build",
  platform: "neutral",
  minify: true,
  // beside the entry in build/, for the host's own bundler to find
  external: ["./kernel.wasm", "./kernel.wasm?module"],
});

/** The service: as the library, with the codecs of pictures inside, which are packages of npm's. */
const edge = await build({
  ...shared,
  plugins: [kernelInside, textFiles],
  entryPoints: {
    edge: "src/edge/index.ts",
    "edge.workerd": "src/edge/index.workerd.ts",
    "edge.edge-light": "src/edge/index.edge-light.ts",
  },
  outdir: "build",
  platform: "neutral",
  mainFields: ["browser", "module", "main"],
  conditions: ["browser"],
  minify: true,
  external: ["./kernel.wasm", "./kernel.wasm?module"],
  define: edgeFacts(),
});

// esbuild keeps what is only ever written (the offsets of the arena, where only its size is asked for): 3 % of the entry
for (const file of [library, edge].flatMap(({ metafile }) => Object.keys(metafile.outputs))) {
  const { code } = await minify(readFileSync(file, "utf8"), {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
  });
  writeFileSync(file, code);
}

// not shipped: pictures row by row, for the experiments
await build({
  ...shared,
  entryPoints: { "picture-rows": "src/pictures/rows.ts", "png-rows": "src/pictures/png-rows.ts" },
  outdir: "build",
  platform: "node",
});

/** The command line uses the library as built, what it takes from entries, instead of a copy of it. */
const libraryAsBuilt = {
  name: "library-as-built",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/.*\bindex\.js$/ }, ({ path, importer }) => {
      const entry = /^(?:\.\.\/)+(?:(code|network|tiles|weights)\/)?index\.js$/.exec(path);
      if (!entry || !/[/\\]src[/\\]cli[/\\]/.test(importer)) return undefined;
      return { path: entry[1] ? `unpool/${entry[1]}` : "unpool", external: true };
    });
  },
};

rmSync("build/cli", { recursive: true, force: true });
const commandLine = await build({
  ...shared,
  entryPoints: {
    cli: "src/cli/main.ts",
    "cli/pool": "src/cli/batch/pool.ts",
    "cli/worker": "src/cli/batch/worker.ts",
    // where the pool, bundled into cli/, looks for its worker
    "cli/entry/worker": "node_modules/tinypool/dist/entry/worker.js",
  },
  outdir: "build",
  chunkNames: "cli/[name]-[hash]",
  platform: "node",
  // what some packages still require of Node
  banner: { js: `import { createRequire } from "node:module";const require=createRequire(import.meta.url);` },
  splitting: true,
  minify: true,
  loader: { ".css": "text" },
  define: {
    VERSION: JSON.stringify(JSON.parse(readFileSync("package.json", "utf8")).version),
    WASM_BYTES: String(statSync("build/kernel.wasm").size),
  },
  plugins: [libraryAsBuilt],
});
chmodSync("build/cli.js", 0o755);
writeFileSync(
  "build/THIRD-PARTY-LICENSES.txt",
  notices(library.metafile, edge.metafile, commandLine.metafile),
);
