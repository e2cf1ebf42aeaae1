// unpool encode and decode: pictures to .unp and back.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode as decodePngFile, encode as encodePngFile } from "fast-png";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CodeFile, parse, serialiseSync } from "../src/code/index.js";
import { quantise } from "../src/code/quantise.js";
import { decodePng } from "../src/pictures/png.js";
import { refused, SMALL_LAYER, unpool, workspace } from "./command.js";
import { readNpy } from "./npz.js";
import { photograph, png } from "./pictures.js";
import { bits, numbers, simd } from "./support.js";
import { tensorsFile } from "./weight-files.js";

const { folder, file } = workspace(test);
const photo = file("photo.png", png);
const { planes } = decodePng("it", png);

function done(...args: string[]): string {
  const { status, stdout, stderr } = unpool(args);
  assert.equal([status, stderr], [0, ""], args.join(" "));
  return stdout;
}

const json = (...args: string[]) => JSON.parse(done(...args, "--json"));
const read = (path: string): Promise<CodeFile> => parse(readFileSync(path));

/** A layer that determines a picture of 24 x 20. */
const LAYER = ["-k", "24", "--kernel", "3"];

test("a picture comes back from its code, as the library's own decoder gives it", async () => {
  const code = join(folder, "photo.unp");
  const out = join(folder, "back.png");
  done("encode", photo, ...LAYER, "-o", code);
  const back = json("decode", code, "-o", out);
  assert.equal(back.image, { channels: 3, height: 20, width: 24 });
  assert.equal([back.layers, back.tiles, back.method, back.solver], [1, null, "least-squares", "hybrid"]);
  assert.equal(back.files, [out]);
  assert.is(back.bytes, readFileSync(out).length);
  assert.equal(decodePngFile(readFileSync(out)).data, decodePngFile(png).data, "to the last bit of 8");

  const { spec, code: stored, colour, range, image, ...rest } = await read(code);
  assert.equal(
    [colour, range, image, rest.values, rest.deflate],
    ["rgb", [0, 1], undefined, "float32", false],
  );
  const layer = simd.createLayerSync(spec as never);
  assert.is(bits(stored.values), bits(layer.encode(planes).values));
  const numpy = join(folder, "back.npy");
  done("decode", code, "-o", numpy);
  const { shape, data, description } = readNpy(readFileSync(numpy));
  assert.equal([shape, description], [[3, 20, 24], "<f4"]);
  assert.is(bits(data), bits(layer.decode(stored as never)), "exactly");
});

test("every option of a layer is in the file", async () => {
  const out = join(folder, "options.unp");
  const args = ["--rectifier", "crelu", "--stride", "2", "--padding", "0x2", "--unit-norm", "--seed", "77"];
  done("encode", photo, "-k", "5", "--kernel", "3x2", "--pool", "1x2", ...args, "-o", out);
  const { spec } = await read(out);
  assert.equal(spec, {
    ...{ input: { channels: 3, height: 20, width: 24 }, filters: 5, kernel: [3, 2], stride: [2, 2] },
    ...{ padding: [0, 2], pool: [1, 2], rectifier: "crelu", seed: 77, unitNorm: true },
  });
});

test("values are stored as --values says, and decoding stops at their noise", async () => {
  const exact = simd.createLayerSync({
    ...{ input: { channels: 3, height: 20, width: 24 }, filters: 24, kernel: 3, padding: 1, pool: 2 },
  });
  const code = exact.encode(planes);
  const sizes: number[] = [];
  for (const values of ["float16", "int8", "int6", "int4"] as const) {
    const out = join(folder, `${values}.unp`);
    const { bytes } = json("encode", photo, ...LAYER, "--values", values, "-o", out);
    sizes.push(bytes);
    const expected = quantise(code.values, 24, values);
    const stored = await read(out);
    assert.is(bits(stored.code.values), bits(expected.values));
    const numpy = join(folder, `${values}.npy`);
    const { stopped, iterations } = json("decode", out, "-o", numpy);
    const y = exact.decode({ ...code, values: expected.values }, { noise: expected.noise });
    assert.is(bits(readNpy(readFileSync(numpy)).data), bits(y));
    assert.equal([stopped, iterations], [exact.report.stopped, exact.report.iterations]);
    assert.is(stopped, "discrepancy");
  }
  assert.equal(
    [...sizes].sort((a, b) => b - a),
    sizes,
    "fewer bits, fewer bytes",
  );
});

