// The service against the library: the same bytes by request as by call.

import { readFileSync } from "node:fs";
import jpeg from "jpeg-js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CodeFile, parse, serialise, writeCodes } from "../src/code/index.js";
import { DEFAULT_LIMITS } from "../src/edge/index.js";
import { createLayer, estimateMemory, type Layer, type LayerSpec, toImageData } from "../src/index.js";
import { createNetwork, type NetworkSpec } from "../src/network/index.js";
import { decodePicture } from "../src/pictures/decode.js";
import { rowsOf } from "../src/pictures/planar.js";
import { cutTiles, joinTiles, planOfFile, planTiles } from "../src/tiles/index.js";
import { bytesOf, get, planesOf, pngOf, post, serviceWith, succeeds } from "./edge-calls.js";
import { photograph } from "./pictures.js";

const service = serviceWith();
const [height, width] = [24, 20];
const png = await pngOf(height, width);
const picture = await decodePicture("test", png);

const SPEC: LayerSpec = {
  input: { channels: 3, height, width },
  ...{
    filters: 8,
    kernel: [3, 5],
    stride: 1,
    padding: [1, 2],
    pool: 2,
    rectifier: "crelu",
    seed: 7,
    unitNorm: true,
  },
};
const QUERY = "filters=8&kernel=3x5&pool=2&rectifier=crelu&seed=7&unitNorm=true";

function raw(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

/** A file's tiles decoded and joined by the library, planar. */
async function decoded(file: CodeFile, options: Parameters<Layer["decode"]>[1]): Promise<Float32Array> {
  const layer = await createLayer(file.spec as LayerSpec);
  const plan = planOfFile(file);
  const tiles = file.codes.map(({ code, noise }) =>
    layer.decode(code as ReturnType<Layer["encode"]>, { noise, ...options }),
  );
  const out = new Float32Array(plan.channels * plan.height * plan.width);
  let y = 0;
  for await (const row of joinTiles(plan, tiles)) {
    for (let c = 0; c < plan.channels; ++c) {
      out.set(row.subarray(c * plan.width, (c + 1) * plan.width), (c * plan.height + y) * plan.width);
    }
    ++y;
  }
  return out;
}

test("a PNG becomes the .unp that encode and serialise make of its pixels", async () => {
  const layer = await createLayer(SPEC);
  for (const values of ["float32", "float16", "int8", "int6", "int4"] as const) {
    const expected = await serialise(layer.encode(picture.planes), SPEC, { values, colour: "rgb" });
    const found = await succeeds(post(service, `/encode?${QUERY}&values=${values}`, png));
    assert.equal(found, expected);
  }
});

test("values are int8 unless the query says otherwise, and the layer is the command line's", async () => {
  const file = await parse(await succeeds(post(service, "/encode", png)));
  assert.is(file.values, "int8");
  assert.is(file.deflate, false);
  assert.is(file.colour, "rgb");
  const spec = file.spec as LayerSpec;
  assert.is(spec.filters, 64);
  assert.equal(spec.kernel, [5, 5]);
  assert.equal(spec.padding, [2, 2]);
  assert.equal(spec.pool, [2, 2]);
  assert.is(spec.seed, 0);
});

test("a compressed .unp holds the same code", async () => {
  const plain = await parse(await succeeds(post(service, `/encode?${QUERY}`, png)));
  const deflated = await parse(await succeeds(post(service, `/encode?${QUERY}&deflate=true`, png)));
  assert.is(deflated.deflate, true);
  assert.equal(deflated.code, plain.code);
});

test("pictures are read by what is in them, whatever type the request names", async () => {
  const data = photograph(width, height, 4);
  const jpg = new Uint8Array(jpeg.encode({ width, height, data }, 90).data);
  const pnm = Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), photograph(width, height)]);
  for (const body of [png, jpg, pnm]) {
    const headers = { "Content-Type": "text/plain" };
    const file = await parse(await succeeds(post(service, `/encode?${QUERY}`, body, { headers })));
    assert.equal(file.spec.input, { channels: 3, height, width });
  }
});

