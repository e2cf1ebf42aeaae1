// The command line as its users meet it: output, files, exit codes.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode } from "fast-png";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FILES, SMALL, unpool, workspace } from "./command.js";
import { jpg, png } from "./pictures.js";

const { folder, file } = workspace(test);

/** Refused with 1, one sentence that matches, nothing on standard output and nothing written. */
function refused(image: string, sentence: RegExp, ...args: string[]): void {
  const out = join(folder, "refused");
  const { status, stdout, stderr } = unpool(["invert", image, "-o", out, ...args]);
  assert.match(stderr, sentence);
  assert.match(stderr, /^unpool: .+\n$/);
  assert.is(status, 1);
  assert.is(stdout, "");
  assert.not(readdirSync(folder).includes("refused"));
}

const photo = file("photo.png", png);

test("--json prints one object and nothing else, and the files it names hold pictures of the right size", () => {
  const out = join(folder, "json");
  const { status, stdout, stderr } = unpool(["invert", photo, ...SMALL, "--json", "-o", out]);
  assert.is(stderr, "");
  assert.is(status, 0);
  const result = JSON.parse(stdout);
  assert.equal(result.image, { width: 16, height: 16 });
  const { channels, height, width, filters, kernel, pool, seed, codeShape, codeLength } = result.layer;
  assert.equal([channels, height, width, filters], [3, 16, 16, 4]);
  assert.equal([kernel, pool, seed], [[3, 3], [2, 2], 0]);
  assert.equal(result.layer.padding, [1, 1], "half the kernel, unless it is given");
  assert.equal(codeShape, [4, 8, 8]);
  assert.is(codeLength, 256);
  assert.is(result.wasmBytes, readFileSync("build/kernel.wasm").length);
  assert.is(result.memoryBytes % 65536, 0);
  assert.equal(
    result.results.map(({ method }: { method: string }) => method),
    ["synthesis", "iht", "least-squares"],
  );
  for (const one of result.results) {
    assert.equal(Object.keys(one), [
      "method",
      "solver",
      "reason",
      "relativeError",
      "psnr",
      "ssim",
      "iterations",
      "stopped",
      "products",
      "poolResidual",
      "milliseconds",
    ]);
    for (const key of ["relativeError", "psnr", "ssim", "milliseconds"]) assert.type(one[key], "number");
    assert.ok(one.iterations >= 1 && one.iterations <= 3);
    assert.ok(["converged", "stagnated", "iterations"].includes(one.stopped));
  }
  assert.equal(
    result.files,
    FILES.map((name) => join(out, name)),
  );
  assert.equal(readdirSync(out).sort(), [...FILES].sort());
  for (const name of FILES.slice(0, 4)) {
    const picture = decode(readFileSync(join(out, name)));
    assert.equal([picture.width, picture.height], [16, 16]);
  }
  const comparison = decode(readFileSync(join(out, "comparison.png")));
  assert.ok(comparison.width > 4 * 16 && comparison.height > 2 * 16);
});

test("the same command writes the same pictures", () => {
  const [one, two] = ["one", "two"].map((name) => {
    unpool(["invert", photo, ...SMALL, "-o", join(folder, name)]);
    return ["original", "synthesis", "iht", "least-squares", "comparison"].map((picture) =>
      readFileSync(join(folder, name, `${picture}.png`)).toString("hex"),
    );
  });
  assert.equal(one, two);
});

test("the table names the methods and fits 80 columns", () => {
  const { status, stdout } = unpool(["invert", photo, ...SMALL, "-o", join(folder, "table")]);
  assert.is(status, 0);
  for (const word of ["photo.png", "synthesis", "iht", "least-squares", "m/N", "report.html"]) {
    assert.ok(stdout.includes(word), word);
  }
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
});

