// Packs the project, installs the tarball into a fresh copy of each project of test/consumers/, builds and runs
// it there, and compares what it prints: `node scripts/consumers.mjs [--require-all] [NAME...]`, after `npm run build`.
//
// A consumer is a folder with a package.json: its description says what it proves, `npm test` builds and runs
// it, and the last line must match its `expect`, by default the digest of shared/program.js. One that `needs`
// chromium is skipped where there is none, and fails with --require-all. One that names an `example` is that folder
// of examples/ with the tarball for its unpool: its scripts are the example's own and `npm test`.

import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { sideBySide } from "./side-by-side.mjs";

const SOURCE = "test/consumers";
const PATIENCE = 120_000;

const requireAll = process.argv.includes("--require-all");
const named = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const chromium = process.env.CHROMIUM ?? onPath("chromium", "chromium-browser", "google-chrome");

if (!existsSync("build/index.js")) {
  process.stderr.write("build/ is empty: run `npm run build` first\n");
  process.exit(1);
}
const consumers = readdirSync(SOURCE)
  .filter((name) => existsSync(join(SOURCE, name, "package.json")))
  .filter((name) => named.length === 0 || named.includes(name))
  .map((name) => JSON.parse(readFileSync(join(SOURCE, name, "package.json"), "utf8")));

installTools();
const folder = mkdtempSync(join(tmpdir(), "unpool-consumers-"));
prepare();
const digest = digestHere();
const roundTrip = consumers.some(({ example }) => example) ? await roundTripHere() : "";

let total = 0;
let passed = 0;
await sideBySide(consumers, prove);

console.log(`\n  Total:   ${total}\n  Passed:  ${passed}\n  Skipped: ${consumers.length - total}`);
if (total === passed) rmSync(folder, { recursive: true });
else console.log(`\nThe copies are left in ${folder}`);
process.exit(total > 0 && total === passed ? 0 : 1);

async function prove({ name, description, needs, expect = `^${digest}$` }) {
  const line = `${name.padEnd(26)} ${description}`;
  if (needs === "chromium" && !chromium) {
    if (requireAll) total += 1;
    const mark = requireAll ? "✗" : "-";
    console.log(`${mark} ${line}: Chromium not found: install it with apt-get install chromium`);
    return;
  }
  const start = performance.now();
  const expected = expect
    .replace("{version}", version.replaceAll(".", "\\."))
    .replace("{round-trip}", roundTrip);
  const problem = await run(name, new RegExp(expected));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  total += 1;
  if (!problem) passed += 1;
  console.log(`${problem ? "✗" : "✓"} ${line} (${seconds} s)${problem}`);
}

/** What went wrong with a consumer, or "". */
async function run(name, expected) {
  const cwd = join(folder, name);
  const installed = await npm(cwd, "install", "--offline", "--no-package-lock");
  if (installed.status !== 0) return `\n${installed.output}`;
  const { status, stdout, output } = await npm(cwd, "test", "--silent");
  const last = stdout.trimEnd().split("\n").at(-1);
  return status === 0 && expected.test(last) ? "" : `\n${output}\n  exit ${status}; expected ${expected}`;
}

function npm(cwd, ...args) {
  const env = {
    ...process.env,
    CHROMIUM: chromium,
    CI: "true",
    NO_COLOR: "1",
    // wrangler and Deno are not to look for anything outside
    WRANGLER_SEND_METRICS: "false",
    DENO_NO_UPDATE_CHECK: "1",
  };
  return new Promise((done) => {
    const child = spawn("npm", args, { cwd, env, timeout: PATIENCE, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    child.stdout.on("data", (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.on("data", (text) => {
      output += text;
    });
    child.on("close", (status) => done({ status, stdout, output }));
  });
}

/** Bundlers and hosts, from the lock file of test/consumers. */
function installTools() {
  const installed = join(SOURCE, "node_modules/.package-lock.json");
  const lock = join(SOURCE, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("Installing the bundlers and hosts of test/consumers");
  execFileSync("npm", ["ci", "--prefix", SOURCE], { stdio: ["ignore", "ignore", "inherit"] });
}

/** The copies, out of reach of the project's own node_modules, and the tarball beside them. */
function prepare() {
  const [{ filename }] = JSON.parse(
    // without prepack, which would build again what is tested here
    execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--silent", "--pack-destination", folder], {
      encoding: "utf8",
    }),
  );
  renameSync(join(folder, filename), join(folder, "unpool.tgz"));
  symlinkSync(resolve(SOURCE, "node_modules"), join(folder, "node_modules"));
  cpSync(join(SOURCE, "hosts"), join(folder, "hosts"), { recursive: true });
  for (const consumer of consumers) {
    const { name, example } = consumer;
    cpSync(example ? join("examples", example) : join(SOURCE, "shared"), join(folder, name), {
      recursive: true,
    });
    cpSync(join(SOURCE, name), join(folder, name), { recursive: true });
    if (example) writeFileSync(join(folder, name, "package.json"), JSON.stringify(runnable(consumer)));
  }
}

/** An example's package with the consumer's test; what it needs beside unpool is found among the tools. */
function runnable({ example, scripts, dependencies }) {
  const own = JSON.parse(readFileSync(join("examples", example, "package.json"), "utf8"));
  return { ...own, scripts: { ...own.scripts, ...scripts }, dependencies, devDependencies: {} };
}

/** What shared/program.js gives with build/ in this Node: its bits are those that `npm run conformance` holds. */
function digestHere() {
  const here = join(folder, "reference");
  cpSync(join(SOURCE, "shared"), here, { recursive: true });
  writeFileSync(join(here, "package.json"), `{ "type": "module" }`);
  mkdirSync(join(here, "node_modules"));
  symlinkSync(resolve("."), join(here, "node_modules/unpool"));
  return execFileSync(process.execPath, [join(here, "print.js")], { encoding: "utf8" }).trim();
}

/** What hosts/round-trip.mjs comes to with build/ in this Node. */
async function roundTripHere() {
  const { default: service } = await import(resolve("build/edge.js"));
  const { roundTrip } = await import(resolve(SOURCE, "hosts/round-trip.mjs"));
  return roundTrip((path, init) => service.fetch(new Request(new URL(path, "http://localhost"), init)));
}

function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}
