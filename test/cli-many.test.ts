// Many pictures on one command line.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { decode } from "fast-png";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { uniqueNames } from "../src/cli/batch/names.js";
import { FILES, SMALL, SMALL_LAYER, unpool, workspace } from "./command.js";
import { jpg, png } from "./pictures.js";

const { folder, file } = workspace(test);
const photo = file("photo.png", png);
const other = file("other.jpg", jpg);
const PICTURES = FILES.slice(0, 5);

/** JSON without what differs from run to run. */
function steady(stdout: string): unknown {
  return JSON.parse(stdout, (key, value) =>
    /milliseconds$/i.test(key) || key === "files" ? undefined : value,
  );
}

test("each of several pictures is inverted into a folder of its own, as it is alone", () => {
  const out = join(folder, "apart");
  const { status, stdout, stderr } = unpool(["invert", photo, other, ...SMALL, "-o", out]);
  assert.equal([status, stderr], [0, ""]);
  assert.equal(readdirSync(out).sort(), ["other", "photo"]);
  for (const [name, path] of [
    ["photo", photo],
    ["other", other],
  ] as const) {
    const alone = join(folder, `${name}-alone`);
    unpool(["invert", path, ...SMALL, "-o", alone]);
    assert.equal(readdirSync(join(out, name)).sort(), [...FILES].sort());
    for (const picture of PICTURES) {
      assert.equal(readFileSync(join(out, name, picture)), readFileSync(join(alone, picture)));
    }
    const report = readFileSync(join(out, name, "report.html"), "utf8");
    assert.ok(report.includes(`unpool invert ${path} --crop 16`));
    assert.ok(report.includes(`--output ${join(out, name)}</code>`));
  }
  const rows = stdout.split("\n").filter((line) => /16 x 16/.test(line));
  assert.equal(
    rows.map((row) => row.trim().split(" ")[0]),
    ["photo", "other"],
  );
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
});

test("one worker and several write the same bits, and --json says the same", () => {
  const paths = [photo, other, photo, other, photo];
  for (const [command, args] of [
    ["invert", SMALL],
    ["encode", SMALL_LAYER],
  ] as const) {
    const [one, ...more] = ["1", "2", "3"].map((jobs) => {
      const out = join(folder, `${command}-${jobs}`);
      const { status, stdout } = unpool([command, ...paths, ...args, "--json", "-j", jobs, "-o", out]);
      assert.is(status, 0);
      const { pictures } = JSON.parse(stdout);
      assert.is(pictures.length, paths.length);
      const files: string[] = pictures.flatMap(({ files }: { files: string[] }) => files);
      const bits = files
        .filter((path) => !path.endsWith(".html"))
        .map((path) => [path.slice(out.length), readFileSync(path).toString("base64")]);
      return { bits, json: steady(stdout) };
    });
    for (const another of more) assert.equal(another, one, command);
  }
});

test("a bad picture is reported by name, and the others are done all the same", () => {
  const cut = file("cut.png", png.subarray(0, 100));
  const missing = join(folder, "missing.png");
  for (const jobs of ["1", "2"]) {
    const out = join(folder, `bad-${jobs}`);
    const args = ["invert", photo, cut, missing, other, ...SMALL, "-o", out, "--json", "-j", jobs];
    const { status, stdout, stderr } = unpool(args);
    assert.is(status, 1);
    const lines = stderr.trimEnd().split("\n").sort();
    assert.is(lines.length, 2);
    assert.ok(lines[0]!.startsWith(`unpool: ${cut} is truncated`), lines[0]);
    assert.match(lines[1]!, /^unpool: cannot read .*missing\.png: there is no such file/);
    const { pictures } = JSON.parse(stdout);
    assert.equal(
      pictures.map(({ path }: { path: string }) => path),
      [photo, cut, missing, other],
    );
    assert.equal(
      pictures.map((picture: object) => "error" in picture),
      [false, true, true, false],
    );
    assert.match(pictures[1].error, /truncated/);
    assert.equal(readdirSync(out).sort(), ["other", "photo"]);
  }
});