test("the report needs no other file and says how to repeat it", () => {
  const out = join(folder, "it's a report");
  unpool(["invert", photo, ...SMALL, "--unit-norm", "--pool", "global", "-o", out]);
  const html = readFileSync(join(out, "report.html"), "utf8");
  assert.not.match(html, /(?:src|href)="(?!data:)/);
  assert.match(html, /<html lang="en">/);
  assert.match(html, /<svg[^>]* role="img"/);
  assert.is(html.match(/<img /g)?.length, 7);
  assert.is(html.match(/ alt="[^"]+"/g)?.length, 7);
  const command = /<code>(.*)<\/code>/.exec(html)?.[1];
  const flags = "--crop 16 --filters 4 --kernel 3 --pool global --unit-norm --iterations 3";
  assert.is(command, `unpool invert ${photo} ${flags} --output '${out.replace("'", "'\\''")}'`);
});

test("without an image the built-in scene is inverted", () => {
  const { status, stdout } = unpool(["invert", ...SMALL, "-o", join(folder, "scene")]);
  assert.is(status, 0);
  assert.match(stdout, /built-in scene, 16 x 16, colour/);
});

test("a picture comes from standard input, and an extension is not believed", () => {
  const args = [...SMALL, "--json", "-o", join(folder, "stdin")];
  assert.is(unpool(["invert", "-", ...args], { input: jpg }).status, 0);
  assert.is(unpool(["invert", file("a-jpeg-in-truth.png", jpg), ...args]).status, 0);
  assert.is(unpool(["invert", file("no-extension", png), ...args]).status, 0);
});

test("a black picture is inverted without error", () => {
  const black = encode({ width: 16, height: 16, channels: 1, depth: 8, data: new Uint8Array(256) });
  const { status, stdout } = unpool([
    ...["invert", file("black.png", black), ...SMALL],
    ...["--json", "-o", join(folder, "black")],
  ]);
  assert.is(status, 0);
  for (const { relativeError, psnr, ssim } of JSON.parse(stdout).results) {
    assert.equal([relativeError, psnr, ssim], [0, null, 1]);
  }
});

test("a picture smaller than the window of SSIM has none", () => {
  const { status, stdout } = unpool([
    ...["invert", photo, "--crop", "8", "-k", "4", "--kernel", "3", "--iterations", "2"],
    ...["--json", "-o", join(folder, "tiny")],
  ]);
  assert.is(status, 0);
  assert.is(JSON.parse(stdout).results[0].ssim, null);
});

// pictures ------------------------------------------------------------------------------------------------

test("what is neither PNG nor JPEG is refused by what it is", () => {
  refused(
    file("code.png", Buffer.from("\x89UNP\r\n\x1a\n\x01\0", "latin1")),
    /is a code already, a \.unp file, and no picture/,
  );
  refused(file("text.png", "Hello, world"), /neither PNG, JPEG nor binary PNM: it begins with "Hello, w"/);
  refused(file("dots.png", "GIF89a......"), /is a GIF; unpool reads PNG, JPEG and binary PNM/);
  refused(file("zeros.jpg", new Uint8Array(9)), /begins with the bytes 00 00 00/);
  refused(file("empty.png", ""), /is empty: it has 0 bytes/);
});

test("a missing file, a folder and a cut picture are refused", () => {
  refused(join(folder, "missing.png"), /cannot read .*missing.png: there is no such file/);
  refused(folder, /it is a folder/);
  refused(file("cut.png", png.subarray(0, 100)), /cut.png is truncated/);
  refused(file("cut.jpg", jpg.subarray(0, 400)), /cut.jpg is truncated/);
});

test("a crop, a kernel or a layer too large for the picture is refused with both sizes", () => {
  refused(photo, /crop is 21 pixels high and 24 wide.* 20 high and 24 wide/, "--crop", "21x24");
  refused(
    photo,
    /kernel is 30 x 30, larger than the padded input of 20 x 24/,
    "--kernel",
    "30",
    "--padding",
    "0",
  );
  refused(photo, /needs \d+ MiB of memory/, "--filters", "10000000");
});

test("wrong usage ends with 2 and one sentence", () => {
  for (const args of [
    ["--iterations", "NaN"],
    ["--iterations", "0"],
    ["--jobs", "0"],
    ["--jobs", "two"],
    ["-j", "1.5"],
    ["-j", "-1"],
    ["-j", "257"],
    ["-", "-"],
    ["--filters", "2.5"],
    ["--kernel", "3x"],
    ["--padding", "-1"],
    ["--crop", "0"],
    ["--seed", "9007199254740992"],
    ["--tolerance", "NaN"],
    ["--tolerance", "1"],
    ["--rectifier", "tanh"],
    ["--pool", "all"],
    ["--colour"],
  ]) {
    const { status, stdout, stderr } = unpool(["invert", photo, ...args]);
    assert.is(status, 2, args.join(" "));
    assert.is(stdout, "");
    assert.match(stderr, /^unpool: .+\n$/);
  }
  assert.is(unpool(["exvert"]).status, 2);
  assert.is(unpool([]).status, 2);
});

test("--help and --version end with 0", () => {
  assert.match(unpool(["invert", "--help"]).stdout, /Examples:/);
  assert.is(unpool(["--help"]).status, 0);
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.is(unpool(["--version"]).stdout, `${version}\n`);
});

// writing -------------------------------------------------------------------------------------------------

test("an output folder that cannot be is refused before anything is computed", () => {
  const taken = file("taken", "a file");
  for (const out of [taken, join(taken, "below")]) {
    const { status, stderr } = unpool(["invert", photo, "--iterations", "1000000000", "-o", out]);
    assert.is(status, 1);
    assert.match(stderr, /^unpool: cannot write into .*taken is a file, not a folder\n$/);
  }
  assert.is(readFileSync(taken, "utf8"), "a file");
});

test("a folder in the place of a file is refused, and old files stay as they were", () => {
  const out = join(folder, "old");
  mkdirSync(join(out, "report.html"), { recursive: true });
  writeFileSync(join(out, "iht.png"), "old");
  const { status, stderr } = unpool(["invert", photo, ...SMALL, "-o", out]);
  assert.is(status, 1);
  assert.match(stderr, /report.html: a folder of that name is in the way/);
  assert.equal(readdirSync(out).sort(), ["iht.png", "report.html"]);
  assert.is(readFileSync(join(out, "iht.png"), "utf8"), "old");
});

test("when a write fails midway nothing half-written remains, and old files stay as they were", () => {
  const out = join(folder, "full");
  mkdirSync(out);
  writeFileSync(join(out, "original.png"), "old");
  // no file may grow over 4 KiB: the pictures fit, the report does not
  const words = [process.execPath, "build/cli.js", "invert", photo, ...SMALL, "-o", out];
  const command = `ulimit -f 8 && exec ${words.map((word) => `'${word}'`).join(" ")}`;
  const { status, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  assert.is(status, 1);
  assert.match(stderr, /^unpool: cannot write .*report.html: it would be larger than the system allows\n$/);
  assert.equal(readdirSync(out), ["original.png"]);
  assert.is(readFileSync(join(out, "original.png"), "utf8"), "old");
});

test.run();
