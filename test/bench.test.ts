// The benchmarks run where their peers are installed; that their files fit together is seen everywhere.

import { readdirSync } from "node:fs";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";

test("every script of bench/ imports only what is there", async () => {
  const entryPoints = readdirSync("bench", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".mjs") && !name.includes("node_modules"))
    .map((name) => `bench/${name}`);
  assert.ok(entryPoints.length > 30);
  const { errors } = await build({
    entryPoints,
    outdir: "build/bench",
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    write: false,
    logLevel: "silent",
  });
  assert.equal(errors, []);
});

test.run();