test("a deflated file is smaller and says the same", async () => {
  const [plain, small] = ["plain", "small"].map((name) => join(folder, `${name}.unp`));
  const args = ["encode", photo, ...LAYER, "--rectifier", "relu", "--values", "int4"];
  const before = json(...args, "-o", plain!);
  const after = json(...args, "--deflate", "-o", small!);
  assert.ok(after.bytes < before.bytes);
  assert.equal((await read(small!)).code, (await read(plain!)).code);
  const [one, other] = [plain, small].map((code, i) => {
    done("decode", code!, "-o", join(folder, `deflated-${i}.png`));
    return readFileSync(join(folder, `deflated-${i}.png`));
  });
  assert.equal(one, other);
});

test("a grey picture stays grey, and .pgm is for grey, .ppm for colour, .pnm for both", () => {
  const data = photograph(24, 20, 1);
  const grey = file("grey.png", encodePngFile({ width: 24, height: 20, channels: 1, depth: 8, data }));
  const code = join(folder, "grey.unp");
  done("encode", grey, ...LAYER, "-o", code);
  const [pgm, pnm, out] = ["pgm", "pnm", "png"].map((extension) => join(folder, `grey-back.${extension}`));
  done("decode", code, "-o", pgm!);
  const expected = Buffer.concat([Buffer.from("P5\n24 20\n255\n"), data]);
  assert.equal(readFileSync(pgm!), expected);
  done("decode", code, "--format", "pnm", "-o", pnm!);
  assert.equal(readFileSync(pnm!), expected);
  done("decode", code, "-o", out!);
  assert.equal([...decodePngFile(readFileSync(out!)).data], [...data]);
  refused(1, ["decode", code, "-o", join(folder, "grey.ppm")], /grey\.unp is grey, which \.ppm cannot be/);
  const colour = join(folder, "photo.unp");
  refused(
    1,
    ["decode", colour, "-o", join(folder, "x.pgm")],
    /photo\.unp is in colour, which \.pgm cannot be/,
  );
  const ppm = join(folder, "back.ppm");
  done("decode", colour, "-o", ppm);
  assert.is(readFileSync(ppm).subarray(0, 13).toString(), "P6\n24 20\n255\n");
  // what was written is read
  done("encode", ppm, pgm!, ...LAYER, "-o", join(folder, "again"));
  assert.equal(readdirSync(join(folder, "again")).sort(), ["back.unp", "grey-back.unp"]);
});

test("decoders are chosen and limited by options, and those that a code does not have are refused", () => {
  const code = join(folder, "photo.unp");
  const out = join(folder, "chosen.png");
  const few = json("decode", code, "--iterations", "3", "-o", out);
  assert.equal([few.iterations, few.stopped], [3, "iterations"]);
  const loose = json("decode", code, "--tolerance", "0.1", "-o", out);
  assert.equal(loose.stopped, "converged");
  const scaled = json("decode", code, "--method", "scaled", "-o", out);
  assert.equal([scaled.solver, scaled.reason], ["scaled", "as asked"]);
  const step = json("decode", code, "--method", "synthesis", "-o", out);
  assert.equal([step.method, step.solver, step.iterations], ["synthesis", null, 1]);
  refused(
    1,
    ["decode", code, "--method", "layer-by-layer"],
    /photo\.unp: method is "layer-by-layer"; it must be/,
  );
  refused(2, ["decode", code, "--method", "magic"], /Allowed choices are least-squares, synthesis/);
});

