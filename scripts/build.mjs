// Makes build/: the kernel (three builds), the library, the command line, the types.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);

/** Runs the command of an installed package, printing what it says only when it fails. */
function run(packageName, command, ...args) {
  const root = dirname(require.resolve(`${packageName}/package.json`));
  try {
    execFileSync(process.execPath, [join(root, command), ...args], { stdio: "pipe" });
  } catch (error) {
    process.stderr.write(`${error.stdout}${error.stderr}`);
    process.exit(1);
  }
}

const asc = (...args) => run("assemblyscript", "bin/asc.js", ...args);

mkdirSync("build", { recursive: true });

asc("assembly/index.ts", "--target", "release");
asc("assembly/index.ts", "--target", "scalar");
run(
  "binaryen",
  "bin/wasm-opt",
  "build/kernel.raw.wasm",
  "-O4",
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

const shared = {
  bundle: true,
  format: "esm",
  target: "es2022",
  loader: { ".wasm": "binary" },
  legalComments: "none",
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: { index: "src/index.ts" },
  outdir: "build",
  platform: "neutral",
  minify: true,
});
