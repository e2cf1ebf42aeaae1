// Streams, and what callers hand over.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bitBytes, bitsOf, packBits, unpackBits } from "../src/code/bits.js";
import { Reader, varintBytes, Writer } from "../src/code/bytes.js";
import {
  packCode,
  parse,
  parseSync,
  readCodes,
  readSections,
  type SerialiseOptions,
  type Source,
  serialise,
  serialiseSync,
  unpackCode,
  withParameters,
  writeCodes,
  writeSections,
} from "../src/code/index.js";
import { mostMaskBytes, planMask, readMask, writeMask } from "../src/code/mask.js";
import type { LayerSpec } from "../src/geometry.js";
import type { Code } from "../src/layer.js";
import type { NetworkCode } from "../src/network/network.js";
import { chunksOf, collect, patched, streamOf } from "./code-files.js";
import { hasCode, refuses } from "./refusals.js";
import { numbers, SEEDED } from "./support.js";

const SPEC: LayerSpec = { input: { channels: 1, height: 4, width: 4 }, filters: 2, kernel: 1, pool: 2 };
const CODE: Code = { values: numbers(8), switches: Uint8Array.of(3, 0, 1, 2, 1, 0, 0, 3), kind: "pooled" };
const FILE = serialiseSync(CODE, SPEC);
const TILED = { image: { height: 7, width: 4, overlap: 1 } };

async function tiledFile(): Promise<Uint8Array> {
  return Uint8Array.from(
    (await collect(writeCodes(SPEC, [CODE, CODE], TILED))).flatMap((chunk) => [...chunk]),
  );
}

async function rejects(run: () => Promise<unknown>, code: string, pattern: RegExp): Promise<void> {
  let error: unknown;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  refuses(
    () => {
      if (error) throw error;
    },
    code,
    pattern,
  );
}

// streams

test("a stream whose file is refused is cancelled, and not read any further", async () => {
  const bad = patched(FILE, 0, 0, [9]);
  bad.set(FILE.slice(-60), bad.length - 60);
  for (const [file, most] of [
    [Uint8Array.from([1, ...FILE]), 10],
    [bad, 163],
  ] as const) {
    const { stream, state } = streamOf(file, [1]);
    await rejects(() => parse(stream), "invalid-file", /./);
    assert.ok(state.ended);
    assert.ok(state.given <= most, `${state.given} bytes were read`);
    assert.is(stream.locked, false);
  }
});

test("a source of another making is ended, too, whatever its return gives back or throws", async () => {
  for (const close of [() => ({ done: true }), () => undefined, () => assert.unreachable("not heard of")]) {
    let ended = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: Uint8Array.of(1, 2, 3) }),
        return: () => {
          ++ended;
          return close();
        },
      }),
    };
    await rejects(() => parse(source as unknown as Source), "invalid-file", /no \.unp file: byte 0 is 1/);
    assert.is(ended, 1);
  }
});

test("a stream that is too long is cancelled at its limit", async () => {
  const { stream, state } = streamOf(FILE, [10]);
  await rejects(
    () => parse(stream, { bytes: 50 }),
    "too-large",
    /bytes of the file so far: 60, and limits.bytes is 50/,
  );
  assert.ok(state.ended);
  assert.is(state.given, 60);
});

test("a stream is cancelled where its reader stops early, and read to its end where it does not", async () => {
  const file = await tiledFile();
  const early = streamOf(file, [7]);
  for await (const _ of (await readCodes(early.stream)).codes) break;
  assert.ok(early.state.ended);
  assert.ok(early.state.given < file.length - 9);

  const never = streamOf(file, [7]);
  const { header, codes } = await readCodes(never.stream);
  assert.is(header.tiles, 2);
  await codes.return();
  assert.ok(never.state.ended);

  const whole = streamOf(file, [7]);
  assert.is((await collect((await readSections(whole.stream)).sections)).length, 2);
  assert.is(whole.state.ended, false);
  assert.is(whole.stream.locked, false);
});

