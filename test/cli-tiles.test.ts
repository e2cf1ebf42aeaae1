// Pictures larger than a tile, on the command line.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode as decodePngFile } from "fast-png";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse, type StoredCode } from "../src/code/index.js";
import { decodePng } from "../src/pictures/png.js";
import { joinTiles, planOfFile } from "../src/tiles/index.js";
import { refused, scenePng, unpool, workspace } from "./command.js";
import { readNpy } from "./npz.js";
import { photograph, png } from "./pictures.js";
import { collect, planesOf } from "./rows.js";
import { bits, relativeDistance, simd } from "./support.js";

const { folder, file } = workspace(test);
const LARGE = file("large.png", scenePng(600, 500));
const LAYER = ["-k", "4", "--kernel", "3"];
const FEW = ["--iterations", "5"];

function done(...args: string[]): string {
  const { status, stdout, stderr } = unpool(args);
  assert.equal([status, stderr], [0, ""], args.join(" "));
  return stdout;
}

const json = (...args: string[]) => JSON.parse(done(...args, "--json"));

test("a large picture is encoded in tiles, and each tile's code is its layer's", async () => {
  const out = join(folder, "large.unp");
  const { image, tiles, layer, memoryBytes } = json("encode", LARGE, ...LAYER, "-j", "2", "-o", out);
  assert.equal(image, { width: 600, height: 500 });
  assert.equal(tiles, { count: 9, height: 178, width: 212, overlap: 16, atOnce: 2 });
  assert.equal([layer.height, layer.width, layer.codeShape], [178, 212, [4, 89, 106]]);
  const { spec, image: stored, codes, tiles: count } = await parse(readFileSync(out));
  assert.equal([stored, count], [{ height: 500, width: 600, overlap: 16 }, 9]);
  const { memoryBytes: one, geometry } = simd.createLayerSync(spec as never);
  assert.equal([geometry.height, geometry.width], [178, 212]);
  assert.is(memoryBytes, 2 * one, "of both workers' kernels");

  const { planes } = decodePng("it", readFileSync(LARGE));
  const code = codes[4]!; // the middle one
  const tile = new Float32Array(3 * 178 * 212);
  const [top, left] = [161, 194];
  for (let c = 0; c < 3; ++c) {
    for (let y = 0; y < 178; ++y) {
      const from = (c * 500 + top + y) * 600 + left;
      tile.set(planes.subarray(from, from + 212), (c * 178 + y) * 212);
    }
  }
  assert.is(bits(code.code.values), bits(simd.createLayerSync(spec as never).encode(tile).values));
});

test("its tiles are decoded and joined as the library does it", async () => {
  const code = join(folder, "large.unp");
  const out = join(folder, "large.npy");
  const result = json("decode", code, ...FEW, "-j", "2", "-o", out);
  assert.equal(result.tiles, { count: 9, height: 178, width: 212, overlap: 16, atOnce: 2 });
  assert.equal([result.iterations, result.stopped], [5, "iterations"]);
  const parsed = await parse(readFileSync(code));
  const layer = simd.createLayerSync(parsed.spec as never);
  const decoded = parsed.codes.map(({ code }: StoredCode) => layer.decode(code as never, { iterations: 5 }));
  const rows = await collect(joinTiles(planOfFile(parsed as never), decoded));
  const { shape, data } = readNpy(readFileSync(out));
  assert.equal(shape, [3, 500, 600]);
  assert.is(bits(data), bits(planesOf(rows, 3)));
});

test("one worker or several, one picture or many: the same bytes", () => {
  const other = file("other.png", scenePng(250, 300, 7));
  for (const values of ["float32", "int8"]) {
    const codes = ["1", "2", "3"].map((jobs) => {
      const out = join(folder, `large-${values}-${jobs}.unp`);
      done("encode", LARGE, ...LAYER, "--values", values, "-j", jobs, "-o", out);
      return readFileSync(out).toString("base64");
    });
    const many = join(folder, `many-${values}`);
    done("encode", LARGE, other, ...LAYER, "--values", values, "-j", "2", "-o", many);
    codes.push(readFileSync(join(many, "large.unp")).toString("base64"));
    for (const code of codes) assert.ok(code === codes[0], values);
  }
  const pictures = ["1", "2", "3"].map((jobs) => {
    const out = join(folder, `back-${jobs}.png`);
    done("decode", join(folder, "large.unp"), ...FEW, "-j", jobs, "-o", out);
    return readFileSync(out).toString("base64");
  });
  const many = join(folder, "many-back");
  const other2 = join(folder, "many-float32", "other.unp");
  done("decode", join(folder, "large.unp"), other2, ...FEW, "-j", "2", "-o", many);
  pictures.push(readFileSync(join(many, "large.png")).toString("base64"));
  for (const picture of pictures) assert.ok(picture === pictures[0]);
});

