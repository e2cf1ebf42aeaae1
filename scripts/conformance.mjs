// npm run conformance: bundles test/conformance/main.ts and runs it with the same arguments.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { build } from "esbuild";

const OUTFILE = "build/conformance/main.mjs";

if (!existsSync("build/index.js")) {
  process.stderr.write("build/ is empty: run `npm run build` first\n");
  process.exit(1);
}
await build({
  entryPoints: ["test/conformance/main.ts"],
  outfile: OUTFILE,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "es2022",
  packages: "external",
  loader: { ".wasm": "binary" },
  logLevel: "warning",
});
process.exit(
  spawnSync(process.execPath, [OUTFILE, ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1,
);