test("a grey picture has one channel there and back", async () => {
  const unp = await succeeds(post(service, "/encode?filters=16", await pngOf(height, width, 1)));
  assert.is((await parse(unp)).colour, "grey");
  const back = await decodePicture("test", await succeeds(post(service, "/decode", unp)));
  assert.is(back.channels, 1);
});

test("raw planes of any number of channels are encoded, little-endian", async () => {
  const input = { channels: 5, height: 9, width: 7 };
  const planes = planesOf(105, 1).map((value) => value - 0.5);
  const spec: LayerSpec = { input, filters: 4, kernel: 3, padding: 1, pool: 2 };
  const layer = await createLayer(spec);
  const expected = await serialise(layer.encode(planes), spec, { values: "float32" });
  const query = "channels=5&height=9&width=7&filters=4&kernel=3&values=float32";
  assert.equal(await succeeds(post(service, `/encode?${query}`, raw(planes) as BodyInit)), expected);
});

test("a .unp becomes the planes that decode gives, by method, iterations and tolerance", async () => {
  const unp = await succeeds(post(service, `/encode?${QUERY}&values=float16`, png));
  const file = await parse(unp);
  for (const [query, options] of [
    ["", { iterations: 100 }],
    ["method=synthesis", { method: "synthesis" }],
    ["method=scaled&iterations=3", { method: "scaled", iterations: 3 }],
    ["method=whitened&iterations=4", { method: "whitened", iterations: 4 }],
    ["method=hybrid&iterations=5", { method: "hybrid", iterations: 5 }],
    [
      "method=hybrid&iterations=5&inequalities=false",
      { method: "hybrid", iterations: 5, inequalities: false },
    ],
    ["method=least-squares&tolerance=0.05", { method: "least-squares", tolerance: 0.05 }],
  ] as const) {
    const response = await post(service, `/decode?format=raw&${query}`, unp);
    assert.is(response.headers.get("Content-Type"), "application/octet-stream");
    assert.is(response.headers.get("Unpool-Shape"), "3, 24, 20");
    assert.equal(await bytesOf(response), raw(await decoded(file, options)), query);
  }
});

test("a .unp becomes a PNG of the same planes, rounded to 8 bits", async () => {
  const unp = await succeeds(post(service, `/encode?${QUERY}`, png));
  const response = await post(service, "/decode?iterations=20", unp);
  assert.is(response.headers.get("Content-Type"), "image/png");
  const found = await decodePicture("test", await bytesOf(response));
  const planes = await decoded(await parse(unp), { iterations: 20 });
  const eightBits = (floats: Float32Array) => toImageData(floats, width, height).data;
  assert.equal(eightBits(found.planes), eightBits(planes));
});

test("a PNG's black and white are those of the file's range", async () => {
  const layer = await createLayer(SPEC);
  const shifted = picture.planes.map((value) => 200 * value - 100);
  const options = { values: "float32", colour: "rgb", range: [-100, 100] } as const;
  const unp = await serialise(layer.encode(shifted), SPEC, options);
  const planes = await decoded(await parse(unp), { iterations: 100 });
  const found = await decodePicture("test", await succeeds(post(service, "/decode", unp as BodyInit)));
  const expected = toImageData(
    planes.map((value) => (value + 100) / 200),
    width,
    height,
  ).data;
  assert.equal(toImageData(found.planes, width, height).data, expected);
});

