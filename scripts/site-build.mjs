// Makes build/site/, the playground, from site/ and the library as published. The same sources give the same bytes.

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { notices } from "./notices.mjs";
import { headersFile, META_POLICY } from "./site-policy.mjs";

export const SITE = "build/site";

const shared = {
  outdir: SITE,
  bundle: true,
  target: ["chrome123", "firefox120", "safari17.5"],
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

const modules = { ...shared, splitting: true, format: "esm" };

/** What the page is made of; the rest of the folder is for hosts and lawyers. */
const SHOWN = /\.(css|html|js|svg|webmanifest)$/;

/**
 * Networks bring the whole of the library with them: pages that take both entries have one of them, and one kernel
 * instead of two.
 */
const oneLibrary = {
  name: "one-library",
  setup(build) {
    build.onResolve({ filter: /^unpool$/ }, ({ kind, resolveDir }) =>
      build.resolve("unpool/network", { kind, resolveDir }),
    );
  },
};

export async function buildSite() {
  rmSync(SITE, { recursive: true, force: true });
  mkdirSync(SITE, { recursive: true });
  for (const name of ["icon.svg", "manifest.webmanifest"]) copyFileSync(`site/${name}`, join(SITE, name));
  write("index.html", withPolicy(readFileSync("site/index.html", "utf8")));
  write("_headers", headersFile());
  const worker = await build({
    ...modules,
    entryPoints: { worker: "site/engine/worker.ts" },
    entryNames: "[name]-[hash]",
    plugins: [oneLibrary],
    define: { DIGESTS: JSON.stringify(digests()) },
  });
  const page = await build({
    ...modules,
    entryPoints: { page: "site/page.tsx" },
    jsx: "automatic",
    jsxImportSource: "preact",
    define: {
      WORKER: JSON.stringify(entryOf(worker)),
      WASM_BYTES: String(statSync("build/kernel.wasm").size),
    },
  });
  const files = JSON.stringify(filesToKeep());
  const offline = await build({
    ...shared,
    entryPoints: { sw: "site/offline/worker.ts" },
    format: "iife",
    define: { FILES: files, BUILD: JSON.stringify(sha256(files, "hex")) },
  });
  for (const name of siteFiles()) write(`${name}.gz`, gzipSync(readFileSync(join(SITE, name)), { level: 9 }));
  write("THIRD-PARTY-LICENSES.txt", notices(page.metafile, worker.metafile, offline.metafile));
}

/** The file that an entry has become. */
function entryOf({ metafile }) {
  const [path] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint);
  return basename(path);
}

/** Files that a browser gets, without their packed copies. */
export function siteFiles() {
  return readdirSync(SITE)
    .filter((name) => SHOWN.test(name))
    .sort();
}

/** What every host gives for the presets, by their names. */
export function digests() {
  const all = JSON.parse(readFileSync("test/conformance/digests.json", "utf8"));
  const names = Object.keys(all).filter((name) => name.startsWith("playground: "));
  return Object.fromEntries(names.map((name) => [name.replace("playground: ", ""), all[name]]));
}

/**
 * Address and hash of each file that is kept for when there is no network. The page is kept as the folder: hosts may
 * redirect index.html there, and a redirected response cannot answer a navigation.
 */
function filesToKeep() {
  return siteFiles().map((name) => [
    name === "index.html" ? "./" : name,
    `sha256-${sha256(readFileSync(join(SITE, name)), "base64")}`,
  ]);
}

function sha256(content, encoding) {
  return createHash("sha256").update(content).digest(encoding);
}

function withPolicy(html) {
  const place = '<meta charset="utf-8">';
  if (!html.includes(place)) throw new Error(`site/index.html has no ${place} to put the policy after`);
  return html.replace(
    place,
    `${place}\n    <meta http-equiv="Content-Security-Policy" content="${META_POLICY}">`,
  );
}

function write(name, content) {
  writeFileSync(join(SITE, name), content);
}
