// What the service refuses: parameters, bodies, and what is one past a limit, each with its problem.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse, serialise } from "../src/code/index.js";
import { createHandler, DEFAULT_LIMITS, type HandlerOptions } from "../src/edge/index.js";
import { createLayer, type LayerSpec } from "../src/index.js";
import { createNetwork, type NetworkSpec } from "../src/network/index.js";
import { get, planesOf, pngOf, post, refusedWith, serviceWith, succeeds } from "./edge-calls.js";
import { chunk, handMade, SIGNATURE } from "./pictures.js";
import { refuses } from "./refusals.js";
import { numbers } from "./support.js";

const service = serviceWith();
const png = await pngOf(16, 12);
const unp = await succeeds(post(service, "/encode?filters=4", png));

test("every parameter is refused by its name and with what it can be", async () => {
  for (const [path, query, ...fragments] of [
    ["/encode", "filters=0", "filters", '"0"', "1 to 16777216"],
    ["/encode", "filters=4.5", "filters", '"4.5"'],
    ["/encode", "filters=", "filters", '""'],
    ["/encode", "kernel=3x", "kernel", '"3x"', "as in 3x5"],
    ["/encode", "kernel=0x3", "kernel"],
    ["/encode", "stride=-1", "stride", '"-1"'],
    ["/encode", "padding=two", "padding", "from 0"],
    ["/encode", "pool=2x2x2", "pool", "global, or a whole number"],
    ["/encode", "rectifier=elu", "rectifier", "none, relu, crelu"],
    ["/encode", "seed=9007199254740992", "seed", "9007199254740991"],
    ["/encode", "unitNorm=1", "unitNorm", "true, false"],
    ["/encode", "values=int5", "values", "float32, float16, int8, int6, int4"],
    ["/encode", "deflate=yes", "deflate"],
    ["/encode", "tile=some", "tile", "none, or a whole number"],
    ["/encode", "overlap=1e3", "overlap"],
    ["/encode", "channels=0&height=4&width=4", "channels"],
    ["/decode", "method=htp", "method", "least-squares"],
    ["/decode", "iterations=0", "iterations", "from 1"],
    ["/decode", "tolerance=1", "tolerance", "under 1"],
    ["/decode", "tolerance=-0.1", "tolerance"],
    ["/decode", "inequalities=0", "inequalities", "true, false"],
    ["/decode", "format=gif", "format", "png, raw"],
    ["/invert", "iterations=x", "iterations"],
    ["/invert", "values=float64", "values"],
  ] as const) {
    const body = path === "/decode" ? unp : png;
    await refusedWith(post(service, `${path}?${query}`, body), 400, "invalid-option", ...fragments);
  }
});

test("unknown and repeated parameters are refused by name", async () => {
  await refusedWith(
    post(service, "/encode?filtres=4", png),
    400,
    "invalid-option",
    '"filtres"',
    "filters, kernel",
  );
  await refusedWith(post(service, "/encode?method=scaled", png), 400, "invalid-option", '"method"');
  await refusedWith(post(service, "/decode?filters=4", unp), 400, "invalid-option", '"filters"');
  await refusedWith(post(service, "/invert?deflate=true", png), 400, "invalid-option", '"deflate"');
  await refusedWith(post(service, "/encode?__proto__=1", png), 400, "invalid-option", '"__proto__"');
  await refusedWith(post(service, "/encode?seed=1&seed=1", png), 400, "invalid-option", "seed", "2 times");
});

test("raw planes need their whole shape, and as many bytes as it says", async () => {
  const planes = planesOf(4, 4);
  const query = "filters=2&kernel=3&";
  await refusedWith(
    post(service, `/encode?${query}height=4&width=4`, planes),
    400,
    "invalid-option",
    "all three",
  );
  const shape = "channels=3&height=4&width=4";
  assert.ok(await succeeds(post(service, `/encode?${query}${shape}`, planes)));
  for (const wrong of [planes.subarray(1), new Float32Array(49), new Uint8Array(191)]) {
    await refusedWith(
      post(service, `/encode?${query}${shape}`, wrong as BodyInit),
      422,
      "invalid-input",
      String(wrong.byteLength),
      "3 x 4 x 4",
      "192",
    );
  }
});

test("planes that are not finite, or too large, are refused", async () => {
  for (const [bad, code] of [
    [Number.NaN, "not-finite"],
    [Number.POSITIVE_INFINITY, "not-finite"],
    [3e38, "invalid-input"],
  ] as const) {
    const planes = planesOf(4, 4);
    planes[20] = bad;
    const path = "/encode?channels=3&height=4&width=4&filters=2&kernel=3&values=float32";
    await refusedWith(post(service, path, planes), 422, code, "number 20");
  }
});