test("the headers say how the solver ran", async () => {
  const unp = await succeeds(post(service, `/encode?${QUERY}`, png));
  const { headers } = await post(service, "/decode?iterations=4&tolerance=0", unp);
  const { code, noise, spec } = await parse(unp);
  const layer = await createLayer(spec as LayerSpec);
  layer.decode(code as ReturnType<Layer["encode"]>, { noise, iterations: 4, tolerance: 0 });
  assert.is(headers.get("Unpool-Iterations"), String(layer.report.iterations));
  assert.is(headers.get("Unpool-Residual"), String(layer.report.residual));
  assert.is(headers.get("Unpool-Stopped"), layer.report.stopped);
  assert.is(headers.get("Unpool-Tiles"), "1");
  assert.match(
    headers.get("Server-Timing")!,
    /^body;dur=[\d.]+, read;dur=[\d.]+, layer;dur=[\d.]+, decode;dur=[\d.]+$/,
  );
});

test("/invert gives the bytes of /encode and then /decode", async () => {
  for (const [encoding, decoding] of [
    [QUERY, ""],
    [`${QUERY}&values=int4`, "method=synthesis"],
    [`${QUERY}&values=float32`, "iterations=7&format=raw"],
    [`${QUERY}&values=float16&tile=16&overlap=4`, "iterations=6"],
    ["filters=6&kernel=3&pool=global", "iterations=6"],
  ]) {
    const unp = await succeeds(post(service, `/encode?${encoding}`, png));
    const expected = await succeeds(post(service, `/decode?${decoding}`, unp));
    assert.equal(await succeeds(post(service, `/invert?${encoding}&${decoding}`, png)), expected, encoding);
  }
});

test("images beyond a tile are encoded and decoded in tiles", async () => {
  const large = await pngOf(70, 50);
  const { planes } = await decodePicture("test", large);
  const plan = planTiles({ channels: 3, height: 70, width: 50 }, { tile: [40, 32], overlap: 6, multiple: 4 });
  const input = { channels: 3, height: plan.tileHeight, width: plan.tileWidth };
  const spec: LayerSpec = { input, filters: 12, kernel: 5, padding: 2, stride: 2, pool: 2 };
  const layer = await createLayer(spec);
  const codes = (async function* () {
    const image = { channels: 3, height: 70, width: 50, planes } as const;
    for await (const tile of cutTiles(plan, rowsOf(image))) yield layer.encode(tile);
  })();
  const image = { height: 70, width: 50, overlap: 6 };
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeCodes(spec, codes, { values: "int8", colour: "rgb", image }))
    chunks.push(chunk);

  const response = await post(service, "/encode?filters=12&stride=2&tile=40x32&overlap=6", large);
  assert.is(response.headers.get("Unpool-Tiles"), String(plan.count));
  assert.ok(plan.count >= 4);
  const unp = await bytesOf(response);
  assert.equal(Buffer.from(unp), Buffer.concat(chunks));
  const found = await post(service, "/decode?format=raw&iterations=5", unp);
  assert.is(found.headers.get("Unpool-Tiles"), String(plan.count));
  assert.equal(await bytesOf(found), raw(await decoded(await parse(unp), { iterations: 5 })));
});

test("without an overlap it is what suits the layer: more without padding", async () => {
  const large = await pngOf(70, 120);
  for (const [query, overlap] of [
    ["kernel=5", 16],
    ["kernel=5&padding=1", 48],
  ] as const) {
    const response = await post(service, `/encode?filters=4&tile=64&${query}`, large);
    assert.is((await parse(await bytesOf(response))).image?.overlap, overlap);
  }
});

test("with tile=none, and with global pooling, an image has no tiles", async () => {
  const large = await pngOf(60, 40);
  for (const query of ["tile=none&filters=4", "tile=32&pool=global&filters=4"]) {
    const file = await parse(await succeeds(post(service, `/encode?${query}`, large)));
    assert.is(file.image, undefined);
    assert.is(file.tiles, 1);
  }
});

