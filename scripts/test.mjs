// Bundles the tests of a folder and runs them: `node scripts/test.mjs [FOLDER] [PATTERN]`, default `test`.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { edgeFacts } from "./edge-facts.mjs";
import { textFiles } from "./text-files.mjs";
import { asc } from "./tools.mjs";

const [folder = "test", pattern = ""] = process.argv.slice(2);
const outdir = join("build", folder);

if (!existsSync("build/index.js")) {
  process.stderr.write("build/ is empty: run `npm run build` first\n");
  process.exit(1);
}
for (const target of ["probe", "probe-scalar"]) {
  asc("assembly/index.ts", "test/kernel/probe.ts", "--target", target);
}

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: readdirSync(folder)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(folder, file)),
  outdir,
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "es2022",
  packages: "external",
  sourcemap: "inline",
  loader: { ".wasm": "binary" },
  plugins: [textFiles],
  define: edgeFacts(),
  logLevel: "warning",
});

const flags = ["--enable-source-maps", "node_modules/uvu/bin.js", outdir, `${pattern}.*\\.test\\.js$`];
process.exit(spawnSync(process.execPath, flags, { stdio: "inherit" }).status ?? 1);