test("the tables fit 80 columns and name what was done", () => {
  const code = join(folder, "photo.unp");
  const encoded = done("encode", photo, ...LAYER, "--values", "int8", "-o", join(folder, "table"));
  for (const word of ["photo.png", "m/N", "int8", "bytes", "photo.unp"])
    assert.ok(encoded.includes(word), word);
  const decoded = done("decode", code, "-o", join(folder, "table"));
  for (const word of ["photo.unp", "3 x 20 x 24", "hybrid", "converged", "MiB", "photo.png"]) {
    assert.ok(decoded.includes(word), word);
  }
  const many = done("decode", code, join(folder, "grey.unp"), "-o", join(folder, "table"));
  assert.match(many, /^ +picture +size +tiles +decoder +iterations +ms +memory$/m);
  for (const line of [encoded, decoded, many].join("\n").split("\n")) assert.ok(line.length <= 80, line);
});

test("sparse codes are multiplied out", () => {
  const spec = { input: { channels: 3, height: 20, width: 24 }, filters: 24, kernel: 3, padding: 1, pool: 2 };
  const layer = simd.createLayerSync(spec);
  const sparse = layer.sparsify(planes, { iterations: 5 });
  const code = file("sparse.unp", serialiseSync(sparse, spec, { colour: "rgb" }));
  const out = join(folder, "sparse.npy");
  assert.is(json("decode", code, "-o", out).method, "synthesis");
  assert.is(bits(readNpy(readFileSync(out)).data), bits(layer.decode(sparse)));
  refused(1, ["decode", code, "--method", "hybrid"], /this code is sparse/);
});

// filters that were given ---------------------------------------------------------------------------------

const WEIGHTS = numbers(6 * 3 * 9, 11);
const BIAS = numbers(6, 12);

function withFilters() {
  const spec = {
    ...{ input: { channels: 3, height: 20, width: 24 }, filters: 6, kernel: 3, padding: 1, pool: 2 },
    ...{ weights: WEIGHTS, bias: BIAS },
  };
  const layer = simd.createLayerSync(spec);
  const code = layer.encode(planes);
  return { layer, code, path: file("given.unp", serialiseSync(code, spec, { colour: "rgb" })) };
}

test("given filters are found in a file of tensors by their SHA-256", () => {
  const { layer, code, path } = withFilters();
  const tensors = {
    "other.bias": { shape: [6], data: numbers(6, 99) },
    "conv.weight": { shape: [6, 3, 3, 3], data: WEIGHTS },
    "conv.bias": { shape: [6], data: BIAS },
    "other.weight": { shape: [6, 3, 3, 3], data: numbers(6 * 3 * 9, 98) },
  };
  const weights = file("filters.safetensors", tensorsFile(tensors));
  const out = join(folder, "given.npy");
  done("decode", path, "--weights", weights, "--iterations", "7", "-o", out);
  assert.is(bits(readNpy(readFileSync(out)).data), bits(layer.decode(code, { iterations: 7 })));

  refused(1, ["decode", path], /given\.unp was made with filters of its own.*give their file by --weights/);
  const wrong = file("wrong.safetensors", tensorsFile({ ...tensors, "conv.bias": tensors["other.bias"] }));
  refused(
    1,
    ["decode", path, "--weights", wrong],
    /given\.unp was made with other filters than those of .*SHA-256 of layer 0/,
  );
  refused(1, ["decode", path, "--weights", photo], /cannot read .*photo\.png: /);
  refused(
    1,
    ["decode", path, "--weights", join(folder, "no.npy")],
    /cannot read .*no\.npy: there is no such file/,
  );
});

