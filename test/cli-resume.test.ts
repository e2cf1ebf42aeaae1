// What interrupted runs leave, and how a later one goes on.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FILES, SMALL, SMALL_LAYER, scenePng, unpool, workspace } from "./command.js";
import { jpg, png } from "./pictures.js";

const { folder, file } = workspace(test);
const photo = file("photo.png", png);
const other = file("other.jpg", jpg);
const third = file("third.png", png);
const large = file("large.png", scenePng(600, 500));
const CLI = "build/cli.js";

const modified = (path: string) => statSync(path).mtimeMs;
const age = (path: string, seconds: number) =>
  utimesSync(path, Date.now() / 1000, Date.now() / 1000 - seconds);

function run(...args: string[]) {
  const { status, stdout, stderr } = unpool(args);
  assert.equal([status, stderr], [0, ""], args.join(" "));
  return stdout;
}

test("--resume skips what is finished, says how much, and does the rest", () => {
  const out = join(folder, "resumed");
  run("encode", photo, other, ...SMALL_LAYER, "-o", out);
  const before = ["photo", "other"].map((name) => modified(join(out, `${name}.unp`)));
  const all = [photo, other, third];
  const table = run("encode", ...all, ...SMALL_LAYER, "-o", out, "--resume");
  assert.match(table, /^ {2}2 of 3 were finished before: skipped$/m);
  assert.match(table, /^ {2}third +16 x 16/m);
  assert.not.match(table, /^ {2}photo +16 x 16/m);
  assert.equal(
    ["photo", "other"].map((name) => modified(join(out, `${name}.unp`))),
    before,
  );
  assert.equal(readdirSync(out).sort(), ["other.unp", "photo.unp", "third.unp"]);

  const { skipped, pictures } = JSON.parse(
    run("encode", ...all, ...SMALL_LAYER, "-o", out, "--resume", "--json"),
  );
  assert.is(skipped, 3);
  assert.equal(
    pictures,
    all.map((path, i) => ({
      path,
      skipped: true,
      files: [join(out, `${["photo", "other", "third"][i]}.unp`)],
    })),
  );
  assert.is(
    run("encode", ...all, ...SMALL_LAYER, "-o", out, "--resume"),
    "  3 of 3 were finished before: skipped\n",
  );

  rmSync(join(out, "other.unp"));
  const again = JSON.parse(run("encode", ...all, ...SMALL_LAYER, "-o", out, "--resume", "--json"));
  assert.is(again.skipped, 2);
  assert.equal(
    again.pictures.map((picture: object) => "skipped" in picture),
    [true, false, true],
  );
});

test("an output that is older than its input is made anew", () => {
  const out = join(folder, "older");
  const input = file("older.png", png);
  run("encode", input, photo, ...SMALL_LAYER, "-o", out);
  age(join(out, "older.unp"), 1000);
  age(input, 900);
  assert.is(
    JSON.parse(run("encode", input, photo, ...SMALL_LAYER, "-o", out, "--resume", "--json")).skipped,
    1,
  );
  age(input, 2000);
  age(join(out, "older.unp"), 1000);
  assert.is(
    JSON.parse(run("encode", input, photo, ...SMALL_LAYER, "-o", out, "--resume", "--json")).skipped,
    2,
  );
});

test("one input alone is skipped, too, and so is the built-in scene", () => {
  const out = join(folder, "alone", "photo.unp");
  run("encode", photo, ...SMALL_LAYER, "-o", out);
  assert.equal(JSON.parse(run("encode", photo, ...SMALL_LAYER, "-o", out, "--resume", "--json")), {
    skipped: true,
    files: [out],
  });
  assert.is(
    run("encode", photo, ...SMALL_LAYER, "-o", out, "--resume"),
    "  it was finished before: skipped\n",
  );
  const decoded = join(folder, "alone", "photo.png");
  assert.match(run("decode", out, "-o", decoded, "--resume"), /photo\.png/);
  assert.is(run("decode", out, "-o", decoded, "--resume"), "  it was finished before: skipped\n");
  const scenes = join(folder, "scenes");
  run("invert", ...SMALL, "-o", scenes);
  assert.is(run("invert", ...SMALL, "-o", scenes, "--resume"), "  it was finished before: skipped\n");
  rmSync(join(scenes, "report.html"));
  assert.match(
    run("invert", ...SMALL, "-o", scenes, "--resume"),
    /least-squares/,
    "all of its files, or none",
  );
  assert.equal(readdirSync(scenes).sort(), [...FILES].sort());
});