test("an async iterable is ended where its reader stops early", async () => {
  const file = await tiledFile();
  let ended = 0;
  async function* source() {
    try {
      yield* chunksOf(file, 5);
    } finally {
      ++ended;
    }
  }
  for await (const _ of (await readCodes(source())).codes) break;
  await rejects(() => parse(source(), { bytes: 20 }), "too-large", /so far: 25/);
  await new Promise((resolve) => setTimeout(resolve));
  assert.is(ended, 2);
});

test("codes are read as their bytes come: no further than the section asked for", async () => {
  const file = await tiledFile();
  const { stream, state } = streamOf(file, [1]);
  const { codes } = await readCodes(stream);
  const afterHead = state.given;
  await codes.next();
  const afterFirst = state.given;
  await codes.next();
  assert.is(afterHead, 10 + 9 + 144);
  assert.is(afterFirst - afterHead, state.given - afterFirst);
  assert.is(state.given + 9, file.length);
});

test("what is wrong behind the last code is thrown when its turn comes", async () => {
  const file = Uint8Array.from([...(await tiledFile()), 0]);
  const { codes } = await readCodes(file);
  await codes.next();
  await codes.next();
  await rejects(() => codes.next(), "invalid-file", /behind the end/);
});

test("an error of the stream itself passes through", async () => {
  const failure = new Error("the line is dead");
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(failure);
    },
  });
  assert.is(await parse(stream).catch((error) => error), failure);
  async function* source() {
    yield FILE.slice(0, 20);
    throw failure;
  }
  assert.is(await parse(source()).catch((error) => error), failure);
});

test("sources that are no bytes are refused", async () => {
  for (const source of [undefined, null, 5, "file", [1, 2], new ArrayBuffer(9), new Uint16Array(9)]) {
    await rejects(
      () => parse(source as unknown as Source),
      "invalid-input",
      /the file is .*; it must be a Uint8Array/,
    );
    refuses(() => parseSync(source as unknown as Uint8Array), "invalid-input", /the file is/);
  }
  async function* texts() {
    yield "text";
  }
  await rejects(() => parse(texts() as unknown as Source), "invalid-input", /a chunk of the file is "text"/);
  const { stream } = streamOf(FILE, [9]);
  stream.getReader();
  await rejects(() => parse(stream), "invalid-input", /another reader/);
});

test("a Buffer is bytes, and what is read does not change with them", async () => {
  const buffer = Buffer.from(FILE);
  const [file, { sections }] = [parseSync(buffer), await readSections(buffer)];
  const [section] = await collect(sections);
  buffer.fill(0);
  assert.equal(file.code, CODE);
  assert.equal((await unpackCode(section!, file)).code, CODE);
});

// hosts

test("a host without compression streams refuses what needs them, and nothing else", async () => {
  const deflated = await serialise(CODE, SPEC, { deflate: true });
  const { CompressionStream, DecompressionStream } = globalThis;
  const old = class {
    constructor(format: string) {
      throw new TypeError(`no format ${format}`);
    }
  };
  for (const host of [undefined, old]) {
    Object.assign(globalThis, { CompressionStream: host, DecompressionStream: host });
    try {
      await rejects(
        () => serialise(CODE, SPEC, { deflate: true }),
        "unsupported",
        /no CompressionStream for "deflate-raw"/,
      );
      await rejects(() => parse(deflated), "unsupported", /no DecompressionStream/);
      assert.equal((await parse(await serialise(CODE, SPEC))).code, CODE);
    } finally {
      Object.assign(globalThis, { CompressionStream, DecompressionStream });
    }
  }
  refuses(() => parseSync(deflated), "unsupported", /only parse and readCodes inflate/);
  refuses(
    () => serialiseSync(CODE, SPEC, { deflate: true }),
    "invalid-option",
    /only serialise and writeCodes do/,
  );
});

