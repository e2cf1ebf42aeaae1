// Makes build/site/, the playground, from site/ and the library as published.

import { copyFileSync, mkdirSync, rmSync, statSync } from "node:fs";
import { build } from "esbuild";

const OUT = "build/site";

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
copyFileSync("site/index.html", `${OUT}/index.html`);
await build({
  entryPoints: { page: "site/page.tsx", worker: "site/engine/worker.ts" },
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["chrome123", "firefox120", "safari17.5"],
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
  define: { DIGESTS: "{}", WASM_BYTES: String(statSync("build/kernel.wasm").size) },
});
