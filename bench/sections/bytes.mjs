// Bytes on the wire: the script that a web page needs, bundled and minified, and the wasm file beside it.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const modules = "node_modules";
const here = fileURLToPath(new URL("..", import.meta.url));

const contenders = [
  // the kernel stands in the script
  { name: "unpool", entry: `export { createLayer } from "../build/index.js";` },
  {
    name: "onnxruntime-web",
    entry: `export * from "onnxruntime-web/wasm";`,
    wasm: `${modules}/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm`,
  },
  {
    name: "tfjs-backend-wasm",
    entry: `export * from "@tensorflow/tfjs-backend-wasm"; export * from "@tensorflow/tfjs-core";`,
    wasm: `${modules}/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm`,
  },
];

async function script(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here },
    ...{ bundle: true, minify: true, format: "esm", platform: "browser", write: false, logLevel: "error" },
  });
  return outputFiles[0].contents;
}

/** @returns for each: bytes of script and wasm, raw and gzipped. */
export async function bytes() {
  const rows = [];
  for (const { name, entry, wasm } of contenders) {
    const files = [await script(entry)];
    if (wasm) files.push(readFileSync(new URL(`../${wasm}`, import.meta.url)));
    const [js, module = 0] = files.map((file) => file.length);
    const gzipped = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
    rows.push({ name, js, wasm: module, raw: js + module, gzipped });
  }
  return rows;
}