test("a refusal that does not name its picture is given its name, and nothing but refusals prints no table", () => {
  const args = ["--kernel", "30", "--padding", "0", "-o", join(folder, "refused"), "-j", "2"];
  const { status, stdout, stderr } = unpool(["encode", photo, other, ...args]);
  assert.equal([status, stdout], [1, ""]);
  const lines = stderr.trimEnd().split("\n").sort();
  assert.match(lines[0]!, /^unpool: .*other\.jpg: the kernel is 30 x 30/);
  assert.match(lines[1]!, /^unpool: .*photo\.png: the kernel is 30 x 30/);
  assert.not(existsSync(join(folder, "refused")));
});

test("pictures of one name do not overwrite each other", () => {
  const paths = [photo, file("below/photo.jpg", jpg), file("below/PHOTO.png", png)];
  const args = ["--filters", "2", "--kernel", "3", "--iterations", "2"];
  const out = join(folder, "names");
  assert.is(unpool(["invert", ...paths, ...args, "-o", out]).status, 0);
  assert.equal(readdirSync(out).sort(), ["PHOTO-3", "photo", "photo-2"]);
  assert.is(decode(readFileSync(join(out, "photo-2", "original.png"))).width, 24);
});

test("long names that differ at either end are told apart in the table", () => {
  const names = ["1_a_long_name_of_a_picture", "2_a_long_name_of_a_picture", "1_a_long_name_of_a_picture_2"];
  const paths = names.map((name) => file(`long/${name}.png`, png));
  const { stdout } = unpool(["encode", ...paths, ...SMALL_LAYER, "-o", join(folder, "long-out")]);
  const shown = stdout
    .split("\n")
    .flatMap((line) => (/16 x 16/.test(line) ? [line.trim().split(" ")[0]] : []));
  assert.is(new Set(shown).size, names.length, stdout);
});

test("names are unique where case does not count, and never lead out of the folder", () => {
  assert.equal(uniqueNames(["a/x.png", "b/x.jpg", "x-2.png", "X", "x"]), ["x", "x-2", "x-2-2", "X-3", "x-4"]);
  assert.equal(uniqueNames(["é.png", "e\u0301.png"]), ["é", "e\u0301-2"]);
  assert.equal(uniqueNames(["-", "stdin.png", "a.b.png", "noext", ".png"]), [
    "stdin",
    "stdin-2",
    "a.b",
    "noext",
    ".png",
  ]);
  assert.equal(uniqueNames(["...png", "..png"]), ["...png", "..png"]);
});

test("one of several pictures may come from standard input", () => {
  const out = join(folder, "stdin");
  const args = ["encode", photo, "-", ...SMALL_LAYER, "-o", out, "-j", "2"];
  assert.is(unpool(args, { input: jpg }).status, 0);
  assert.equal(readdirSync(out).sort(), ["photo.unp", "stdin.unp"]);
});

test("an output folder that cannot be is refused once for all pictures", () => {
  const { status, stdout, stderr } = unpool(["invert", photo, other, ...SMALL, "-o", join(photo, "below")]);
  assert.equal([status, stdout], [1, ""]);
  assert.match(stderr, /^unpool: cannot write into .*photo\.png is a file, not a folder\n$/);
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  for (const jobs of ["1", "2"]) {
    test(`${signal} ends ${jobs} ${jobs === "1" ? "job" : "jobs"} at once and leaves whole files only`, async () => {
      const out = join(folder, `${signal}-${jobs}`);
      const many = Array.from({ length: 400 }, (_, i) => (i % 2 ? photo : other));
      const args = ["build/cli.js", "invert", ...many, ...SMALL, "-o", out, "-j", jobs];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
      let printed = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (text) => {
          printed += text;
        });
      }
      while (!(existsSync(out) && readdirSync(out).length > 3)) await pause(5);
      const start = performance.now();
      child.kill(signal);
      const [status, ended] = await once(child, "close");
      assert.ok(performance.now() - start < 5000);
      assert.ok(status === code || ended === signal, `${status} ${ended}`);
      assert.is(printed, "");
      const names = readdirSync(out);
      assert.ok(names.length < many.length);
      for (const name of names) {
        const files = readdirSync(join(out, name));
        // a folder may be made and not yet written into
        if (files.length > 0) assert.equal(files.sort(), [...FILES].sort());
      }
    });
  }
}

test.run();
