// unpool inspect: what is in a file, without decoding it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse, serialiseSync } from "../src/code/index.js";
import { scenePng, unpool, workspace } from "./command.js";
import { png } from "./pictures.js";
import { numbers, simd } from "./support.js";

const { folder, file } = workspace(test);
const photo = file("photo.png", png);
const LAYER = ["-k", "6", "--kernel", "3"];

function code(name: string, picture: string, ...args: string[]): string {
  const out = join(folder, `${name}.unp`);
  const { status, stderr } = unpool(["encode", picture, ...LAYER, ...args, "-o", out]);
  assert.equal([status, stderr], [0, ""]);
  return out;
}

function inspect(...args: string[]): string {
  const { status, stdout, stderr } = unpool(["inspect", ...args]);
  assert.equal([status, stderr], [0, ""]);
  return stdout;
}

const json = (...paths: string[]) => JSON.parse(inspect(...paths, "--json"));

test("--json says what is in a file, byte by byte", async () => {
  const path = code("plain", photo, "--seed", "7");
  const bytes = readFileSync(path);
  const { parts, memoryBytes, ...rest } = json(path);
  const N = 3 * 20 * 24;
  const m = 6 * 10 * 12;
  assert.equal(rest, {
    path,
    ...{
      version: 1,
      kind: "pooled",
      image: { channels: 3, height: 20, width: 24 },
      colour: "rgb",
      range: [0, 1],
    },
    tiles: null,
    layers: [
      {
        ...{ filters: 6, kernel: [3, 3], stride: [1, 1], padding: [1, 1], rectifier: "none", seed: 7 },
        ...{ unitNorm: false, pool: [2, 2], given: null },
      },
    ],
    ...{ values: "float32", deflate: false, codeLength: m, measurements: m / N, pixelBytes: N },
    ...{ bytes: bytes.length, zeros: 0, noise: 0, plainBytes: bytes.length, checksums: 3 },
  });
  const { spec } = await parse(bytes);
  assert.is(memoryBytes, simd.createLayerSync(spec as never).memoryBytes);
  assert.equal([parts.values, parts.switches, parts.scales], [4 * m, m / 4, 0]);
  assert.is(
    Object.values(parts as number[]).reduce((sum, part) => sum + part, 0),
    bytes.length,
  );
});

test("fewer bits, zeros and deflate show in the parts", async () => {
  for (const values of ["int8", "int4"]) {
    const path = code(values, photo, "--values", values, "--rectifier", "relu");
    const { parts, zeros, noise, bytes, plainBytes } = json(path);
    const { code: stored, noise: expected } = await parse(readFileSync(path));
    assert.is(zeros, stored.values.filter((value) => value === 0).length);
    assert.ok(zeros > 0);
    assert.is(noise, expected);
    assert.is(parts.scales, 6 * 4);
    assert.is(plainBytes, bytes);
    const deflated = json(
      code(`${values}-deflated`, photo, "--values", values, "--rectifier", "relu", "--deflate"),
    );
    assert.equal([deflated.deflate, deflated.plainBytes, deflated.zeros], [true, bytes, zeros]);
    assert.equal(deflated.parts, parts, "as they were before");
    assert.ok(deflated.bytes < bytes);
  }
});

test("tiles are counted, and all of their numbers", () => {
  const path = code("tiled", file("large.png", scenePng(100, 80)), "--tile", "48");
  const { image, tiles, codeLength, checksums, bytes, parts } = json(path);
  assert.equal(image, { channels: 3, height: 80, width: 100 });
  assert.equal(tiles, { count: 6, height: 48, width: 44, overlap: 16 });
  assert.equal([codeLength, checksums], [6 * 6 * 24 * 22, 8]);
  assert.is(
    Object.values(parts as number[]).reduce((sum, part) => sum + part, 0),
    bytes,
  );
});

test("given filters are named by their SHA-256, and networks layer by layer", () => {
  const spec = {
    input: { channels: 3, height: 12, width: 12 },
    layers: [
      { filters: 4, kernel: 3, padding: 1, rectifier: "relu", seed: 4 } as const,
      { filters: 5, kernel: 3, pool: { type: "max", size: 3, stride: 2 }, weights: numbers(180, 7) } as const,
    ],
  };
  const network = simd.createNetworkSync(spec);
  const path = file("network.unp", serialiseSync(network.encode(numbers(432, 3)), spec));
  const { layers, colour } = json(path);
  assert.is(colour, null);
  assert.equal(
    layers.map(({ filters }: { filters: number }) => filters),
    [4, 5],
  );
  assert.equal(
    layers.map(({ given }: { given: unknown }) => given !== null),
    [false, true],
  );
  const table = inspect(path).replace(/\s+/g, " ");
  assert.match(table, /layer 0 4 filters of 3 x 3, stride 1, padding 1, seed 4, relu, pool 1 x 1/);
  assert.match(table, /layer 1 5 filters .* max over 3 x 3, step 2, weights of SHA-256/);
  assert.ok(table.includes(layers[1].given.sha256));
});

test("the table fits 80 columns and says that every checksum was compared", () => {
  for (const name of ["plain", "int4-deflated", "tiled", "network"]) {
    const table = inspect(join(folder, `${name}.unp`));
    for (const line of table.split("\n")) assert.ok(line.length <= 80 || /[0-9a-f]{64}/.test(line), line);
    assert.match(table, /checks +CRC-32 of \d+ sections: all right/);
    assert.match(table, /^ {2}values +[\d,]+ +\d/m);
    assert.match(table, /^ {2}raw pixels +[\d,]+/m);
  }
});

test("of several files each is shown, and the bad ones are errors by name", () => {
  const good = join(folder, "plain.unp");
  const bytes = readFileSync(good);
  const bad = file(
    "bad.unp",
    bytes.map((byte, i) => (i === bytes.length - 100 ? byte ^ 8 : byte)),
  );
  const { status, stdout, stderr } = unpool(["inspect", good, bad, "--json"]);
  assert.is(status, 1);
  assert.match(
    stderr,
    /^unpool: .*bad\.unp: code section 0 is damaged: its CRC-32 is \w{8} and the file says \w{8}\n$/,
  );
  const { files } = JSON.parse(stdout);
  assert.equal(
    files.map(({ path }: { path: string }) => path),
    [good, bad],
  );
  assert.equal(
    files.map((one: object) => "error" in one),
    [false, true],
  );
  assert.match(unpool(["inspect", bad, good]).stdout, /plain\.unp, \.unp version 1/);
});

test.run();
