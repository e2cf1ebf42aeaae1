// Prints what is shipped, and what a visit to the playground brings, and fails above the ceilings: the kernel under
// 32 KiB, the entry under 24 KiB gzipped, the playground far under 250 KB gzipped.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSite, SITE, siteFiles } from "./site-build.mjs";

const KIB = 1024;
const ceilings = [
  { file: "build/kernel.wasm", plain: 32 * KIB, gzip: 16 * KIB },
  // the kernel in hexadecimal: long as it stands, short once compressed
  { file: "build/index.js", plain: 96 * KIB, gzip: 24 * KIB },
  { file: "build/index.workerd.js", plain: 28 * KIB, gzip: 11 * KIB },
  { file: "build/index.edge-light.js", plain: 28 * KIB, gzip: 11 * KIB },
  { file: "build/network.js", plain: 112 * KIB, gzip: 29 * KIB },
  { file: "build/network.workerd.js", plain: 40 * KIB, gzip: 15 * KIB },
  { file: "build/network.edge-light.js", plain: 40 * KIB, gzip: 15 * KIB },
  { file: "build/analysis.js", plain: 24 * KIB, gzip: 10 * KIB },
  { file: "build/weights.js", plain: 8 * KIB, gzip: 3 * KIB },
  { file: "build/code.js", plain: 44 * KIB, gzip: 17 * KIB },
  { file: "build/tiles.js", plain: 6 * KIB, gzip: 3 * KIB },
  { file: "build/edge.js", plain: 312 * KIB, gzip: 104 * KIB },
  { file: "build/edge.workerd.js", plain: 256 * KIB, gzip: 90 * KIB },
  { file: "build/edge.edge-light.js", plain: 256 * KIB, gzip: 90 * KIB },
  { file: "build/scene.js", plain: 4 * KIB, gzip: 2 * KIB },
  { file: "build/slim.js", plain: 28 * KIB, gzip: 11 * KIB },
];

/** All that a browser ever gets: with a view's own code, and what only files need. In bytes of 1000 a KB. */
const playground = { plain: 320_000, gzip: 140_000 };

let failed = false;
for (const { file, plain, gzip } of ceilings) {
  const bytes = readFileSync(file);
  report(file, [bytes.length, plain], [packed(bytes), gzip]);
}
await buildSite();
const files = siteFiles().map((name) => readFileSync(join(SITE, name)));
report(
  `${SITE}/ as a whole`,
  [sum(files.map(({ length }) => length)), playground.plain],
  [sum(files.map(packed)), playground.gzip],
);
process.exit(failed ? 1 : 0);

function report(name, plain, gzip) {
  const over = plain[0] > plain[1] || gzip[0] > gzip[1];
  failed ||= over;
  const show = ([size, ceiling]) => `${String(size).padStart(7)} of ${String(ceiling).padStart(6)} bytes`;
  console.log(`${name.padEnd(25)} ${show(plain)}   gzip ${show(gzip)}${over ? "   TOO LARGE" : ""}`);
}

function packed(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