test("a file of a network of random filters is decoded", async () => {
  const layer = { filters: 12, kernel: 3, padding: 1 };
  const spec: NetworkSpec = {
    input: { channels: 3, height, width },
    layers: [
      { ...layer, seed: 1 },
      { ...layer, filters: 24, pool: 2, seed: 2 },
    ],
  };
  const network = await createNetwork(spec);
  const unp = await serialise(network.encode(picture.planes), spec, { values: "int8", colour: "rgb" });
  const { code, noise } = await parse(unp);
  const expected = network.decode(code as ReturnType<typeof network.encode>, { noise, iterations: 9 });
  const found = await succeeds(post(service, "/decode?format=raw&iterations=9", unp as BodyInit));
  assert.equal(found, raw(expected));
  const step = network.decode(code as ReturnType<typeof network.encode>, { method: "synthesis" });
  assert.equal(
    await succeeds(post(service, "/decode?format=raw&method=synthesis", unp as BodyInit)),
    raw(step),
  );
});

test("a file of a sparse code is multiplied out", async () => {
  const layer = await createLayer(SPEC);
  const code = layer.sparsify(picture.planes, { k: 200, iterations: 3 });
  const unp = await serialise(code, SPEC, { values: "float32", colour: "rgb" });
  const found = await succeeds(post(service, "/decode?format=raw", unp as BodyInit));
  assert.equal(found, raw(layer.decode(code)));
});

test("the answer is raw planes where the client would rather have them", async () => {
  const unp = await succeeds(post(service, `/encode?${QUERY}`, png));
  for (const [accept, type] of [
    ["application/octet-stream", "application/octet-stream"],
    ["image/png;q=0.5, application/octet-stream", "application/octet-stream"],
    ["image/*, application/octet-stream;q=0.9", "image/png"],
    ["application/octet-stream;q=nonsense", "image/png"],
    ["*/*", "image/png"],
    ["text/html", "image/png"],
  ] as const) {
    const response = await post(service, "/decode?iterations=1", unp, { headers: { Accept: accept } });
    assert.is(response.headers.get("Content-Type"), type, accept);
    assert.is(response.headers.get("Vary"), "Accept");
  }
  const headers = { Accept: "application/octet-stream" };
  const named = await post(service, "/decode?iterations=1&format=png", unp, { headers });
  assert.is(named.headers.get("Content-Type"), "image/png");
});

test("/health has the version, the kernel's digest and the limits", async () => {
  const limits = { pixels: 1000, work: 5e9 };
  const response = await get(serviceWith({ limits, cacheBytes: 0 }), "/health");
  const report = await response.json();
  assert.is(report.ok, true);
  assert.is(report.version, JSON.parse(readFileSync("package.json", "utf8")).version);
  assert.match(report.kernel, /^[0-9a-f]{64}$/);
  assert.is(report.limits.pixels, 1000);
  assert.is(report.limits.work, 5e9);
  assert.is(report.limits.cacheBytes, 0);
  assert.is(report.limits.bodyBytes, 24 * 2 ** 20);
});

test("/scene.png is a picture that /encode takes", async () => {
  const scene = await succeeds(get(service, "/scene.png"));
  assert.is((await decodePicture("scene", scene)).channels, 3);
  assert.ok((await succeeds(post(service, "/encode?filters=4", scene))).length > 0);
});

test("a 512 x 512 picture with 64 filters is within the default limits, and so is its code", async () => {
  const tile = planTiles({ channels: 3, height: 512, width: 512 }, { multiple: 2 });
  const input = { channels: 3, height: tile.tileHeight, width: tile.tileWidth };
  assert.ok(estimateMemory({ input, filters: 64, kernel: 5, padding: 2, pool: 2 }) < 12 * 2 ** 20);
  const large = await pngOf(512, 512);
  for (const values of ["int8", "float32"]) {
    const unp = await succeeds(post(service, `/encode?values=${values}`, large));
    assert.is((await parse(unp)).tiles, tile.count);
    await succeeds(post(service, "/decode?method=synthesis", unp));
    // what its 100 iterations come to, without running them
    const { detail } = await (await post(serviceWith({ limits: { work: 1 } }), "/decode", unp)).json();
    assert.ok(Number(/needs (\d+)/.exec(detail)![1]) < DEFAULT_LIMITS.work);
  }
});

test.run();
