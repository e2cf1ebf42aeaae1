// Tries the playground in real browsers: `node test/site/run.mjs [--require-all] [--picture] [PATTERN]`, after
// `npm run build`. PATTERN: part of a test's title, or of a browser's name.
//
// A browser that is not there is skipped, or fails with --require-all. Pictures of the page, and of a page whose
// test failed, are left in build/site-test/. With --picture nothing is tested: the README's picture is made anew.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { parseArgs } from "node:util";

const HERE = "test/site";
const OUT = "build/site-test";
const PICTURE = "docs/pictures/playground.webp";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { "require-all": { type: "boolean" }, picture: { type: "boolean" } },
});
const pattern = (positionals[0] ?? "").toLowerCase();

installTools();
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
// what these import is there from here on
const { buildSite } = await import("../../scripts/site-build.mjs");
const { BROWSERS } = await import("./browsers.mjs");
const { Bench } = await import("./bench.mjs");
const { BROWSER_TESTS, SERVER_TESTS } = await import("./tests/index.mjs");
const { material } = await import("./material.mjs");

await buildSite();
if (options.picture) {
  const { takePicture } = await import("./picture.mjs");
  await takePicture(BROWSERS[0], PICTURE);
  console.log(`${PICTURE}: ${statSync(PICTURE).size} bytes`);
  process.exit(0);
}

const start = performance.now();
let total = 0;
let passed = 0;
let skipped = 0;
const files = await material(`${OUT}/files`);
// the server's first: one of them builds the site again
await all("Server", SERVER_TESTS, (test) => test());
await Promise.all(BROWSERS.map(tryBrowser));
const seconds = ((performance.now() - start) / 1000).toFixed(1);
console.log(`\n  Total:   ${total}\n  Passed:  ${passed}\n  Skipped: ${skipped}\n  (${seconds} s)`);
process.exit(total > 0 && total === passed ? 0 : 1);

async function tryBrowser(browser) {
  if (!browser.executable) {
    if (options["require-all"]) total += 1;
    else skipped += Object.keys(BROWSER_TESTS).length;
    console.log(
      `${options["require-all"] ? "✗" : "-"} ${browser.name} was not found: install it with ${browser.get}`,
    );
    return;
  }
  const bench = new Bench(browser, OUT, files);
  try {
    await all(browser.name, BROWSER_TESTS, (test, title) => bench.try(test, title));
  } finally {
    await bench.close();
  }
}

async function all(name, tests, run) {
  for (const [title, test] of Object.entries(tests)) {
    if (!`${name}: ${title}`.toLowerCase().includes(pattern)) continue;
    const began = performance.now();
    const problem = await run(test, title).then(
      (note) => (note ? { note } : undefined),
      (error) => ({ error }),
    );
    const line = `${name}: ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`;
    total += 1;
    if (!problem?.error) passed += 1;
    const more = problem?.error ? `\n${problem.error.stack ?? problem.error}` : (problem?.note ?? "");
    console.log(`${problem?.error ? "✗" : "✓"} ${line}${more && `: ${more}`}`);
  }
}

/** The driver and the accessibility checker, from the lock file of this folder. */
function installTools() {
  const installed = `${HERE}/node_modules/.package-lock.json`;
  const lock = `${HERE}/package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(`Installing what ${HERE} needs`);
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", HERE], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}