test("arrays may come from several .npy files", async () => {
  const { npy } = await import("../src/cli/codes/npy.js");
  const { layer, code, path } = withFilters();
  const weights = file("w.npy", npy(WEIGHTS, [6, 3, 3, 3]));
  const bias = file("b.npy", npy(BIAS, [6]));
  const out = join(folder, "given-2.npy");
  done("decode", path, "--weights", bias, "--weights", weights, "--iterations", "7", "-o", out);
  assert.is(bits(readNpy(readFileSync(out)).data), bits(layer.decode(code, { iterations: 7 })));
});

test("networks are decoded through all their layers", () => {
  const normalise = { scale: numbers(8, 5), shift: numbers(8, 6) };
  const given = { weights: numbers(8 * 6 * 9, 7), normalise };
  const spec = {
    input: { channels: 3, height: 20, width: 24 },
    layers: [
      { filters: 6, kernel: 3, padding: 1, rectifier: "relu", seed: 4 } as const,
      { filters: 8, kernel: 3, padding: 1, pool: 2, rectifier: "relu", ...given } as const,
    ],
  };
  const network = simd.createNetworkSync(spec);
  const code = network.encode(planes);
  const path = file("network.unp", serialiseSync(code, spec, { values: "float16", colour: "rgb" }));
  const weights = file(
    "network.safetensors",
    tensorsFile({
      shift: { shape: [8], data: normalise.shift },
      scale: { shape: [8], data: normalise.scale },
      weights: { shape: [8, 6, 3, 3], data: given.weights },
    }),
  );
  const rounded = quantise(code.values, 8, "float16");
  const out = join(folder, "network.npy");
  const ask = (...args: string[]) =>
    json("decode", path, "--weights", weights, "--iterations", "6", ...args, "-o", out);
  assert.is(ask().layers, 2);
  const stored = { ...code, values: rounded.values };
  const y = network.decode(stored, { iterations: 6, noise: rounded.noise });
  assert.is(bits(readNpy(readFileSync(out)).data), bits(y));
  assert.is(ask("--method", "layer-by-layer").method, "layer-by-layer");
  const each = network.decode(stored, { method: "layer-by-layer", iterations: 6 });
  assert.is(bits(readNpy(readFileSync(out)).data), bits(each));
});

test("what is no picture is written as numbers alone", () => {
  const spec = { input: { channels: 4, length: 32 }, filters: 16, kernel: 5, pool: 2 };
  const layer = simd.createLayerSync(spec);
  const code = layer.encode(numbers(128, 3));
  const path = file("signal.unp", serialiseSync(code, spec));
  refused(1, ["decode", path], /signal\.unp is the code of 4 x 1 x 32 numbers, which is no picture/);
  const out = join(folder, "signal.npy");
  done("decode", path, "-o", out);
  const { shape, data } = readNpy(readFileSync(out));
  assert.equal(shape, [4, 32]);
  assert.is(bits(data), bits(layer.decode(code)));
});

test("a picture of another range is black and white at its ends", () => {
  const spec = { input: { channels: 3, height: 20, width: 24 }, filters: 24, kernel: 3, padding: 1, pool: 2 };
  const bytes = planes.map((x) => 255 * x - 100);
  const code = simd.createLayerSync(spec).encode(bytes);
  const path = file("range.unp", serialiseSync(code, spec, { colour: "rgb", range: [-100, 155] }));
  const out = join(folder, "range.png");
  done("decode", path, "-o", out);
  assert.equal(decodePngFile(readFileSync(out)).data, decodePngFile(png).data);
});

// refusals ------------------------------------------------------------------------------------------------