// what is written

test("codes of other layers are refused", () => {
  const write =
    (code: unknown, spec: unknown = SPEC) =>
    () =>
      serialiseSync(code as Code, spec as LayerSpec);
  refuses(write(undefined), "invalid-code", /values of the code are undefined; .* 2 x 2 x 2 = 8/);
  refuses(write({ ...CODE, values: new Float32Array(9) }), "invalid-code", /a Float32Array of 9/);
  refuses(write({ ...CODE, values: new Float64Array(8) }), "invalid-code", /a Float64Array of 8/);
  refuses(write({ ...CODE, values: new Float32Array(8).fill(Number.NaN) }), "not-finite", /number 0 is NaN/);
  refuses(write({ ...CODE, switches: new Uint8Array(7) }), "invalid-code", /a Uint8Array of 7; .* of 8/);
  refuses(write({ ...CODE, switches: new Int8Array(8) }), "invalid-code", /an? Int8Array of 8/);
  refuses(write({ ...CODE, switches: [CODE.switches] }), "invalid-code", /a layer's are one typed array/);
  refuses(
    write({ ...CODE, switches: new Uint8Array(8).fill(4) }),
    "invalid-code",
    /switch 0 of layer 0 is 4; .* 0 to 3/,
  );
  refuses(write({ ...CODE, kind: "other" }), "invalid-code", /kind of the code is "other"/);
  refuses(write(CODE, { ...SPEC, filters: 0 }), "invalid-spec", /filters is 0/);
  refuses(write(CODE, { ...SPEC, seed: -1 }), "invalid-spec", /seed is -1/);
  refuses(write(CODE, null), "invalid-spec", /a layer needs a specification/);
  refuses(write(CODE, { ...SPEC, weights: new Float32Array(3) }), "invalid-spec", /weights are/);
});

test("codes of other networks are refused", () => {
  const spec = {
    input: { channels: 1, height: 3, width: 4 },
    layers: [
      { filters: 1, kernel: 1, pool: { type: "max" as const, size: 2, ceil: true } },
      { filters: 1, kernel: 1, rectifier: "relu" as const },
    ],
  };
  const good = { values: new Float32Array(4), switches: [new Uint8Array(4), new Uint8Array(4)] };
  assert.equal(parseSync(serialiseSync(good, spec)).code, good);
  const write = (code: object) => () => serialiseSync(code as NetworkCode, spec);
  refuses(
    write({ ...good, switches: new Uint8Array(4) }),
    "invalid-code",
    /a network's are an array for each layer/,
  );
  refuses(
    write({ ...good, switches: [new Uint8Array(4)] }),
    "invalid-code",
    /switches of 1 layers; the network has 2/,
  );
  refuses(
    write({ ...good, switches: [Uint8Array.of(0, 0, 2, 0), new Uint8Array(4)] }),
    "invalid-code",
    /switch 2 of layer 0 is 2, which lies beyond/,
  );
  refuses(
    write({ ...good, switches: [new Uint8Array(4), Uint8Array.of(1, 1, 1, 2)] }),
    "invalid-code",
    /switch 3 of layer 1 is 2/,
  );
  refuses(write({ ...good, kind: "sparse" }), "invalid-code", /sparse, which codes of networks never are/);
});

test("options that are none are refused", () => {
  const refusals: [SerialiseOptions | object, RegExp][] = [
    [{ values: "int5" }, /values is "int5"; it must be one of float32, float16, int8, int6, int4/],
    [{ deflate: 1 }, /deflate is 1; it must be true or false/],
    [{ colour: "cmyk" }, /colour is "cmyk"/],
    [{ colour: "rgb" }, /colour is "rgb", and the input has 1 channels/],
    [{ range: [1, 1] }, /range is \[1, 1\]/],
    [{ range: [0, Number.POSITIVE_INFINITY] }, /range is \[0, Infinity\]/],
    [{ range: [0] }, /range is \[0\]/],
    [{ range: 5 }, /range is 5/],
    [{ range: ["0", 1] }, /range is \["0", 1\]/],
    [{ image: { height: 3, width: 4, overlap: 0 } }, /the tiles are 4 pixels high, more than the image/],
    [{ image: { height: 9, width: 4, overlap: 4 } }, /an overlap of 4 pixels/],
    [{ image: { height: 9.5, width: 4, overlap: 1 } }, /the image's height is 9.5/],
    [{ image: 5 }, /the image's height is undefined/],
  ];
  for (const [options, pattern] of refusals) {
    refuses(() => serialiseSync(CODE, SPEC, options as SerialiseOptions), "invalid-option", pattern);
  }
  const large = { ...CODE, values: new Float32Array(8).fill(65520) };
  refuses(
    () => serialiseSync(large, SPEC, { values: "float16" }),
    "invalid-code",
    /float16 holds at most 65504/,
  );
});

test("too few codes, too many, and codes of two kinds are refused", async () => {
  const write =
    (codes: Code[], options: SerialiseOptions = TILED) =>
    () =>
      collect(writeCodes(SPEC, codes, options));
  await rejects(write([]), "invalid-code", /there are 0 codes, and the image has 2 tiles/);
  await rejects(write([CODE]), "invalid-code", /there are 1 codes, and the image has 2 tiles/);
  await rejects(write([CODE, CODE, CODE]), "invalid-code", /there are more codes, and the image has 2 tiles/);
  await rejects(
    write([CODE, { ...CODE, kind: "sparse" }]),
    "invalid-code",
    /code 1 is sparse; those before it are pooled/,
  );
  await rejects(() => serialise(CODE, SPEC, TILED), "invalid-code", /there are 1 codes/);
  refuses(() => serialiseSync(CODE, SPEC, TILED), "invalid-code", /there are 1 codes/);
  const section = await packCode(CODE, SPEC);
  await rejects(
    () => collect(writeSections(SPEC, [section, "text" as never], TILED)),
    "invalid-input",
    /a section is "text"/,
  );
});

test("a writer that is ended early ends its source", async () => {
  let ended = false;
  function* codes() {
    try {
      yield CODE;
      yield CODE;
    } finally {
      ended = true;
    }
  }
  for await (const chunk of writeCodes(SPEC, codes(), TILED)) {
    assert.ok(chunk.length > 0);
    break;
  }
  assert.ok(ended);
});

test("sections are unpacked within limits, by their own header only", async () => {
  const header = parseSync(FILE);
  const section = await packCode(CODE, SPEC);
  assert.equal((await unpackCode(section, header, { values: 16 })).code, CODE);
  await rejects(() => unpackCode(section, header, { values: 15 }), "too-large", /limits.values is 15/);
  const other = parseSync(serialiseSync(CODE, SPEC, { values: "float16" }));
  await rejects(() => unpackCode(section, other, {}, 7), "invalid-file", /code section 7/);
});

// arrays that were given

test("arrays that are missing, not asked for or others are refused", () => {
  const weights = Float32Array.of(1, 2);
  const bias = Float32Array.of(3, 4);
  const header = parseSync(serialiseSync(CODE, { ...SPEC, weights, bias }));
  assert.equal((withParameters(header, [{ weights, bias }]) as LayerSpec).weights, weights);
  const complete =
    (...arrays: Parameters<typeof withParameters>[1] & object) =>
    () =>
      withParameters(header, arrays);
  refuses(
    complete(),
    "invalid-weights",
    /layer 0 was made with weights of its own: give them \(SHA-256 [0-9a-f]{64}\)/,
  );
  refuses(complete(undefined), "invalid-weights", /made with weights/);
  refuses(complete({ weights }), "invalid-weights", /made with bias/);
  refuses(
    complete({ weights, bias: Float32Array.of(3, 5) }),
    "invalid-weights",
    /arrays of layer 0 have the SHA-256/,
  );
  refuses(complete({ weights, bias: Float32Array.of(3) }), "invalid-spec", /bias is a Float32Array of 1/);
  refuses(
    complete({ weights, bias, normalise: { scale: bias, shift: bias } }),
    "invalid-weights",
    /not made with normalise/,
  );
  refuses(complete({ weights, bias }, { weights }), "invalid-weights", /for 2 layers; the file has 1/);
  const seeded = parseSync(FILE);
  assert.equal(withParameters(seeded), seeded.spec);
  assert.throws(() => withParameters(seeded, [{ weights }]), hasCode("invalid-weights"));
});

// parts

test("numbers of any width are packed bit after bit, the lowest first", () => {
  const draws = fc
    .integer({ min: 0, max: 32 })
    .chain((bits) => fc.tuple(fc.constant(bits), fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }))));
  fc.assert(
    fc.property(draws, ([bits, list]) => {
      const bytes = new Uint8Array(bitBytes(list.length, bits)).fill(255);
      packBits(list, bits, bytes);
      let text = "";
      for (const number of list) {
        for (let bit = 0; bit < bits; ++bit) text += Math.floor(number / 2 ** bit) % 2;
      }
      const expected = Array.from(bytes, (_, i) =>
        Number.parseInt([...text.slice(8 * i, 8 * i + 8).padEnd(8, "0")].reverse().join(""), 2),
      );
      assert.equal([...bytes], expected);
      const back = new Uint32Array(list.length);
      assert.ok(unpackBits(bytes, bits, back));
      assert.equal([...back], list);
    }),
    SEEDED,
  );
  assert.equal([0, 1, 2, 3, 4, 255, 256, 2 ** 31, 2 ** 32 - 1].map(bitsOf), [0, 1, 2, 2, 3, 8, 9, 32, 32]);
  assert.is(unpackBits(Uint8Array.of(0b1000_0000), 7, new Uint32Array(1)), false);
});

