// Files of version 1, as they were published: they stay readable for ever, by the library and by a reader written from the
// document alone.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CodeHeader, parse, parseSync, writeCodes } from "../src/code/index.js";
import { scene } from "../src/image/scene.js";
import { collect } from "./code-files.js";
import { contentsOf } from "./golden/contents.mjs";
import { goldenFiles } from "./golden/files.mjs";
import { simd } from "./support.js";

const FOLDER = "test/golden";
/** What contentsOf gives. */
interface Contents extends Omit<CodeHeader, "parameters"> {
  codes: { switches: string[] }[];
}

const golden: Record<string, Contents> = JSON.parse(readFileSync(`${FOLDER}/golden.json`, "utf8"));
const names = Object.keys(golden);
const files = goldenFiles({ createLayerSync: simd.createLayerSync, scene });

function read(name: string): Uint8Array {
  return readFileSync(`${FOLDER}/${name}.unp`);
}

test("today's reader reads every golden file to the numbers that were published with it", async () => {
  assert.equal(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith(".unp"))
      .sort(),
    names.map((name) => `${name}.unp`).sort(),
  );
  for (const name of names) {
    const file = await parse(read(name));
    assert.equal(contentsOf(file), golden[name], name);
    if (!file.deflate) assert.equal(contentsOf(parseSync(read(name))), golden[name], name);
  }
});

test("today's writer makes the golden files to the byte, where nothing is compressed", async () => {
  for (const { name, spec, codes, options } of files) {
    const chunks = await collect(writeCodes(spec as never, codes as never[], options));
    const bytes = Buffer.concat(chunks);
    if ((options as { deflate?: boolean })?.deflate) {
      assert.equal(contentsOf(await parse(bytes)), golden[name], name);
    } else assert.equal(bytes, Buffer.from(read(name)), name);
  }
});

test("the golden files have every format, kind, mask and way of switches", () => {
  const flags = (pick: (contents: Contents) => unknown) => new Set(Object.values(golden).map(pick));
  assert.is(flags((contents) => contents.values).size, 5);
  assert.is(flags((contents) => contents.kind).size, 2);
  assert.is(flags((contents) => contents.colour).size, 3);
  assert.is(flags((contents) => contents.deflate).size, 2);
  assert.is(flags((contents) => contents.image?.overlap).size, 2);
  assert.is(flags((contents) => contents.codes[0]!.switches[0]!.slice(0, 2)).size, 3);
  const text = JSON.stringify(golden);
  for (const word of ["length", "relu", "crelu", "average", '"ceil":true', "unitNorm", '"normalise":true']) {
    assert.ok(text.includes(word), word);
  }
});

test("a reader in Python, written from docs/format.md, reads the same numbers", () => {
  const paths = names.map((name) => `${FOLDER}/${name}.unp`);
  const { error, status, stdout, stderr } = spawnSync("python3", [`${FOLDER}/read_unp.py`, ...paths], {
    encoding: "utf8",
  });
  if (error) {
    console.log(`  not run, python3 cannot be started (${error.message})`);
    return;
  }
  assert.is(status, 0, stderr);
  const contents = JSON.parse(stdout);
  names.forEach((name, i) => {
    assert.equal(contents[i], golden[name], name);
  });
});

test("the second reader stays short", () => {
  assert.ok(readFileSync(`${FOLDER}/read_unp.py`, "utf8").trimEnd().split("\n").length <= 150);
});

test.run();