test("a body of another kind is refused as such", async () => {
  const text = "this is no picture";
  await refusedWith(post(service, "/encode", text), 415, "unsupported-type", "neither PNG, JPEG");
  await refusedWith(post(service, "/invert", "GIF89a and more"), 415, "unsupported-type", "a GIF");
  await refusedWith(post(service, "/decode", text), 415, "unsupported-type", "no .unp");
  await refusedWith(post(service, "/decode", png), 415, "unsupported-type", "no .unp");
  await refusedWith(post(service, "/encode", unp), 415, "unsupported-type");
  const headers = { "Content-Encoding": "gzip" };
  await refusedWith(post(service, "/encode", png, { headers }), 415, "unsupported-type", "gzip");
  assert.ok(await succeeds(post(service, "/encode", png, { headers: { "Content-Encoding": "identity" } })));
});

test("a body that is empty or damaged is refused", async () => {
  for (const body of [null, new Uint8Array(0)]) {
    await refusedWith(post(service, "/encode", body), 422, "invalid-input", "0 bytes");
    await refusedWith(post(service, "/decode", body), 422, "invalid-file");
  }
  await refusedWith(post(service, "/encode", png.subarray(0, 200)), 422, "invalid-input", "truncated");
  await refusedWith(post(service, "/decode", unp.subarray(0, 200)), 422, "invalid-file");
  const changed = unp.slice();
  changed[changed.length - 20]! ^= 1;
  await refusedWith(post(service, "/decode", changed), 422, "invalid-file", "CRC");
});

test("a layer that does not fit the picture is refused", async () => {
  await refusedWith(post(service, "/encode?kernel=99&padding=0", png), 422, "invalid-spec", "kernel", "99");
  await refusedWith(post(service, "/encode?pool=40", png), 422, "invalid-spec", "pool");
});

test("codes of given filters are refused, and the digest of the filters is named", async () => {
  const spec: LayerSpec = { input: { channels: 1, height: 8, width: 8 }, filters: 2, kernel: 3 };
  const x = planesOf(8, 8, 1);
  const weights = { ...spec, weights: numbers(18) };
  const bias = { ...spec, bias: numbers(2) };
  for (const [given, what] of [
    [weights, "weights"],
    [bias, "biases"],
  ] as const) {
    const file = await serialise((await createLayer(given)).encode(x), given);
    const { sha256 } = (await parse(file)).parameters[0]!;
    await refusedWith(post(service, "/decode", file), 422, "invalid-weights", what, sha256);
  }
  const normalise = { scale: Float32Array.of(1, 2), shift: Float32Array.of(0, 1) };
  const stack: NetworkSpec = { input: spec.input, layers: [{ filters: 2, kernel: 3, normalise }] };
  const file = await serialise((await createNetwork(stack)).encode(x), stack);
  await refusedWith(post(service, "/decode", file), 422, "invalid-weights", "a normalisation");
});

test("what a code or a format does not go with is refused", async () => {
  const spec: LayerSpec = { input: { channels: 2, height: 8, width: 8 }, filters: 4, kernel: 3 };
  const file = await serialise((await createLayer(spec)).encode(numbers(128)), spec);
  await refusedWith(post(service, "/decode", file), 400, "invalid-option", "2 channels", "format=raw");
  await succeeds(post(service, "/decode?format=raw", file));
  const planes = numbers(128);
  const query = "channels=2&height=8&width=8&filters=4";
  await refusedWith(
    post(service, `/invert?${query}`, planes as BodyInit),
    400,
    "invalid-option",
    "2 channels",
  );
  const stack: NetworkSpec = { input: spec.input, layers: [{ filters: 4, kernel: 3 }] };
  const network = await serialise((await createNetwork(stack)).encode(planes), stack);
  const scaled = post(service, "/decode?format=raw&method=scaled", network);
  await refusedWith(scaled, 400, "invalid-option", "method");
});

/** Answers at a limit, and is refused one past it. */
async function holds(
  limits: NonNullable<HandlerOptions["limits"]>,
  at: string,
  atBody: BodyInit,
  past: string,
  pastBody: BodyInit,
  ...fragments: string[]
): Promise<void> {
  const limited = serviceWith({ limits });
  await succeeds(post(limited, at, atBody));
  await refusedWith(post(limited, past, pastBody), 413, "too-large", ...fragments);
}

test("a body of as many bytes as the limit is taken, of one more refused, announced or not", async () => {
  const limits = { bodyBytes: unp.length };
  const longer = Buffer.concat([unp, Buffer.of(0)]);
  await holds(limits, "/decode", unp, "/decode", longer, String(unp.length));
  const announced = (bytes: Uint8Array<ArrayBuffer>) =>
    post(serviceWith({ limits }), "/decode", bytes, { headers: { "Content-Length": String(bytes.length) } });
  await succeeds(announced(unp));
  await refusedWith(announced(longer), 413, "too-large", "announced", String(longer.length));
});

