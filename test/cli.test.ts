// The command line as its users meet it: pictures of every kind, broken ones, files, exit codes.
// Runs build/cli.js, so build first.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { decode, encode } from "fast-png";
import jpeg from "jpeg-js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeJpeg } from "../src/cli/pictures/jpeg.js";
import { decodePng } from "../src/cli/pictures/png.js";

const folder = mkdtempSync(join(tmpdir(), "unpool-"));
test.after(() => rmSync(folder, { recursive: true }));

const SMALL = ["--crop", "16", "-k", "4", "--kernel", "3", "--iterations", "3"];

function unpool(args: string[], options: { input?: Uint8Array } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["build/cli.js", ...args], {
    ...options,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Writes a file and returns its path. */
function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

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

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

interface HandMade {
  width: number;
  height: number;
  depth: number;
  type: number;
  /** Bytes of the unfiltered rows. */
  rows: number[][];
  extra?: Buffer[];
  interlace?: number;
}

/** A PNG byte by byte, for what no encoder makes. */
function handMade({ width, height, depth, type, rows, extra = [], interlace = 0 }: HandMade): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlace], 8);
  const pixels = deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    ...extra,
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A smooth picture of any size. */
function photograph(width: number, height: number, channels = 3): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    return 60 + 3 * x + 2 * y + 20 * c;
  });
}

const png = encode({ width: 24, height: 20, channels: 3, depth: 8, data: photograph(24, 20) });
const jpg = jpeg.encode({ width: 24, height: 20, data: photograph(24, 20, 4) }, 90).data;
const photo = file("photo.png", png);

