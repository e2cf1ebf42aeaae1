// Bundles the tests of a folder and runs them: `node scripts/test.mjs [FOLDER] [PATTERN]`, default `test`. PATTERN:
// part of the files' names.
//
// Each file has a process of its own: files run side by side, and what one leaves behind no other sees.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { edgeFacts } from "./edge-facts.mjs";
import { sideBySide } from "./side-by-side.mjs";
import { textFiles } from "./text-files.mjs";
import { asc } from "./tools.mjs";

const [folder = "test", pattern = ""] = process.argv.slice(2);
const outdir = join("build", folder);

/** As uvu ends, with colours or without. */
const TOTALS = /\n {2}Total: .*\n {2}Passed: .*\n {2}Skipped: .*\n {2}Duration: .*/g;
/** A file that takes longer hangs. */
const PATIENCE = 600_000;

if (!existsSync("build/index.js")) {
  process.stderr.write("build/ is empty: run `npm run build` first\n");
  process.exit(1);
}
for (const target of ["probe", "probe-scalar"]) {
  asc("assembly/index.ts", "test/kernel/probe.ts", "--target", target);
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith(".test.ts") && file.includes(pattern))
  .map((file) => file.replace(/\.ts$/, ""));

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: names.map((name) => join(folder, `${name}.ts`)),
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

const start = performance.now();
const results = await sideBySide(names, async (name) => {
  const { status, output } = await run(name);
  // uvu's own totals are the last: what a test prints may look like them
  const totals = output.match(TOTALS)?.at(-1) ?? "";
  const count = (word) => Number(new RegExp(`${word}: +(?:\\S*m)?(\\d+)`).exec(totals)?.[1] ?? 0);
  const [total, passed, skipped] = ["Total", "Passed", "Skipped"].map(count);
  // a file that ended before its tests did, or that has none
  const broken = total === 0 || (status !== 0 && total === passed);
  const said = broken ? output : output.split(totals).join("");
  process.stdout.write(`${said.trim()}\n`);
  if (broken) process.stdout.write(`${name} ended with ${status} after ${total} tests\n`);
  return { total: total + (broken ? 1 : 0), passed, skipped };
});
const sum = (key) => results.reduce((all, result) => all + result[key], 0);
const seconds = ((performance.now() - start) / 1000).toFixed(1);
console.log(`
  Total:     ${sum("total")}
  Passed:    ${sum("passed")}
  Skipped:   ${sum("skipped")}
  Duration:  ${seconds} s`);
process.exitCode = sum("total") > 0 && sum("total") === sum("passed") ? 0 : 1;

/** Runs the tests of one file; what it printed, whole, so that files do not mix. */
function run(name) {
  const flags = ["--enable-source-maps", "node_modules/uvu/bin.js", outdir, `^${name}\\.js$`];
  const child = spawn(process.execPath, flags, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE,
    killSignal: "SIGKILL",
  });
  const streams = [child.stdout, child.stderr];
  let output = "";
  for (const stream of streams) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return new Promise((done, fail) => {
    // what it started may live on, and hold its streams
    child.on("exit", (_, signal) => {
      if (signal) for (const stream of streams) stream.destroy();
    });
    child.on("error", fail).on("close", (status, signal) => done({ status: signal ?? status, output }));
  });
}
