// Kills `unpool encode` and `unpool decode` with SIGKILL at random, seeded moments, and looks at what is there: every
// output must be whole, bit for bit what an undisturbed run writes, or absent; a rerun with --resume must finish the rest
// and leave no temporary file. It is build/cli.js that runs: build first. --json prints the figures as one object.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { encode as encodePng } from "fast-png";
import { scene } from "../../build/scene.js";

const { values: options } = parseArgs({
  options: {
    /** Pictures of the commands that are given many. */
    files: { type: "string", default: "24" },
    /** Of each command. */
    kills: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const [files, kills, seed] = [options.files, options.kills, options.seed].map(Number);

const LAYER = ["-k", "16", "--kernel", "3", "--tile", "64", "--overlap", "8"];
const CLI = "build/cli.js";
const folder = mkdtempSync(join(tmpdir(), "unpool-survival-"));
process.once("exit", () => rmSync(folder, { recursive: true }));

/** Numbers in [0, 1), the same of one seed (Mulberry32). */
function randomOf(start) {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A generated picture as a PNG on disk; returns its path. */
function picture(name, width, height, seed) {
  const planes = scene(width, height, seed);
  const area = width * height;
  const data = Uint8Array.from(
    { length: 3 * area },
    (_, i) => 255 * planes[(i % 3) * area + Math.floor(i / 3)],
  );
  const path = join(folder, name);
  writeFileSync(path, encodePng({ width, height, channels: 3, depth: 8, data }));
  return path;
}

/** Of an undisturbed run: what it writes, by name, and how long it takes. */
function undisturbed(args, out) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...args, "-o", out], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
  return { expected: contents(out), milliseconds: performance.now() - start };
}

function contents(out) {
  return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
}

/** Runs a command until it is killed after so long, or ends before. Returns its status, undefined if it was killed. */
async function interrupted(args, out, milliseconds) {
  const child = spawn(process.execPath, [CLI, ...args, "--resume", "-o", out], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", (status) => resolve(status ?? undefined)));
  const first = await Promise.race([ended.then(() => "ended"), pause(milliseconds, "late", { ref: false })]);
  if (first === "late") child.kill("SIGKILL");
  return ended;
}

/** Kills a command again and again, and counts what it leaves. */
async function survive(name, args, random) {
  const reference = join(folder, `${name}-undisturbed`);
  const { expected, milliseconds } = undisturbed(args, reference);
  const out = join(folder, name);
  mkdirSync(out);
  const figures = {
    name,
    outputs: expected.size,
    kills: 0,
    finished: 0,
    whole: 0,
    broken: 0,
    leftovers: 0,
    remaining: 0,
  };
  const look = () => {
    for (const [file, bytes] of contents(out)) {
      if (file.startsWith(".")) ++figures.leftovers;
      else if (expected.get(file)?.equals(bytes)) ++figures.whole;
      else ++figures.broken;
    }
  };
  /** All is there, and nothing else. */
  const finish = () => {
    ++figures.finished;
    const found = contents(out);
    for (const file of found.keys()) if (file.startsWith(".")) ++figures.remaining;
    for (const [file, bytes] of expected) if (!found.get(file)?.equals(bytes)) ++figures.broken;
    rmSync(out, { recursive: true });
    mkdirSync(out);
  };
  while (figures.kills < kills) {
    const status = await interrupted(args, out, milliseconds * random());
    if (status === undefined) {
      ++figures.kills;
      look();
    } else if (status === 0) {
      finish();
    } else {
      throw new Error(`${name} ended with ${status}`);
    }
  }
  const status = await interrupted(args, out, 2 ** 30);
  if (status !== 0) throw new Error(`the last run of ${name} ended with ${status}`);
  finish();
  rmSync(out, { recursive: true });
  return { ...figures, codes: reference };
}

const random = randomOf(seed);
const many = Array.from({ length: files }, (_, i) => {
  // most are one tile, some are several
  const [width, height] = [40 + Math.floor(90 * random()), 40 + Math.floor(60 * random())];
  return picture(`${i}.png`, width, height, i + 1);
});
const large = picture("large.png", 640, 480, 99);
const few = ["--iterations", "4", "-j", "2"];

const results = [];
for (const [name, paths] of [
  ["many", many],
  ["one large", [large]],
]) {
  const encoded = await survive(`encode ${name}`, ["encode", ...paths, ...LAYER, "-j", "2"], random);
  const codes = paths.map((path) => join(encoded.codes, `${basename(path, extname(path))}.unp`));
  const decoded = await survive(`decode ${name}`, ["decode", ...codes, ...few], random);
  for (const { codes: _, ...figures } of [encoded, decoded]) results.push(figures);
}

if (options.json) console.log(JSON.stringify({ seed, results }, null, 2));
else {
  for (const { name, outputs, kills, finished, whole, broken, leftovers, remaining } of results) {
    console.log(
      `${name} (${outputs}): killed ${kills} times; after kills ${whole} outputs whole, ${broken} broken, ${leftovers} temporary files; finished ${finished} times, after which ${remaining} of them were left`,
    );
  }
}
if (results.some(({ broken, remaining }) => broken > 0 || remaining > 0)) process.exitCode = 1;
