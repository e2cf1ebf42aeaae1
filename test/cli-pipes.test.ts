// Standard input and output, and whoever is at their other ends.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { refused, scenePng, unpool, unpoolBytes, workspace } from "./command.js";
import { jpg, png } from "./pictures.js";

const { folder, file } = workspace(test);
const photo = file("photo.png", png);
const LARGE = scenePng(600, 500);
const large = file("large.png", LARGE);
const LAYER = ["-k", "4", "--kernel", "3"];
const FEW = ["--iterations", "3"];

/** The bytes that a command would write into a file. */
function written(name: string, ...args: string[]): Buffer {
  const out = join(folder, name);
  const { status, stderr } = unpool([...args, "-o", out]);
  assert.equal([status, stderr], [0, ""]);
  return readFileSync(out);
}

test("standard output has the bytes of the file, and nothing else", () => {
  for (const [path, bytes] of [
    [photo, png],
    [large, LARGE],
  ] as const) {
    const code = written("piped.unp", "encode", path, ...LAYER);
    for (const args of [[path], ["-"]]) {
      const { status, stdout, stderr } = unpoolBytes(["encode", ...args, ...LAYER, "-o", "-"], bytes);
      assert.equal([status, stderr], [0, ""]);
      assert.ok(Buffer.compare(stdout, code) === 0);
    }
    for (const extension of ["png", "pnm", "npy"]) {
      const picture = written(`piped.${extension}`, "decode", join(folder, "piped.unp"), ...FEW);
      const args = ["decode", "-", ...FEW, "--format", extension, "-o", "-"];
      const { status, stdout, stderr } = unpoolBytes(args, code);
      assert.equal([status, stderr], [0, ""]);
      assert.ok(Buffer.compare(stdout, picture) === 0, extension);
    }
  }
});

test("a pipeline of encode and decode carries a large picture", () => {
  const expected =
    written("whole.unp", "encode", large, ...LAYER) &&
    written("whole.png", "decode", join(folder, "whole.unp"), ...FEW);
  const node = `'${process.execPath}' build/cli.js`;
  const command = `${node} encode - -o - ${LAYER.join(" ")} < '${large}' | ${node} decode - -o - ${FEW.join(" ")}`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { maxBuffer: 2 ** 26 });
  assert.equal([status, stderr.toString()], [0, ""]);
  assert.ok(stdout.equals(expected));
});

test("inspect reads standard input", () => {
  const code = written("inspected.unp", "encode", photo, ...LAYER);
  const { status, stdout } = unpoolBytes(["inspect", "-", "--json"], code);
  assert.is(status, 0);
  assert.is(JSON.parse(Buffer.from(stdout).toString()).bytes, code.length);
});

test("bytes and words do not mix on standard output", () => {
  refused(2, ["encode", photo, "-o", "-", "--json"], /--output - and --json both write to standard output/);
  refused(2, ["decode", photo, "-o", "-", "--json"], /--output - and --json both write to standard output/);
  refused(
    2,
    ["encode", photo, photo, "-o", "-"],
    /standard output, which holds one file, and 2 are asked for/,
  );
  refused(2, ["encode", photo, "-o", "-", "--resume"], /leaves nothing to --resume/);
  refused(2, ["invert", photo, "-o", "-"], /invert writes several files: name a folder/);
});

test("what is wrong with a piped picture is said, with status 1", () => {
  refused(1, ["encode", "-", "-o", "-"], /standard input is truncated/, png.subarray(0, 100));
  refused(1, ["decode", "-", "-o", "-"], /standard input: this is no \.unp file/, jpg);
  refused(1, ["encode", "-", "-o", "-"], /standard input is empty/, new Uint8Array());
  // of a large one, some bytes are on their way by then
  const code = written("cut.unp", "encode", large, ...LAYER);
  const { status, stderr } = unpoolBytes(
    ["decode", "-", ...FEW, "-o", "-"],
    code.subarray(0, code.length - 99),
  );
  assert.is(status, 1);
  assert.match(stderr, /^unpool: standard input: the file ends at byte \d+, before the end of .*\n$/);
});