test("files that are no codes, or damaged, are refused by name, and nothing is written", () => {
  const whole = readFileSync(join(folder, "photo.unp"));
  const flipped = Uint8Array.from(whole, (byte, i) => (i === 4000 ? byte ^ 1 : byte));
  const out = join(folder, "refused");
  for (const [name, bytes, sentence] of [
    ["picture", png, /picture\.unp: this is no \.unp file/],
    ["empty", new Uint8Array(), /empty\.unp: the file ends at byte 0/],
    [
      "cut",
      whole.subarray(0, 5000),
      /cut\.unp: the file ends at byte 5000, before the end of code section 0/,
    ],
    ["flipped", flipped, /flipped\.unp: code section 0 is damaged: its CRC-32/],
    [
      "longer",
      Buffer.concat([whole, Buffer.from("x")]),
      /longer\.unp: there are bytes behind the end section/,
    ],
  ] as const) {
    refused(1, ["decode", file(`${name}.unp`, bytes), "-o", out], sentence);
    refused(1, ["inspect", join(folder, `${name}.unp`)], sentence);
  }
  refused(
    1,
    ["decode", join(folder, "missing.unp"), "-o", out],
    /cannot read .*missing\.unp: there is no such file/,
  );
  refused(1, ["decode", folder, "-o", out], /cannot read .*: it is a folder/);
  assert.not(existsSync(out) && readdirSync(out).length > 0);
});

test("an input is not written over", () => {
  const picture = file("own/original.png", png);
  refused(
    1,
    ["invert", picture, "-o", join(folder, "own")],
    /original\.png would be written over, and it is an input/,
  );
  const code = file("own/x.png", readFileSync(join(folder, "photo.unp")));
  refused(1, ["decode", photo, code, "-o", join(folder, "own")], /x\.png would be written over/);
  assert.equal(readFileSync(picture), Buffer.from(png));
});

test("wrong usage ends with 2", () => {
  const code = join(folder, "photo.unp");
  for (const [args, sentence] of [
    [["decode"], /missing required argument 'files'/],
    [["decode", code, "-o", "a.jpg"], /--output a\.jpg: decode writes \.png, \.pnm, \.ppm, \.pgm, \.npy/],
    [["decode", code, "-o", "a.png", "--format", "npy"], /--output a\.png is not --format npy/],
    [["decode", code, code, "-o", "a.png"], /--output a\.png is one file, and 2 are asked for/],
    [["decode", "-", "-"], /standard input can be read only once/],
    [["decode", code, "--weights", ""], /it must name a file/],
    [["encode", photo, "-o", "a.png"], /--output a\.png: encode writes \.unp, \.npz/],
    [["encode", photo, "-o", ""], /it must name a file or a folder/],
    [["encode", photo, "--values", "int2"], /Allowed choices are float32, float16/],
    [["encode", photo, "--memory", "0"], /it must be a whole number from 1/],
    [["decode", code, "--memory", "1.5"], /it must be a whole number from 1/],
    [["encode", photo, "--tile", "0"], /it must be a whole number from 1/],
    [["encode", photo, "--tile", "some"], /it must be a whole number from 1/],
    [["encode", photo, "--tile", "16", "--overlap", "16"], /--overlap 16 leaves nothing of tiles of 16/],
    [["encode", photo, "--tile", "none", "--overlap", "8"], /--overlap is about tiles, and --tile is none/],
    [["invert", photo, "-o", "a.png"], /--output a\.png: invert writes several files: name a folder/],
    [["inspect", "-", "-"], /standard input can be read only once/],
  ] as const) {
    refused(2, args, sentence);
  }
});

test("--help of every command has examples and fits 80 columns", () => {
  for (const command of ["invert", "encode", "decode", "inspect"]) {
    const help = done(command, "--help");
    assert.match(help, /Examples:\n {2}unpool/);
    for (const line of help.split("\n")) assert.ok(line.length <= 80, line);
  }
});

test("a folder may be named like a file if it is there, or ends with a slash", () => {
  const out = join(folder, "new.png/");
  done("decode", join(folder, "photo.unp"), join(folder, "grey.unp"), "-o", out);
  assert.equal(readdirSync(out).sort(), ["grey.png", "photo.png"]);
  done("decode", join(folder, "photo.unp"), "-o", join(folder, "new.png"));
  done("encode", photo, ...SMALL_LAYER, "-o", out);
  assert.equal(readdirSync(out).sort(), ["grey.png", "photo.png", "photo.unp"]);
});

test.run();