test("pixels are counted by the header of a picture, by the shape of planes, and in a .unp", async () => {
  const limits = { pixels: 16 * 12 };
  const encode = "/encode?filters=2&kernel=3&pool=1";
  await holds(limits, encode, png, encode, await pngOf(1, 193), "193");
  const shape = (height: number, width: number) => `${encode}&channels=3&height=${height}&width=${width}`;
  await holds(limits, shape(12, 16), planesOf(12, 16), shape(1, 193), planesOf(1, 193), "193");
  const wide = await succeeds(post(service, encode, await pngOf(1, 193)));
  await holds(limits, "/decode", unp, "/decode", wide, "193");
  const invert = "/invert?filters=2&pool=1";
  await holds(limits, invert, png, invert, await pngOf(1, 193), "193");
});

test("a header that lies about its pixels is refused by the header", async () => {
  const bomb = handMade({ width: 60000, height: 60000, depth: 8, type: 2, rows: [[0]] });
  await refusedWith(post(service, "/encode", new Uint8Array(bomb)), 413, "too-large", "60000");
  const jpegHeader = Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3);
  const jpegBomb = Buffer.concat([jpegHeader, Buffer.alloc(9), Buffer.of(0xff, 0xd9)]);
  await refusedWith(post(service, "/encode", new Uint8Array(jpegBomb)), 413, "too-large", "65535");
});

test("as many iterations as the limit are run, one more are refused, and the default is never too many", async () => {
  const limits = { iterations: 7 };
  await holds(limits, "/decode?iterations=7", unp, "/decode?iterations=8", unp, "iterations is 8", "7");
  await holds(limits, "/invert?filters=2&iterations=7", png, "/invert?filters=2&iterations=8", png);
  const { headers } = await post(serviceWith({ limits }), "/decode?tolerance=0", unp);
  assert.is(headers.get("Unpool-Iterations"), "7");
});

/** The number in the first refusal below it: what a request needs. */
async function need(limit: "work" | "memoryBytes", path: string, body: BodyInit): Promise<number> {
  const response = await post(serviceWith({ limits: { [limit]: 1 } }), path, body);
  const { detail } = await response.json();
  return Number(/needs (\d+)/.exec(detail)![1]);
}

test("work is computed before it is done: what it comes to is done, one multiply-add less allowed is refused", async () => {
  for (const [path, body] of [
    ["/encode?filters=4", png],
    ["/encode?filters=4&tile=8&overlap=2", png],
    ["/decode?iterations=3", unp],
    ["/decode?method=synthesis", unp],
    ["/invert?filters=4&iterations=3", png],
  ] as const) {
    const work = await need("work", path, body);
    await succeeds(post(serviceWith({ limits: { work } }), path, body));
    const refused = post(serviceWith({ limits: { work: work - 1 } }), path, body);
    await refusedWith(refused, 413, "too-large", String(work), String(work - 1));
  }
});

test("more work is asked for by more iterations, tiles and filters", async () => {
  const least = await need("work", "/decode?iterations=3", unp);
  assert.ok((await need("work", "/decode?iterations=4", unp)) > least);
  const plain = await need("work", "/encode?filters=4", png);
  assert.ok((await need("work", "/encode?filters=5", png)) > plain);
  assert.ok((await need("work", "/encode?filters=4&tile=8&overlap=6", png)) > plain);
});

test("memory is reckoned before it is taken: what a request needs is enough, one byte less is refused", async () => {
  for (const [path, body] of [
    ["/encode?filters=4", png],
    ["/encode?filters=4&channels=3&height=12&width=16", planesOf(12, 16)],
    ["/decode?iterations=3", unp],
    ["/invert?filters=4&iterations=3&format=raw", png],
  ] as const) {
    // the first refusal is of the body, the next of what comes after it
    let memoryBytes = 1;
    for (let refusals = 0; refusals < 5; ++refusals) {
      const response = await post(serviceWith({ limits: { memoryBytes } }), path, body);
      if (response.status === 200) break;
      const { code, detail } = await response.json();
      assert.is(code, "too-large", detail);
      memoryBytes = Number(/ (\d+) bytes of memory/.exec(detail)![1]);
    }
    await succeeds(post(serviceWith({ limits: { memoryBytes } }), path, body));
    const less = post(serviceWith({ limits: { memoryBytes: memoryBytes - 1 } }), path, body);
    await refusedWith(less, 413, "too-large", String(memoryBytes));
  }
});