test("a disk that is full is said", () => {
  const [node, full] = [process.execPath, openSync("/dev/full", "w")];
  const args = ["build/cli.js", "encode", photo, ...LAYER, "-o", "-"];
  const { status, stderr } = spawnSync(node, args, { stdio: ["ignore", full, "pipe"] });
  assert.equal([status, stderr.toString()], [1, "unpool: cannot write the result: the disk is full\n"]);
});

interface Running {
  child: ChildProcess;
  said: () => string;
  ended: Promise<unknown[]>;
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, ["build/cli.js", ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  child.stdin.on("error", () => {});
  return { child, said: () => said, ended: once(child, "close") };
}

test("a reader that has had enough ends the work, quietly, whoever else still writes or waits", async () => {
  const { child, said, ended } = start("encode", "-", ...LAYER, "-k", "64", "-o", "-");
  child.stdin!.write(LARGE); // and it is not ended
  await once(child.stdout!, "data");
  child.stdout!.destroy();
  child.stderr!.resume();
  const [status] = await ended;
  assert.equal([status, said()], [1, ""]);
});

test("a slow reader holds the writer up instead of filling its memory", async () => {
  const out = join(folder, "slow.unp");
  const expected = written("slow.unp", "encode", large, ...LAYER, "-k", "64");
  const { child, said, ended } = start("encode", large, ...LAYER, "-k", "64", "-o", "-");
  const parts: Buffer[] = [];
  child.stdout!.on("data", (part: Buffer) => {
    parts.push(part);
    child.stdout!.pause();
    setTimeout(() => child.stdout!.resume(), 1);
  });
  assert.equal([(await ended)[0], said()], [0, ""]);
  assert.ok(Buffer.concat(parts).equals(expected), out);
});

test("whoever waits for standard input is ended by a signal at once, and leaves nothing", async () => {
  for (const [name, ...paths] of [
    ["alone", "-"],
    ["beside", "-", photo],
  ]) {
    const out = join(folder, `waits-${name}`);
    const { child, ended } = start("encode", ...paths!, ...LAYER, "-o", out);
    child.stdin!.write(LARGE.subarray(0, 60_000));
    while (name === "beside" && !(existsSync(out) && readdirSync(out).includes("photo.unp"))) await pause(10);
    if (name === "alone") await pause(400);
    const before = performance.now();
    child.kill("SIGINT");
    const [status, signal] = await ended;
    assert.ok(status === 130 || signal === "SIGINT", `${status} ${signal}`);
    assert.ok(performance.now() - before < 5000);
    assert.equal(existsSync(out) ? readdirSync(out) : [], name === "alone" ? [] : ["photo.unp"]);
  }
});

test("a picture comes from a named pipe, and a signal ends the wait for it", async () => {
  const pipe = join(folder, "pipe.png");
  if (spawnSync("mkfifo", [pipe]).status !== 0) return;
  const out = join(folder, "fifo.unp");
  const reader = start("encode", pipe, ...LAYER, "-o", out);
  spawnSync("sh", ["-c", `cat '${photo}' > '${pipe}'`]);
  assert.is((await reader.ended)[0], 0);
  assert.equal(readFileSync(out), written("not-fifo.unp", "encode", photo, ...LAYER));

  const waiting = start("encode", pipe, photo, ...LAYER, "-o", join(folder, "fifos"));
  const writer = spawn("sh", ["-c", `(cat '${photo}' | head -c 50; sleep 60) > '${pipe}'`], {
    detached: true,
  });
  while (!existsSync(join(folder, "fifos", "photo.unp"))) await pause(10);
  const before = performance.now();
  waiting.child.kill("SIGTERM");
  const [status, signal] = await waiting.ended;
  process.kill(-writer.pid!, "SIGKILL");
  assert.ok(status === 143 || signal === "SIGTERM", `${status} ${signal}`);
  assert.ok(performance.now() - before < 5000);
});

test.run();
