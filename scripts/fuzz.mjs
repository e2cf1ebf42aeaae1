// Bundles test/fuzz/ into build/fuzz/ and runs it; options are those of test/fuzz/main.ts.

import { spawnSync } from "node:child_process";
import { build } from "esbuild";

await build({
  entryPoints: ["test/fuzz/main.ts", "test/fuzz/worker.ts"],
  outdir: "build/fuzz",
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "es2022",
  loader: { ".wasm": "binary" },
  packages: "external",
  logLevel: "warning",
});
process.exit(
  spawnSync(process.execPath, ["build/fuzz/main.js", ...process.argv.slice(2)], { stdio: "inherit" })
    .status ?? 1,
);
