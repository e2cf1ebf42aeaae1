// Prints what is shipped and fails above the ceilings: the kernel under 32 KiB, the entry under 24 KiB gzipped.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

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

let failed = false;
for (const { file, plain, gzip } of ceilings) {
  const bytes = readFileSync(file);
  const packed = gzipSync(bytes, { level: 9 }).length;
  const over = bytes.length > plain || packed > gzip;
  failed ||= over;
  const show = (size, ceiling) => `${String(size).padStart(7)} of ${String(ceiling).padStart(5)} bytes`;
  console.log(
    `${file.padEnd(25)} ${show(bytes.length, plain)}   gzip ${show(packed, gzip)}${over ? "   TOO LARGE" : ""}`,
  );
}
process.exit(failed ? 1 : 0);