test("what was encoded in tiles comes back", () => {
  const out = join(folder, "exact");
  const small = file("small.png", scenePng(90, 70, 3));
  done("encode", small, "-k", "24", "--kernel", "3", "--tile", "48", "-o", out);
  done("decode", join(out, "small.unp"), "-o", out);
  assert.equal(
    decodePngFile(readFileSync(join(out, "small.png"))).data,
    decodePngFile(readFileSync(small)).data,
  );
});

test("so many tiles at once as --memory holds kernels, at least one, and the same bytes", () => {
  const args = ["encode", LARGE, "-k", "64", "-j", "3"];
  const runs = ([["1"], ["36"], []] as const).map((memory, i) => {
    const out = join(folder, `memory-${i}.unp`);
    const result = json(...args, ...memory.flatMap((MiB) => ["--memory", MiB]), "-o", out);
    return { atOnce: result.tiles.atOnce, each: result.memoryBytes / result.tiles.atOnce, out };
  });
  const each = runs[0]!.each;
  assert.ok(each > 11 * 2 ** 20 && each < 12 * 2 ** 20, `one kernel takes ${each} bytes`);
  assert.equal(
    runs.map(({ atOnce }) => atOnce),
    [1, 3, 2],
    "32 MiB if nobody says",
  );
  for (const { out } of runs) assert.equal(readFileSync(out), readFileSync(runs[0]!.out));

  const decoded = ["11", "24"].map((memory, i) => {
    const out = join(folder, `memory-${i}.npy`);
    const args = ["-j", "3", "--iterations", "1", "--memory", memory, "-o", out];
    const { tiles, memoryBytes } = json("decode", runs[0]!.out, ...args);
    assert.is(memoryBytes, tiles.atOnce * each);
    return { atOnce: tiles.atOnce, bytes: readFileSync(out) };
  });
  assert.equal(
    decoded.map(({ atOnce }) => atOnce),
    [1, 2],
  );
  assert.equal(decoded[1]!.bytes, decoded[0]!.bytes);

  const small = [...LAYER, ...FEW, "--method", "synthesis", "-j", "3"];
  const inverted = json("invert", LARGE, ...small, "--memory", "4", "-o", join(folder, "memory"));
  const fit = Math.floor((4 * 2 ** 20 * inverted.tiles.atOnce) / inverted.memoryBytes);
  assert.is(inverted.tiles.atOnce, Math.max(1, Math.min(3, fit)));
  assert.ok(inverted.tiles.atOnce < 3);
});

test("of several pictures, one from a pipe has no more tiles at once than --memory holds", () => {
  const small = file("beside.png", png);
  const out = join(folder, "beside");
  const args = ["encode", "-", small, "-k", "64", "-j", "3", "--memory", "25", "--json", "-o", out];
  const { status, stdout, stderr } = unpool(args, { input: readFileSync(LARGE) });
  assert.equal([status, stderr], [0, ""]);
  assert.is(JSON.parse(stdout).pictures[0].tiles.atOnce, 2);
});

test("without --overlap it is what suits the layer: more without padding", () => {
  const out = join(folder, "usual.unp");
  const overlap = (...args: string[]) =>
    json("encode", LARGE, "-k", "2", ...args, "-o", out).tiles.overlap as number;
  assert.is(overlap(), 16);
  assert.is(overlap("--padding", "1"), 48);
  assert.is(overlap("--padding", "2x1", "--kernel", "5x3"), 16);
  assert.is(overlap("--padding", "0", "--overlap", "20"), 20);
  // of what nobody asked for there is nothing to refuse until a picture is cut
  const photo = file("fits.png", png);
  assert.is(json("encode", photo, ...LAYER, "--padding", "0", "--tile", "48", "-o", out).tiles, null);
  refused(
    1,
    ["encode", LARGE, ...LAYER, "--padding", "0", "--tile", "48", "-o", out],
    /large\.png: an overlap of 48 pixels leaves nothing of tiles that are 48 high/,
  );
});

test("--tile and --overlap say how a picture is cut, and none that it is not", () => {
  const photo = file("photo.png", png);
  const out = join(folder, "cut.unp");
  const cut = (...args: string[]) => json("encode", photo, ...LAYER, ...args, "-o", out).tiles;
  assert.is(cut(), null);
  const { atOnce, ...tiling } = cut("--tile", "12", "--overlap", "4", "-j", "5");
  assert.equal(tiling, { count: 6, height: 12, width: 12, overlap: 4 });
  assert.is(atOnce, 5);
  assert.equal(cut("--tile", "20x14", "--overlap", "2").count, 2);
  assert.equal(cut("--tile", "13", "--overlap", "0").height, 10, "a multiple of stride times pool");
  assert.is(cut("--tile", "none"), null);
  assert.is(json("encode", LARGE, ...LAYER, "--tile", "none", "-o", out).tiles, null);
  assert.is(json("encode", LARGE, ...LAYER, "--crop", "200", "-o", out).tiles, null);
  assert.is(json("encode", LARGE, ...LAYER, "--crop", "300x200", "-o", out).tiles.count, 2);
  refused(
    1,
    ["encode", LARGE, "--pool", "300", "-o", out],
    /large\.png: tiles at most 224 pixels \w+ hold no multiple of 300/,
  );
});