test("varints take as few bytes as there are groups of 7 bits", () => {
  for (const [value, ...bytes] of [
    [0, 0],
    [127, 127],
    [128, 128, 1],
    [300, 0xac, 2],
    [2 ** 32 - 1, 255, 255, 255, 255, 15],
  ]) {
    const to = new Writer(bytes.length);
    to.varint(value!);
    assert.equal([...to.bytes], bytes);
    assert.is(varintBytes(value!), bytes.length);
    assert.is(new Reader(to.bytes, "it").varint(), value);
  }
});

test("masks come back, in as many bytes as were planned, never more than a bitmap's", () => {
  const masks = fc.oneof(
    fc.array(fc.constantFrom(0, 1), { maxLength: 400 }),
    // long runs
    fc
      .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 1, max: 300 })), { maxLength: 8 })
      .map((runs) => runs.flatMap(([kept, length]) => new Array<number>(length).fill(kept))),
    // few entries
    fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 5 }).map((places) => {
      const mask = new Array<number>(3001).fill(0);
      for (const place of places) mask[place] = 1;
      return mask;
    }),
  );
  const methods = new Set<number>();
  fc.assert(
    fc.property(masks, (list) => {
      const stored = Uint8Array.from(list);
      const plan = planMask(stored);
      methods.add(plan.method);
      const to = new Writer(plan.bytes);
      writeMask(to, stored, plan);
      assert.ok(plan.bytes <= mostMaskBytes(list.length));
      const from = new Reader(to.bytes, "it");
      const back = readMask(from, list.length);
      from.end();
      assert.equal([...(back.stored ?? stored.map(() => 1))], list);
      assert.is(back.count, list.filter((kept) => kept).length);
      assert.is(plan.count, back.count);
    }),
    { ...SEEDED, numRuns: 500 },
  );
  assert.equal([...methods].sort(), [0, 1, 2, 3]);
});

test.run();