const close = (actual: ArrayLike<number>, expected: number[], tolerance = 1e-6) => {
  assert.is(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${actual[i]} at ${i}, expected ${value}`);
  });
};

// ---------------------------------------------------------------------------------------------------------

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
      "relativeError",
      "psnr",
      "ssim",
      "iterations",
      "stopped",
      "milliseconds",
    ]);
    for (const key of ["relativeError", "psnr", "ssim", "milliseconds"]) assert.type(one[key], "number");
    assert.ok(one.iterations >= 1 && one.iterations <= 3);
    assert.ok(["converged", "stagnated", "iterations"].includes(one.stopped));
  }
  const names = [
    "original.png",
    "synthesis.png",
    "iht.png",
    "least-squares.png",
    "comparison.png",
    "report.html",
  ];
  assert.equal(
    result.files,
    names.map((name) => join(out, name)),
  );
  assert.equal(readdirSync(out).sort(), [...names].sort());
  for (const name of names.slice(0, 4)) {
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

test("PNG: grey of 1, 2, 4, 8 and 16 bits, also where rows end within a byte", () => {
  for (const [depth, row] of [
    [1, [0b10110000]],
    [2, [0b11000111, 0b10000000]],
    [4, [0xf0, 0x5a, 0x30]],
    [8, [255, 0, 17, 3, 4]],
    [16, [255, 255, 0, 0, 1, 2, 0, 1, 128, 0]],
  ] as const) {
    const expected = {
      1: [1, 0, 1, 1, 0],
      2: [1, 0, 1 / 3, 1, 2 / 3],
      4: [1, 0, 5 / 15, 10 / 15, 3 / 15],
      8: [1, 0, 17 / 255, 3 / 255, 4 / 255],
      16: [1, 0, 258 / 65535, 1 / 65535, 32768 / 65535],
    }[depth];
    const image = decodePng(
      "it",
      handMade({ width: 5, height: 2, depth, type: 0, rows: [[...row], [...row]] }),
    );
    assert.is(image.channels, 1);
    close(image.planes, [...expected, ...expected]);
  }
});

test("PNG: colour of 8 and 16 bits", () => {
  const eight = handMade({ width: 2, height: 1, depth: 8, type: 2, rows: [[255, 0, 51, 0, 102, 255]] });
  const sixteen = handMade({ width: 1, height: 1, depth: 16, type: 2, rows: [[1, 0, 255, 255, 0, 3]] });
  close(decodePng("it", eight).planes, [1, 0, 0, 0.4, 0.2, 1]);
  close(decodePng("it", sixteen).planes, [256 / 65535, 1, 3 / 65535]);
});

test("PNG: a palette of 1, 2, 4 and 8 bits, with and without transparent colours", () => {
  const PLTE = chunk("PLTE", Uint8Array.of(255, 0, 0, 0, 51, 255));
  const tRNS = chunk("tRNS", Uint8Array.of(102));
  for (const [depth, row] of [
    [1, [0b01000000]],
    [2, [0b00010000]],
    [4, [0x01, 0x00]],
    [8, [0, 1, 0]],
  ] as const) {
    const made = { width: 3, height: 1, depth, type: 3, rows: [[...row]] };
    close(decodePng("it", handMade({ ...made, extra: [PLTE] })).planes, [1, 0, 1, 0, 0.2, 0, 0, 1, 0]);
    const over = decodePng("it", handMade({ ...made, extra: [PLTE, tRNS] }));
    close(over.planes, [1, 0, 1, 0.6, 0.2, 0.6, 0.6, 1, 0.6]);
  }
});

test("PNG: alpha is laid over white", () => {
  const grey = handMade({ width: 2, height: 1, depth: 8, type: 4, rows: [[0, 51, 100, 0]] });
  const colour = handMade({ width: 1, height: 1, depth: 8, type: 6, rows: [[255, 0, 51, 102]] });
  const deep = handMade({ width: 1, height: 1, depth: 16, type: 4, rows: [[0, 0, 0, 1]] });
  assert.is(decodePng("it", grey).channels, 1);
  close(decodePng("it", grey).planes, [0.8, 1]);
  close(decodePng("it", colour).planes, [1, 0.6, 0.68]);
  close(decodePng("it", deep).planes, [65534 / 65535]);
});

test("PNG: the one transparent colour of a picture without alpha is white", () => {
  const key = chunk("tRNS", Uint8Array.of(0, 1, 0, 2, 0, 3));
  const rows = [[1, 2, 3, 1, 2, 4, 1, 2, 3]];
  const image = decodePng("it", handMade({ width: 3, height: 1, depth: 8, type: 2, rows, extra: [key] }));
  close(image.planes, [1, 1 / 255, 1, 1, 2 / 255, 1, 1, 4 / 255, 1]);
});

test("PNG: interlaced pictures of 8 bits are read, those of fewer are refused by name", () => {
  const data = photograph(9, 7);
  const image = decodePng("it", encode({ width: 9, height: 7, channels: 3, data }, { interlace: "Adam7" }));
  close(
    image.planes,
    [0, 1, 2].flatMap((c) => Array.from({ length: 63 }, (_, i) => data[3 * i + c]! / 255)),
  );
  const four = handMade({ width: 1, height: 1, depth: 4, type: 0, rows: [[0x50]], interlace: 1 });
  assert.throws(() => decodePng("it", four), /^it is an interlaced PNG of 4 bits/);
});

test("PNG: text and profiles may hold anything", () => {
  const odd = [chunk("iCCP", Buffer.from("no profile")), chunk("tEXt", Buffer.from("no text"))];
  close(
    decodePng("it", handMade({ width: 1, height: 1, depth: 8, type: 0, rows: [[51]], extra: odd })).planes,
    [0.2],
  );
});

test("JPEG: grey stays grey, colour comes close", async () => {
  const image = await decodeJpeg("it", jpg);
  assert.equal([image.channels, image.width, image.height], [3, 24, 20]);
  const data = photograph(24, 20, 4);
  close(
    image.planes.subarray(0, 480),
    Array.from({ length: 480 }, (_, i) => data[4 * i]! / 255),
    0.03,
  );
  const grey = await decodeJpeg("it", jpegOf(1));
  assert.is(grey.channels, 1);
  close(grey.planes, Array(64).fill(1), 0.01);
});

test("JPEG: what Adobe wrote as RGB and as CMYK is white where it is white", async () => {
  for (const components of [3, 4]) {
    const { channels, planes } = await decodeJpeg("it", jpegOf(components, 0));
    assert.is(channels, 3);
    close(planes, Array(192).fill(1), 0.01);
  }
});

test("JPEG: kinds that cannot be read are refused by name", async () => {
  const frame = jpg.indexOf(Buffer.from([0xff, 0xc0]));
  for (const [at, value, sentence] of [
    [1, 0xc3, /is lossless JPEG/],
    [1, 0xc9, /is arithmetic-coded JPEG/],
    [4, 12, /has 12 bits a sample/],
    [9, 2, /has 2 colour components/],
  ] as const) {
    const other = Uint8Array.from(jpg);
    other[frame + at] = value;
    assert.match(await decodeJpeg("it", other).catch(({ message }) => message), sentence);
  }
});

test("JPEG: EXIF orientation 6 is turned upright", async () => {
  const image = await decodeJpeg("it", withOrientation(jpg, 6));
  assert.equal([image.width, image.height], [20, 24]);
  const lying = await decodeJpeg("it", jpg);
  // the lower left corner comes to the upper left
  assert.is(image.planes[0], lying.planes[19 * 24]);
});

/** A white luminance of 8 x 8 as every one of so many components, each in a scan of its own. */
function jpegOf(components: number, adobeTransform?: number): Uint8Array {
  const bytes = jpeg.encode({ width: 8, height: 8, data: new Uint8Array(256).fill(255) }, 90).data;
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
  const ids = Array.from({ length: components }, (_, i) => i + 1);
  const adobe = [0xff, 0xee, 0, 14, ...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, adobeTransform ?? 0];
  return Buffer.concat([
    bytes.subarray(0, 2),
    Uint8Array.from(adobeTransform === undefined ? [] : adobe),
    bytes.subarray(2, frame),
    Uint8Array.of(0xff, 0xc0, 0, 8 + 3 * components, 8, 0, 8, 0, 8, components),
    Uint8Array.from(ids.flatMap((id) => [id, 0x11, 0])),
    bytes.subarray(frame + 19, scan),
    ...ids.flatMap((id) => [
      Uint8Array.of(0xff, 0xda, 0, 8, 1, id, 0, 0, 63, 0),
      bytes.subarray(scan + 14, -2),
    ]),
    Uint8Array.of(0xff, 0xd9),
  ]);
}

function withOrientation(bytes: Uint8Array, orientation: number): Uint8Array {
  const tiff = Buffer.alloc(26);
  tiff.write("MM\0*\0\0\0\x08\0\x01", "latin1");
  tiff.writeUInt16BE(0x112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  const segment = Buffer.concat([Uint8Array.of(0xff, 0xe1, 0, 34), Buffer.from("Exif\0\0"), tiff]);
  return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)]);
}

// refusals ------------------------------------------------------------------------------------------------

test("a PNG or JPEG cut anywhere is refused", async () => {
  for (let length = 8; length < png.length; length += 7) {
    assert.throws(() => decodePng("it", png.subarray(0, length)), /^it is truncated/);
  }
  for (let length = 3; length < jpg.length; length += 7) {
    const sentence = await decodeJpeg("it", jpg.subarray(0, length)).then(
      () => "decoded",
      ({ message }) => message,
    );
    assert.match(sentence, /^it is truncated: its \d+ bytes/);
  }
});

test("a PNG whose pixels are too few or too many is refused with both numbers", () => {
  const made = { width: 3, height: 3, depth: 8, type: 0 };
  const few = handMade({ ...made, rows: [[1, 2, 3], [1, 2, 3], [1]] });
  const many = handMade({ ...made, rows: Array(9).fill([1, 2, 3]) });
  assert.throws(() => decodePng("it", few), /holds 10 of 12 bytes/);
  assert.throws(() => decodePng("it", many), /more than the 12 bytes/);
});

test("a PNG with a flipped bit is refused", () => {
  const broken = Uint8Array.from(png);
  broken[60]! ^= 4;
  assert.throws(() => decodePng("it", broken), /^it is a damaged PNG/);
});

test("a PNG whose header makes no sense is refused", () => {
  const made = { width: 1, height: 1, depth: 8, type: 0, rows: [[0]] };
  assert.throws(
    () => decodePng("it", handMade({ ...made, type: 5 })),
    /colour type 5 has no depth of 8 bits/,
  );
  assert.throws(
    () => decodePng("it", handMade({ ...made, depth: 3 })),
    /colour type 0 has no depth of 3 bits/,
  );
  assert.throws(() => decodePng("it", handMade({ ...made, width: 0 })), /0 x 1 pixels/);
  const PLTE = chunk("PLTE", Uint8Array.of(1, 2, 3));
  assert.throws(
    () => decodePng("it", handMade({ ...made, type: 3, rows: [[7]], extra: [PLTE] })),
    /colour 7 of a palette of 1/,
  );
});

test("absurd dimensions are refused by the header alone", async () => {
  const vast = handMade({ width: 1e5, height: 1e5, depth: 8, type: 0, rows: [[0]] });
  assert.throws(
    () => decodePng("it", vast),
    /100000 x 100000 pixels, 10000.0 million; 64 million are the most/,
  );
  const wide = Uint8Array.from(jpg);
  wide.fill(0xff, jpg.indexOf(Buffer.from([0xff, 0xc0])) + 5, jpg.indexOf(Buffer.from([0xff, 0xc0])) + 9);
  const sentence = await decodeJpeg("it", wide).catch(({ message }) => message);
  assert.match(sentence, /65535 x 65535/);
});

test("what is neither PNG nor JPEG is refused by what it is", () => {
  refused(file("text.png", "Hello, world"), /neither PNG nor JPEG: it begins with "Hello, w"/);
  refused(file("dots.png", "GIF89a......"), /is a GIF; unpool reads PNG and JPEG/);
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
    ["another.png"],
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
