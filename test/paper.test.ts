// The runner of the paper's experiments: which it runs, what it refuses, what it writes.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeFiles } from "../experiments/paper/files.mjs";
import { json } from "../experiments/paper/format.mjs";
import { main } from "../experiments/paper/runner.mjs";
import { binned, deviation, quantiles, rounded, summary } from "../experiments/paper/statistics.mjs";
import { timeLimit } from "../experiments/paper/time-limit.mjs";
import { workspace } from "./command.js";

const { folder, file } = workspace(test);

interface Context {
  quick: boolean;
  seed: number;
  data: (kind: string) => string;
  cifar10: string;
  progress: (done: number, total: number, what?: string) => void;
  limit: () => number;
}

/** An experiment as its module exports it; `work` gives the result. */
function experiment(work: (context: Context) => unknown, needs: string[] = []) {
  return async () => ({
    ...{ title: "A title", claim: "A claim.", needs },
    result: async (context: Context) => work(context),
    markdown: (result: unknown) => `The result is ${JSON.stringify(result)}.`,
    figures: () => ({ "": "<svg/>", other: "<svg></svg>" }),
  });
}

const EXPERIMENTS = {
  first: experiment(({ quick, seed }) => ({ quick, seed, numbers: [1, 2, 3] })),
  seeing: experiment(({ data, cifar10 }) => ({ images: data("images"), cifar10 }), ["images"]),
  failing: experiment(() => {
    throw Object.assign(new Error("there is no such file"), { code: "ENOENT" });
  }),
  last: experiment(({ progress }) => {
    progress(1, 2, "half of it");
    return {};
  }),
};

/** Runs `args` on the experiments above, in a folder of its own. */
async function run(args: string[], experiments: Record<string, () => Promise<unknown>> = EXPERIMENTS) {
  let stdout = "";
  let stderr = "";
  const streams = {
    out: (text: string) => {
      stdout += text;
    },
    error: (text: string) => {
      stderr += text;
    },
  };
  const status = await main(args, experiments, streams);
  return { status, stdout, stderr };
}

const written = (name: string) =>
  existsSync(join(folder, name)) ? readdirSync(join(folder, name)).sort() : [];
const FIRST = ["first-other.svg", "first.json", "first.md", "first.svg"];

