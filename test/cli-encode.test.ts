// unpool encode --format npz: codes that NumPy reads.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "fast-png";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { npy } from "../src/cli/codes/npy.js";
import { decodePng } from "../src/pictures/png.js";
import { refused, SMALL_LAYER, unpool, workspace } from "./command.js";
import { readNpy, textOf, unzip } from "./npz.js";
import { photograph, png } from "./pictures.js";
import { bits, relativeDistance, simd } from "./support.js";

const { folder, file } = workspace(test);
const photo = file("photo.png", png);
const NPZ = ["--format", "npz"];

function readCode(path: string) {
  const files = unzip(readFileSync(path));
  assert.equal(Object.keys(files), ["values.npy", "switches.npy", "layer.npy"]);
  const [values, switches, layer] = Object.values(files).map(readNpy);
  return { values: values!, switches: switches!, spec: JSON.parse(textOf(layer!)) };
}

test("a code is exactly the layer's, and says by what layer it can be decoded", () => {
  const { planes } = decodePng("it", png);
  for (const [name, ...args] of [
    ["plain"],
    ["relu", "--rectifier", "relu", "--pool", "3x2", "--seed", "9007199254740991"],
    ["crelu", "--rectifier", "crelu", "--stride", "2", "--padding", "0x2", "--unit-norm"],
    ["global", "--pool", "global", "-k", "300"],
  ]) {
    const out = join(folder, name!);
    const { status, stdout, stderr } = unpool(["encode", photo, ...NPZ, "--kernel", "3", ...args, "-o", out]);
    assert.equal([status, stderr], [0, ""]);
    for (const word of ["photo.png, 24 x 20", "m/N", "photo.npz"]) assert.ok(stdout.includes(word), word);
    assert.equal(readdirSync(out), ["photo.npz"]);
    const { values, switches, spec } = readCode(join(out, "photo.npz"));
    const layer = simd.createLayerSync(spec);
    const code = layer.encode(planes);
    assert.equal(values.shape, [...layer.codeShape]);
    assert.equal(switches.shape, [...layer.codeShape]);
    assert.is(values.description, "<f4");
    assert.is(bits(values.data), bits(code.values), name);
    assert.is(bits(switches.data), bits(code.switches), name);
    const read = { values: new Float32Array(values.data.buffer), switches: code.switches };
    if (name === "plain") assert.ok(relativeDistance(layer.decode(read), planes) < 1e-5);
  }
});

test("switches are as narrow as their regions allow", () => {
  const side = 260;
  const large = encode({ width: side, height: side, channels: 1, depth: 8, data: photograph(side, side, 1) });
  const path = file("large.png", large);
  for (const [pool, description, width] of [
    ["16", "|u1", 1],
    ["17", "<u2", 2],
    ["global", "<u4", 4],
  ] as const) {
    const out = join(folder, `pool-${pool}`);
    assert.is(
      unpool([
        "encode",
        path,
        ...NPZ,
        "--tile",
        "none",
        "-k",
        "1",
        "--kernel",
        "3",
        "--pool",
        pool,
        "-o",
        out,
      ]).status,
      0,
    );
    const { values, switches } = readCode(join(out, "large.npz"));
    assert.is(switches.description, description);
    assert.is(switches.data.length / width, values.data.length / 4);
  }
});

test("--json prints one object and nothing else", () => {
  const out = join(folder, "json");
  const { status, stdout, stderr } = unpool(["encode", photo, ...NPZ, ...SMALL_LAYER, "--json", "-o", out]);
  assert.equal([status, stderr], [0, ""]);
  const { image, layer, tiles, encodeMilliseconds, bytes, files } = JSON.parse(stdout);
  assert.equal(image, { width: 16, height: 16 });
  assert.equal([layer.filters, layer.codeShape, layer.codeLength], [4, [4, 8, 8], 256]);
  assert.type(encodeMilliseconds, "number");
  assert.is(tiles, null);
  assert.equal(files, [join(out, "photo.npz")]);
  assert.is(bytes, readFileSync(files[0]).length);
});

test("the same picture gives the same bytes, in every time zone", () => {
  const [one, two] = ["Pacific/Auckland", "America/Los_Angeles"].map((TZ) => {
    unpool(["encode", photo, ...NPZ, ...SMALL_LAYER, "-o", join(folder, TZ)], { env: { TZ } });
    return readFileSync(join(folder, TZ, "photo.npz")).toString("base64");
  });
  assert.is(one, two);
});

test("without an image the built-in scene is encoded", () => {
  const out = join(folder, "scene");
  assert.is(unpool(["encode", ...NPZ, ...SMALL_LAYER, "-o", out]).status, 0);
  assert.equal(readdirSync(out), ["scene.npz"]);
});

test("an array of any shape has a header that NumPy's own would equal", () => {
  const header = (shape: number[]) =>
    Buffer.from(npy(new Uint8Array(shape.reduce((product, size) => product * size, 1)), shape))
      .subarray(10)
      .toString("latin1")
      .split("\n")[0]!
      .trimEnd();
  assert.is(header([]), "{'descr': '|u1', 'fortran_order': False, 'shape': (), }");
  assert.is(header([7]), "{'descr': '|u1', 'fortran_order': False, 'shape': (7,), }");
  assert.is(header([2, 3]), "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }");
  assert.equal(readNpy(npy(Float32Array.of(1, 2), [2, 1])).shape, [2, 1]);
});

test("NumPy, where there is one, reads values, switches and layer", () => {
  const out = join(folder, "numpy");
  unpool(["encode", photo, ...NPZ, ...SMALL_LAYER, "-o", out]);
  const program = `
import json, sys
try:
    import numpy
except ImportError:
    sys.exit(3)
code = numpy.load(sys.argv[1])
values, switches, layer = code["values"], code["switches"], json.loads(str(code["layer"]))
print(json.dumps([str(values.dtype), values.shape, str(switches.dtype), switches.shape, layer["seed"],
    values.ravel().tolist(), switches.ravel().tolist()]))`;
  const { status, stdout, stderr, error } = spawnSync("python3", ["-c", program, join(out, "photo.npz")], {
    encoding: "utf8",
  });
  if (error || status === 3) return;
  assert.is(status, 0, stderr);
  const { values, switches } = readCode(join(out, "photo.npz"));
  assert.equal(JSON.parse(stdout), [
    ...["float32", [4, 8, 8], "uint8", [4, 8, 8], 0],
    [...new Float32Array(values.data.buffer)],
    [...switches.data],
  ]);
});

test("-o names the file, and its extension is the format", () => {
  const out = join(folder, "named", "a.npz");
  assert.is(unpool(["encode", photo, ...SMALL_LAYER, "-o", out]).status, 0);
  assert.is(readCode(out).values.shape[0], 4);
});

test("what .npz cannot hold is refused", () => {
  refused(
    1,
    ["encode", photo, ...NPZ, "--tile", "16", "--overlap", "4"],
    /photo\.png is cut into 4 tiles, and \.npz holds one code/,
  );
  refused(2, ["encode", photo, ...NPZ, "--values", "int8"], /holds values as float32, not as int8/);
  refused(2, ["encode", photo, "-o", "a.npz", "--deflate"], /is not deflated/);
  refused(2, ["encode", photo, ...NPZ, "-o", "a.unp"], /--output a\.unp is not --format npz/);
});

test.run();