test("a crop of a large picture has the pixels of its centre", () => {
  const [one, other] = ["crop-tiled", "crop-whole"].map((name) => join(folder, `${name}.npy`));
  const args = ["-k", "24", "--kernel", "3", "--crop", "41x60"];
  for (const [out, tile] of [
    [one!, "32"],
    [other!, "none"],
  ] as const) {
    const code = out.replace("npy", "unp");
    done("encode", LARGE, ...args, "--tile", tile, "-o", code);
    done("decode", code, "-o", out);
  }
  const numbers = (path: string) => new Float32Array(readNpy(readFileSync(path)).data.buffer);
  assert.ok(relativeDistance(numbers(one!), numbers(other!)) < 1e-5);
});

test("unpool invert works on tiles too, and says so in table, JSON and report", () => {
  const out = join(folder, "inverted");
  const photo = file("wide.png", scenePng(80, 40, 5));
  const args = [
    "invert",
    photo,
    "-k",
    "16",
    "--kernel",
    "3",
    "--tile",
    "40",
    "--overlap",
    "8",
    "--iterations",
    "8",
  ];
  const table = done(...args, "-o", out);
  assert.match(table, /^ {2}tiles +3 of 40 x 32, overlap 8, \d at once$/m);
  assert.match(table, /numbers a tile/);
  for (const line of table.split("\n")) assert.ok(line.length <= 80, line);
  assert.match(readFileSync(join(out, "report.html"), "utf8"), /3 of 40 x 32, overlap 8/);
  const result = json(...args, "-o", out, "-j", "2");
  assert.equal(result.tiles, { count: 3, height: 40, width: 32, overlap: 8, atOnce: 2 });
  const [step, iht, squares] = result.results;
  assert.equal([step.iterations, iht.iterations, squares.iterations], [1, 8, 8]);
  assert.ok(squares.relativeError < iht.relativeError && iht.relativeError < step.relativeError);

  const none = ["invert", photo, "-k", "16", "--kernel", "3", "--tile", "none", "--iterations", "8"];
  const whole = json(...none, "-o", join(folder, "whole")).results;
  assert.ok(Math.abs(step.relativeError / whole[0].relativeError - 1) < 0.1);
  assert.ok(Math.abs(squares.products / whole[2].products - 1) < 0.5, "in units of the whole picture");
});

test("an inversion in tiles has the same bytes with one worker or several, alone or among many", () => {
  const photo = file("tall.png", scenePng(40, 100, 6));
  const args = [...LAYER, "--tile", "40", "--overlap", "8", ...FEW, "--quantise", "int6"];
  const runs = ["1", "2"].map((jobs) => {
    const out = join(folder, `tall-${jobs}`);
    const result = json("invert", photo, ...args, "-j", jobs, "-o", out);
    return { out, result };
  });
  const many = join(folder, "tall-many");
  const all = json("invert", photo, photo, ...args, "-j", "2", "-o", many);
  runs.push({ out: join(many, "tall"), result: all.pictures[0] });
  const steady = ({ out, result }: (typeof runs)[0]) => ({
    pictures: ["synthesis", "iht", "least-squares", "comparison"].map((name) =>
      readFileSync(join(out, `${name}.png`)).toString("base64"),
    ),
    results: result.results.map((one: object) => ({ ...one, milliseconds: 0 })),
    rounding: result.rounding,
  });
  for (const run of runs) assert.equal(steady(run), steady(runs[0]!));
});

test("one tile that is the whole picture gives what the picture gives", () => {
  const photo = file("one.png", png);
  const [one, whole] = [
    ["--tile", "24"],
    ["--tile", "none"],
  ].map((tile, i) => {
    const out = join(folder, `one-${i}`);
    const { results } = json("invert", photo, ...LAYER, ...tile, ...FEW, "-o", out);
    return results.map((result: object) => ({ ...result, milliseconds: 0 }));
  });
  assert.equal(one, whole);
});

test("a picture that is damaged far below is refused, and leaves no file", () => {
  const header = Buffer.from("P6\n600 500\n255\n");
  const cut = file("cut.ppm", Buffer.concat([header, photograph(600, 400)]));
  const out = join(folder, "damaged", "cut.unp");
  refused(1, ["encode", cut, ...LAYER, "-o", out], /cut\.ppm is truncated/);
  const code = readFileSync(join(folder, "large.unp"));
  const broken = file("broken.unp", code.subarray(0, code.length - 3000));
  refused(
    1,
    ["decode", broken, ...FEW, "-o", join(folder, "damaged", "cut.png")],
    /broken\.unp: the file ends at byte \d+, before the end of code section 8/,
  );
  assert.equal(existsSync(join(folder, "damaged")) ? readdirSync(join(folder, "damaged")) : [], []);
});

test.run();