test("an experiment by name writes its JSON, its page and its figures, and prints the page", async () => {
  const out = join(folder, "named");
  const { status, stdout, stderr } = await run(["first", "--out", out]);
  assert.is(status, 0);
  assert.is(stderr, "");
  assert.equal(written("named"), FIRST);
  assert.match(
    stdout,
    /^first {2}A title {2}[\d.]+ s {2}.*first\.json .*first\.md .*first\.svg .*first-other\.svg\n/,
  );
  const page = readFileSync(join(out, "first.md"), "utf8");
  assert.ok(stdout.endsWith(`\n\n${page}`), "one line, then the page");
  assert.match(page, /^# A title\n\n> A claim\.\n\nPrinted by `npm run paper first`\./);
  assert.match(
    page,
    /!\[A title\]\(first\.svg\)\n\nThe result is \{.*\}\.\n\n!\[A title\]\(first-other\.svg\)\n$/,
  );
  assert.is(readFileSync(join(out, "first.svg"), "utf8"), "<svg/>");
});

test("the seed and the size reach the experiment, and the page says how to repeat it", async () => {
  const out = join(folder, "seeded");
  assert.is((await run(["first", "--seed", "7", "--quick", "--out", out])).status, 0);
  const { seed, quick, result } = JSON.parse(readFileSync(join(out, "first.json"), "utf8"));
  assert.equal(
    { seed, quick, result },
    { seed: 7, quick: true, result: { quick: true, seed: 7, numbers: [1, 2, 3] } },
  );
  assert.match(readFileSync(join(out, "first.md"), "utf8"), /`npm run paper first -- --quick --seed 7`/);
});

test("the same run writes the same bytes", async () => {
  const read = () => FIRST.map((name) => readFileSync(join(folder, "again", name), "utf8"));
  await run(["first", "--out", join(folder, "again")]);
  const before = read();
  await run(["first", "--out", join(folder, "again")]);
  assert.equal(read(), before);
});

test("a quick run writes into build/paper, so that no committed figure is of a reduced size", async () => {
  const quick = { "only-tested": EXPERIMENTS.first };
  const { status, stdout } = await run(["--quick"], quick);
  assert.is(status, 0);
  assert.match(stdout, /build\/paper\/only-tested\.json/);
  assert.ok(existsSync("build/paper/only-tested.md"));
  assert.not.ok(existsSync("docs/paper/only-tested.md"));
});

test("--json prints one object and nothing else", async () => {
  const { status, stdout, stderr } = await run(["last", "first", "--json", "--out", join(folder, "json")]);
  assert.is(status, 0);
  assert.is(stderr, "");
  const { experiments } = JSON.parse(stdout);
  assert.equal(
    experiments.map(({ name }: { name: string }) => name),
    ["first", "last"],
    "in their own order",
  );
  assert.is(experiments[0].result.seed, 0);
});

test("an unknown name is refused with 2 and the names there are, and nothing runs", async () => {
  const { status, stdout, stderr } = await run(["first", "secnd", "--out", join(folder, "unknown")]);
  assert.is(status, 2);
  assert.is(stdout, "");
  assert.is(stderr, 'paper: there is no experiment "secnd"; there are first, seeing, failing, last\n');
  assert.equal(written("unknown"), []);
});

test("options that are no numbers are refused with 2", async () => {
  const wrong = [
    ["--seed", "-1"],
    ["--seed", "a"],
    ["--seed", "0.5"],
    ["--limit", "0"],
    ["--limit", "x"],
    ["--fast"],
  ];
  for (const args of wrong) {
    const { status, stdout, stderr } = await run(["first", ...args]);
    assert.is(status, 2, args.join(" "));
    assert.match(stderr, /^paper: .*\n$/);
    assert.is(stdout, "");
  }
});

test("data that is missing is named before anything runs: what, where it was looked for, how to name another", async () => {
  mkdirSync(join(folder, "empty/images"), { recursive: true });
  for (const data of ["nowhere", "empty"]) {
    const args = ["first", "seeing", "--data", join(folder, data), "--out", join(folder, "missing")];
    const { status, stdout, stderr } = await run(args);
    assert.is(status, 2);
    assert.is(stdout, "");
    assert.is(
      stderr,
      `paper: seeing needs photographs, PNG (*.png), and none are in ${join(folder, data, "images")}; ` +
        "name another folder by --data DIR or UNPOOL_DATA (a folder with images/ in it)\n",
    );
  }
  assert.equal(written("missing"), []);
});

test("data is found in the folder that is named, CIFAR-10 in one of its own", async () => {
  file("data/images/a.png", "");
  const args = [
    "seeing",
    "--data",
    join(folder, "data"),
    "--cifar10",
    "ten",
    "--json",
    "--out",
    join(folder, "found"),
  ];
  const { status, stdout } = await run(args);
  assert.is(status, 0);
  const { result } = JSON.parse(stdout).experiments[0];
  assert.equal(result, { images: join(folder, "data/images"), cifar10: "ten" });
});

test("an experiment that fails does not stop the others, and the run fails", async () => {
  const out = join(folder, "failed");
  const { status, stdout, stderr } = await run(["first", "failing", "last", "--out", out]);
  assert.is(status, 1);
  assert.is(stderr, "failing: there is no such file\n");
  assert.match(stdout, /^first .*\nlast .*\n$/);
  assert.is(written("failed").length, 8);
  const { experiments } = JSON.parse((await run(["failing", "--json", "--out", out])).stdout);
  assert.is(experiments[0].error, "there is no such file");
});

test("a time limit that runs out fails with a sentence and leaves the files as they were", async () => {
  const slow = {
    slow: experiment(({ progress }) => {
      for (let i = 0; ; ++i) progress(i, i + 1);
    }),
    next: EXPERIMENTS.first,
  };
  const out = join(folder, "limited");
  file("limited/slow.json", "as it was");
  const { status, stdout, stderr } = await run(["--limit", "0.001", "--out", out], slow);
  assert.is(status, 1);
  assert.is(stdout, "");
  const sentence = "the time limit of 0.001 min ran out before it was done; nothing of it was written\n";
  assert.is(stderr, `slow: ${sentence}next: ${sentence}`);
  assert.equal(written("limited"), ["slow.json"]);
  assert.is(readFileSync(join(out, "slow.json"), "utf8"), "as it was");
});

test("pages are drawn anew from the result that is there, without its data", async () => {
  const out = join(folder, "redrawn");
  await run(["first", "--seed", "3", "--out", out], EXPERIMENTS);
  const before = readFileSync(join(out, "first.md"), "utf8");
  file("redrawn/first.md", "stale");
  file("redrawn/seeing.json", JSON.stringify({ experiment: "seeing", quick: false, seed: 0, result: 7 }));
  assert.is((await run(["first", "seeing", "--redraw", "--out", out], EXPERIMENTS)).status, 0);
  assert.is(readFileSync(join(out, "first.md"), "utf8"), before);
  assert.match(readFileSync(join(out, "seeing.md"), "utf8"), "The result is 7.");
  const { status, stderr } = await run(["failing", "--redraw", "--out", out], EXPERIMENTS);
  assert.is(status, 1);
  assert.match(stderr, /failing: .*ENOENT|no such file/);
});

test("the limit gives the milliseconds that are left", () => {
  let now = 0;
  const limit = timeLimit(1, () => now);
  now = 59_000;
  assert.is(limit(), 1000);
  now = 60_000;
  assert.throws(limit, /the time limit of 1 min ran out/);
  assert.is(timeLimit()(), Infinity);
});

test("files are written whole or not at all", () => {
  const target = join(folder, "whole");
  file("whole/a.txt", "old");
  // a folder with something in it is in the way of the second file's temporary one
  mkdirSync(join(target, `.b.txt.${process.pid}.tmp/full`), { recursive: true });
  const files = ["a.txt", "b.txt"].map((name) => ({ name, text: "new" }));
  assert.throws(() => writeFiles(target, files), /^cannot write into .*whole: /);
  assert.is(readFileSync(join(target, "a.txt"), "utf8"), "old");
  assert.equal(
    written("whole").filter((name) => name.startsWith(".a")),
    [],
  );
  assert.throws(() => writeFiles(join(target, "a.txt", "below"), files), /cannot write into/);
});

test("the command itself refuses an unknown experiment with 2", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["experiments/paper.mjs", "no-such"], {
    encoding: "utf8",
  });
  assert.is(status, 2);
  assert.is(stdout, "");
  assert.match(stderr, /^paper: there is no experiment "no-such"; there are .*\n$/);
});

test("JSON keeps lists of numbers in one line, and strings as they are", () => {
  const value = { a: [1, 2], b: [{ c: ["x, y", "[\n 1 ]"] }], d: [], e: "[\n 1\n]" };
  const text = json(value);
  assert.equal(JSON.parse(text), value);
  assert.match(text, /"a": \[1, 2\]/);
});

test("a sample in a few numbers, by hand", () => {
  assert.equal(quantiles([4, 1, 3, 2], [0, 0.5, 1]), [1, 2.5, 4]);
  assert.is(deviation([1, 3]), Math.SQRT2);
  assert.is(deviation([5]), 0);
  assert.equal(summary([1, 2, 3], 2), { mean: 2, sd: 1, low: 1.1, high: 2.9, least: 1, greatest: 3 });
  assert.equal(binned([-1, 0, 0.4, 0.5, 1, 2], 0, 1, 2), { from: 0, to: 1, counts: [3, 3] });
  assert.equal(rounded({ a: [1.23456, "b"], c: null }, 2), { a: [1.23, "b"], c: null });
});

test.run();