test("an input that is missing is an error, whatever there is of its output", () => {
  const out = join(folder, "missing");
  const input = file("gone.png", png);
  run("encode", input, photo, ...SMALL_LAYER, "-o", out);
  rmSync(input);
  const { status, stderr } = unpool(["encode", input, photo, ...SMALL_LAYER, "-o", out, "--resume"]);
  assert.is(status, 1);
  assert.match(stderr, /cannot read .*gone\.png: there is no such file/);
});

test("what a killed run has left of a file goes when the file is asked for again, and is never taken for it", () => {
  const out = join(folder, "left");
  mkdirSync(out);
  const { pid } = spawnSync(process.execPath, ["--version"]); // of a process that is no more
  for (const name of [
    `.photo.unp.${pid}.tmp`,
    `.third.unp.${pid}.tmp`,
    `.photo.unp.${process.pid}.tmp`,
    ".photo.unp.tmp",
  ]) {
    writeFileSync(join(out, name), "half");
  }
  run("encode", photo, other, ...SMALL_LAYER, "-o", out, "--resume");
  assert.equal(readdirSync(out).sort(), [
    // of a process that still runs; another file's; no name that this program gives
    ...[`.photo.unp.${process.pid}.tmp`, ".photo.unp.tmp", `.third.unp.${pid}.tmp`].sort(),
    "other.unp",
    "photo.unp",
  ]);
  writeFileSync(join(out, `.photo.unp.${pid}.tmp`), "half");
  run("encode", photo, ...SMALL_LAYER, "-o", join(out, "photo.unp"), "--resume");
  assert.not(existsSync(join(out, `.photo.unp.${pid}.tmp`)), "skipped, and cleaned up");
});

/** Runs a command, and sends a signal once a file that is not finished is there. */
async function signalled(out: string, signal: NodeJS.Signals, ...args: string[]) {
  mkdirSync(out, { recursive: true });
  const child = spawn(process.execPath, [CLI, ...args, "-o", out], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      said += text;
    });
  }
  const unfinished = () => readdirSync(out).some((name) => name.endsWith(".tmp"));
  while (!unfinished() && child.exitCode === null) await pause(1);
  assert.ok(unfinished(), "the signal comes in the middle of the file");
  const before = performance.now();
  child.kill(signal);
  const [status, ended] = await once(child, "close");
  return { status, ended, said, milliseconds: performance.now() - before };
}

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  test(`${signal} in the middle of a file that is written piece by piece leaves nothing of it`, async () => {
    const encoded = join(folder, "whole.unp");
    run("encode", large, "-k", "16", "-o", encoded);
    for (const [name, ...args] of [
      ["tiles by workers", "encode", large, "-k", "64", "-j", "2"],
      ["pictures by workers", "encode", large, large, "-k", "64", "-j", "2"],
      ["decoded tiles", "decode", encoded, "--format", "pnm", "-j", "2"],
      ["decoded pictures", "decode", encoded, encoded, "--format", "pnm", "-j", "2"],
    ]) {
      const out = join(folder, `${signal} ${name}`);
      const { status, said, milliseconds } = await signalled(out, signal, ...args);
      assert.equal([status, said], [code, ""], name);
      assert.ok(milliseconds < 5000, name);
      assert.equal(readdirSync(out), [], name);
    }
  });
}

test("an old file stays as it was when a new one is not finished", async () => {
  const out = join(folder, "old");
  mkdirSync(out);
  writeFileSync(join(out, "large.unp"), "old");
  await signalled(out, "SIGINT", "encode", large, "-k", "64", "-j", "2");
  assert.equal(readdirSync(out), ["large.unp"]);
  assert.is(readFileSync(join(out, "large.unp"), "utf8"), "old");
});

test("a disk that is full leaves the old file, and nothing else", () => {
  const out = join(folder, "full");
  mkdirSync(out);
  writeFileSync(join(out, "large.unp"), "old");
  const command = `ulimit -f 600 && exec '${process.execPath}' ${CLI} encode '${large}' -k 16 -o '${out}'`;
  const { status, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  assert.is(status, 1);
  assert.match(stderr, /^unpool: cannot write .*large\.unp: it would be larger than the system allows\n$/);
  assert.equal(readdirSync(out), ["large.unp"]);
  assert.is(readFileSync(join(out, "large.unp"), "utf8"), "old");
});

test("outputs survive kill -9 whole or not at all, and a rerun finishes the rest", () => {
  const args = ["test/survival/kill.mjs", "--files", "5", "--kills", "4", "--seed", "7", "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.is(status, 0, stderr);
  const { results } = JSON.parse(stdout);
  assert.equal(
    results.map(({ name }: { name: string }) => name),
    ["encode many", "decode many", "encode one large", "decode one large"],
  );
  for (const { kills, broken, remaining, finished } of results) {
    assert.equal([kills, broken, remaining], [4, 0, 0]);
    assert.ok(finished >= 1);
  }
});

test.run();
