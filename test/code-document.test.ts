// What docs/format.md says of files is what the library does.

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { crc32 } from "../src/code/crc32.js";
import { parseSync, serialiseSync } from "../src/code/index.js";
import { DEFAULT_LIMITS } from "../src/code/limits.js";

const page = readFileSync("docs/format.md", "utf8");

test("the file that the page shows byte by byte is what the library writes", () => {
  const shown = page.split("## A file, byte by byte")[1]!.split("\n## ")[0]!;
  const rows = [...shown.matchAll(/^\| (\d+) \| `([0-9a-f ]+)` \|/gm)];
  const bytes: number[] = [];
  for (const [, offset, hex] of rows) {
    assert.is(Number(offset), bytes.length);
    bytes.push(...hex!.split(" ").map((byte) => Number.parseInt(byte, 16)));
  }
  const spec = {
    input: { channels: 1, height: 4, width: 4 },
    ...{ filters: 1, kernel: 1, pool: 2, rectifier: "relu" as const, seed: 7 },
  };
  const code = { values: Float32Array.of(1, 0, 0, 0.5), switches: Uint8Array.of(3, 0, 0, 2) };
  const written = serialiseSync(code, spec, { values: "float16", colour: "grey" });
  assert.equal(bytes, [...written]);
  assert.equal(parseSync(Uint8Array.from(bytes)).code, { kind: "pooled", ...code });
});

test("the CRC-32 is the usual one", () => {
  const check = Uint8Array.from("123456789", (letter) => letter.charCodeAt(0));
  assert.is(crc32(check), 0xcbf43926);
  assert.is(crc32(check.subarray(4), crc32(check.subarray(0, 4))), 0xcbf43926);
  assert.is(crc32(new Uint8Array()), 0);
});

test("the page has every limit with its default", () => {
  const superscript = (digits: string) => digits.replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!);
  for (const [name, value] of Object.entries(DEFAULT_LIMITS)) {
    const shown = name === "layers" ? "256" : `2${superscript(String(Math.log2(value)))}`;
    assert.match(page, new RegExp(`^\\| \`${name}\` \\|.*\\| ${shown}.*\\|$`, "m"));
  }
});

test.run();