test("a file whose layer, tiles or depth are absurd is refused by its header", async () => {
  const large: LayerSpec = {
    input: { channels: 1, height: 600, width: 600 },
    filters: 64,
    kernel: 3,
    pool: 2,
  };
  const file = await serialise(
    { values: new Float32Array(64 * 299 * 299), switches: new Uint8Array(64 * 299 * 299) },
    large,
  );
  await refusedWith(post(service, "/decode", file), 413, "too-large", "memory");

  const spec: LayerSpec = { input: { channels: 1, height: 8, width: 8 }, filters: 1, kernel: 1 };
  const tiles = (count: number) => {
    const header = { spec, image: { height: 8, width: 8 * count, overlap: 0 } };
    return tiled(header, count);
  };
  const room = serviceWith({ limits: { work: 1e12 } });
  await succeeds(post(room, "/decode?iterations=1&format=raw", await tiles(4096)));
  await refusedWith(post(room, "/decode", await tiles(4097)), 413, "too-large", "4097");

  // nor is such a file written
  const [query, row] = [
    "channels=1&height=1&filters=1&kernel=1&pool=1&tile=1&overlap=0",
    new Float32Array(4097),
  ];
  await succeeds(post(room, `/encode?width=4096&${query}`, row.subarray(1)));
  await refusedWith(post(room, `/encode?width=4097&${query}`, row), 413, "too-large", "4097");

  const deep = async (depth: number) => {
    const layers = Array.from({ length: depth }, () => ({ filters: 1, kernel: 1 }));
    const stack: NetworkSpec = { input: { channels: 1, height: 1, width: 1 }, layers };
    return serialise((await createNetwork(stack)).encode(Float32Array.of(1)), stack);
  };
  await succeeds(post(room, "/decode?iterations=1&format=raw", await deep(64)));
  await refusedWith(post(room, "/decode", await deep(65)), 413, "too-large", "65");
});

async function tiled(
  { spec, image }: { spec: LayerSpec; image: { height: number; width: number; overlap: number } },
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { writeCodes } = await import("../src/code/index.js");
  const code = (await createLayer(spec)).encode(new Float32Array(64).fill(0.5));
  const chunks: Uint8Array[] = [];
  for await (const part of writeCodes(spec, Array(count).fill(code), { image })) chunks.push(part);
  return new Uint8Array(Buffer.concat(chunks));
}

test("limits and options are checked when the handler is made", () => {
  for (const [options, ...fragments] of [
    [{ limits: { pixels: 0 } }, "limits.pixels", "0"],
    [{ limits: { work: 1.5 } }, "limits.work"],
    [{ limits: { milliseconds: 2 ** 31 } }, "limits.milliseconds", String(2 ** 31 - 1)],
    [{ limits: { toString: 5 } }, '"toString"'],
    [{ limits: { bytes: 5 } }, '"bytes"', "bodyBytes"],
    [{ cacheBytes: -1 }, "cacheBytes"],
    [{ cors: "example.org" }, "cors", '"example.org"'],
    [{ cors: "https://example.org/" }, "cors"],
    [{ prefix: "unpool" }, "prefix"],
    [{ prefix: "/unpool/" }, "prefix"],
    [{ prefix: "/a b" }, "prefix"],
    [{ onFault: "log" }, "onFault"],
    [{ origin: "*" }, '"origin"', "cors"],
  ] as const) {
    refuses(() => createHandler(options as unknown as HandlerOptions), "invalid-option", ...fragments);
  }
  createHandler({ limits: { pixels: undefined, milliseconds: 2 ** 31 - 1 }, cors: "*", prefix: "/a/b-c" });
  assert.is(DEFAULT_LIMITS.pixels, 2 ** 20);
});

test("a fault is answered without a word about it, and told to the deployer alone", async () => {
  const faults: unknown[] = [];
  const handler = createHandler({ onFault: (error) => faults.push(error) });
  const broken = new Request("https://edge.example/encode", { method: "POST", body: png });
  await broken.arrayBuffer(); // somebody else has read it
  const response = await handler(broken);
  assert.is(response.status, 500);
  const problem = await response.json();
  assert.is(problem.code, "internal");
  assert.not.match(JSON.stringify(problem), /body|locked|disturbed|TypeError/i);
  assert.is(faults.length, 1);
  assert.instance(faults[0], TypeError);
});

test("a type leads to a page about it, and every code has one", async () => {
  const { PROBLEMS } = await import("../src/edge/problems.js");
  for (const [code, [status]] of Object.entries(PROBLEMS)) {
    const response = await get(service, `/problems/${code}`);
    assert.is(response.status, 200);
    assert.match(await response.text(), `${code} (${status})`);
  }
});

test("interlaced pictures are measured before they are decoded", async () => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(1000, 0);
  header.writeUInt32BE(1000, 4);
  header.set([16, 6, 0, 0, 1], 8);
  const interlaced = Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", Buffer.alloc(9000))]);
  const limited = serviceWith({ limits: { memoryBytes: 40e6 } });
  await refusedWith(post(limited, "/encode", new Uint8Array(interlaced)), 413, "too-large", "memory");
});

test.run();
