// Pictures row by row: PNG and PNM in and out.

import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { decode, encode } from "fast-png";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toImageData } from "../src/image/planes.js";
import { scene } from "../src/image/scene.js";
import { decodePicture } from "../src/pictures/decode.js";
import type { PictureLimits, PictureSize } from "../src/pictures/planar.js";
import { decodePng } from "../src/pictures/png.js";
import { filter, unfilter } from "../src/pictures/png-filters.js";
import { writePngRows } from "../src/pictures/png-rows.js";
import { writePnmRows } from "../src/pictures/pnm.js";
import { readRows } from "../src/pictures/rows.js";
import { bytesInUse } from "./heap.js";
import { chunk, handMade, jpg, photograph, png, SIGNATURE } from "./pictures.js";
import { collect, planesOf, rejects } from "./rows.js";
import { numbers, SEEDED } from "./support.js";

/** Bytes in pieces of a length, and whether the source was closed. */
function chunked(bytes: Uint8Array, length = 1000) {
  const seen = { read: 0, closed: 0 };
  async function* pieces() {
    try {
      for (let at = 0; at < bytes.length; at += length) {
        seen.read = Math.min(bytes.length, at + length);
        yield bytes.subarray(at, seen.read);
      }
    } finally {
      ++seen.closed;
    }
  }
  return { seen, source: pieces() };
}

async function decodeByRows(bytes: Uint8Array, length?: number, limits?: PictureLimits) {
  const { rows, ...size } = await readRows("it", chunked(bytes, length).source, limits);
  return { ...size, planes: planesOf(await collect(rows), size.channels) };
}

const message = (run: Promise<unknown>) =>
  run.then(
    () => "decoded",
    ({ message }) => message as string,
  );

// what PNGs may be ----------------------------------------------------------------------------------------

const KINDS = [
  ...[1, 2, 4, 8, 16].map((depth) => ({ type: 0, depth, channels: 1 })),
  ...[8, 16].map((depth) => ({ type: 2, depth, channels: 3 })),
  ...[1, 2, 4, 8].map((depth) => ({ type: 3, depth, channels: 1 })),
  ...[8, 16].map((depth) => ({ type: 4, depth, channels: 2 })),
  ...[8, 16].map((depth) => ({ type: 6, depth, channels: 4 })),
];

interface Png {
  kind: (typeof KINDS)[number];
  width: number;
  height: number;
  seed: number;
  filters: number[];
  cuts: number;
  transparent: boolean;
}

const pngs: fc.Arbitrary<Png> = fc.record({
  kind: fc.constantFrom(...KINDS),
  width: fc.integer({ min: 1, max: 20 }),
  height: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(),
  filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 12 }),
  cuts: fc.integer({ min: 1, max: 40 }),
  transparent: fc.boolean(),
});

/** The samples of a picture, few different ones so that the transparent colour is met, and the chunks of its colours. */
function contents({ kind, width, height, seed, transparent }: Png) {
  const top = 2 ** kind.depth - 1;
  const few = numbers(width * height * kind.channels, seed).map((x) => Math.floor((x + 1) * 2));
  const palette = Array.from(numbers(12, seed + 1), (x) => Math.floor(128 * (x + 1)));
  const samples = Array.from(few, (x) => (kind.type === 3 ? x % (top + 1) : Math.round((x / 3) * top)));
  const key = samples.slice(0, kind.channels).flatMap((sample) => [sample >> 8, sample & 255]);
  const alphas = palette.slice(0, 3);
  const extra = [
    ...(kind.type === 3 ? [chunk("PLTE", Uint8Array.from(palette))] : []),
    ...(transparent && kind.type < 4 ? [chunk("tRNS", Uint8Array.from(kind.type === 3 ? alphas : key))] : []),
  ];
  return { samples, palette, alphas: transparent ? alphas : [], key: transparent ? key : undefined, extra };
}

/** What its planes must be, by the definition of PNG. */
function truth(png: Png): Float32Array {
  const { kind, width, height } = png;
  const { samples, palette, alphas, key } = contents(png);
  const area = width * height;
  const top = 2 ** kind.depth - 1;
  const colours = kind.type === 0 || kind.type === 4 ? 1 : 3;
  const planes = new Float32Array(colours * area);
  for (let i = 0; i < area; ++i) {
    const pixel = samples.slice(i * kind.channels, (i + 1) * kind.channels);
    let colour = pixel.map((sample) => sample / top);
    let alpha = kind.type >= 4 ? colour.pop()! : 1;
    if (kind.type === 3) {
      colour = palette.slice(3 * pixel[0]!, 3 * pixel[0]! + 3).map((value) => value / 255);
      alpha = (alphas[pixel[0]!] ?? 255) / 255;
    } else if (kind.type < 4 && key?.every((byte, b) => byte === (pixel[b >> 1]! >> (b % 2 ? 0 : 8)) % 256)) {
      alpha = 0;
    }
    colour.forEach((value, c) => {
      planes[c * area + i] = value * alpha + 1 - alpha;
    });
  }
  return planes;
}

/** The rows as they are stored, without filters. */
function packed(png: Png): number[][] {
  const { kind, width, height } = png;
  const { samples } = contents(png);
  return Array.from({ length: height }, (_, y) => {
    const row = samples.slice(y * width * kind.channels, (y + 1) * width * kind.channels);
    const bits = row.map((sample) => sample.toString(2).padStart(kind.depth, "0")).join("");
    return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
  });
}

/** The filters as the standard writes them, one byte after the other. */
function filtered(rows: number[][], step: number, filters: number[]): number[] {
  return rows.flatMap((row, y) => [
    filters[y]!,
    ...row.map((value, i) => {
      const [a, b, c] = [row[i - step] ?? 0, rows[y - 1]?.[i] ?? 0, rows[y - 1]?.[i - step] ?? 0];
      const p = a + b - c;
      const nearest = Math.min(Math.abs(p - a), Math.abs(p - b), Math.abs(p - c));
      const paeth = nearest === Math.abs(p - a) ? a : nearest === Math.abs(p - b) ? b : c;
      return (value - [0, a, b, Math.floor((a + b) / 2), paeth][filters[y]!]! + 512) % 256;
    }),
  ]);
}

function file(png: Png): Uint8Array {
  const { kind, width, height, filters, cuts } = png;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([kind.depth, kind.type], 8);
  const step = Math.ceil((kind.channels * kind.depth) / 8);
  const pixels = deflateSync(Uint8Array.from(filtered(packed(png), step, filters)));
  const text = chunk("tEXt", Buffer.from("no text at all"));
  return pngOf(header, [...contents(png).extra, text], pixels, cuts);
}

/** @param cuts bytes of an IDAT chunk. */
function pngOf(header: Uint8Array, extra: Buffer[], pixels: Uint8Array, cuts: number): Uint8Array {
  const parts = Array.from({ length: Math.ceil(pixels.length / cuts) }, (_, i) =>
    chunk("IDAT", pixels.subarray(i * cuts, (i + 1) * cuts)),
  );
  const end = chunk("IEND", Buffer.alloc(0));
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), ...extra, ...parts, end]);
}

test("PNG: every type, depth and filter, with colours that are transparent, is what it must be, by rows and as a whole", async () => {
  await fc.assert(
    fc.asyncProperty(pngs, fc.integer({ min: 1, max: 60 }), async (png, length) => {
      const bytes = file(png);
      const wanted = truth(png);
      const whole = decodePng("it", bytes);
      assert.equal(whole.planes, wanted);
      assert.equal(await decodeByRows(bytes, length), whole);
    }),
    { ...SEEDED, numRuns: 400 },
  );
});

test("PNG: pixels that fill many slices of compressed bytes, and chunks of one byte", async () => {
  const [width, height] = [301, 97];
  const data = Uint8Array.from(numbers(width * height * 3, 5), (x) => 128 * (x + 1));
  const bytes = encode({ width, height, channels: 3, data });
  const whole = decodePng("it", bytes);
  assert.equal(
    whole.planes.subarray(0, width * height),
    Float32Array.from({ length: width * height }, (_, i) => data[3 * i]! / 255),
  );
  for (const length of [1, 4096, 100_000, bytes.length]) {
    assert.equal(await decodeByRows(bytes, length), whole);
  }
});

test("PNG: what follows the end of the compressed pixels is no part of the picture", async () => {
  const header = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0);
  const pixels = Buffer.concat([deflateSync(Uint8Array.of(0, 51)), Buffer.alloc(3 * 4096, 1)]);
  const bytes = pngOf(header, [], pixels, 10);
  assert.equal((await decodeByRows(bytes)).planes, Float32Array.of(0.2));
  assert.equal(decodePng("it", bytes).planes, Float32Array.of(0.2));
});

test("PNG: a suggested palette of a picture in full colour changes nothing", async () => {
  const made = { width: 2, height: 1, depth: 8, type: 2, rows: [[255, 0, 51, 0, 102, 255]] };
  const suggested = handMade({ ...made, extra: [chunk("PLTE", Uint8Array.of(1, 2, 3))] });
  const { planes } = await decodeByRows(suggested);
  assert.equal(planes, Float32Array.of(1, 0, 0, 0.4, 0.2, 1));
});

test("JPEG, interlaced PNG and PNM by rows are those of the whole picture", async () => {
  const interlaced = encode(
    { width: 9, height: 7, channels: 3, data: photograph(9, 7) },
    { interlace: "Adam7" },
  );
  const pnm = Buffer.from("P6 2 1 255\nabcdef");
  for (const bytes of [jpg, interlaced, pnm]) {
    const { seen, source } = chunked(bytes, 100);
    const { rows, ...size } = await readRows("it", source);
    const planes = planesOf(await collect(rows), size.channels);
    assert.equal({ ...size, planes }, await decodePicture("it", bytes));
    assert.is(seen.closed, 1);
  }
});

// PNGs that are not all there, or not what they say -------------------------------------------------------

test("a PNG cut anywhere is refused by the same sentence by rows and as a whole", async () => {
  const small = encode({ width: 9, height: 5, channels: 3, data: photograph(9, 5) });
  for (let length = 1; length < small.length; ++length) {
    const cut = small.subarray(0, length);
    const sentence = await message(decodePicture("it", cut));
    assert.match(sentence, length < 8 ? /^it is neither/ : /^it is truncated/);
    assert.is(await message(decodeByRows(cut, 7)), sentence);
  }
});

test("a PNG with any bit flipped is refused both ways, or is the same picture both ways", async () => {
  await fc.assert(
    fc.asyncProperty(pngs, fc.nat(), fc.integer({ min: 0, max: 7 }), async (png, at, bit) => {
      const bytes = Uint8Array.from(file(png));
      bytes[8 + (at % (bytes.length - 8))]! ^= 1 << bit;
      const [whole, rows] = await Promise.all([
        decodePicture("it", bytes, { pixels: 1e6 }).catch((error) => error.code),
        decodeByRows(bytes, 50, { pixels: 1e6 }).catch((error) => error.code),
      ]);
      assert.equal(rows, whole);
    }),
    { ...SEEDED, numRuns: 400 },
  );
});

const PIXEL = { width: 1, height: 1, depth: 8, type: 0, rows: [[7]] };
const PLTE = (colours: number) => chunk("PLTE", new Uint8Array(3 * colours));
const BROKEN: [title: string, Uint8Array, RegExp][] = [
  ["a filter that there is not", png8([[5, 1]]), /row 0 has filter 5, which there is not/],
  ["no palette", handMade({ ...PIXEL, type: 3 }), /it has no palette before its pixels/],
  [
    "a colour beyond the palette",
    handMade({ ...PIXEL, type: 3, extra: [PLTE(7)] }),
    /pixel 0 has colour 7 of a palette of 7/,
  ],
  [
    "a palette of four bytes",
    handMade({ ...PIXEL, type: 3, extra: [chunk("PLTE", new Uint8Array(4))] }),
    /its palette has 4 bytes instead of 3 to 768/,
  ],
  ["a palette of 257", handMade({ ...PIXEL, extra: [PLTE(257)] }), /its PLTE chunk has 771 bytes; 768/],
  [
    "more transparent colours than colours",
    handMade({ ...PIXEL, type: 3, extra: [PLTE(1), chunk("tRNS", new Uint8Array(2))] }),
    /its palette of 1 has 2 transparent colours/,
  ],
  [
    "a transparent colour of three bytes",
    handMade({ ...PIXEL, extra: [chunk("tRNS", new Uint8Array(3))] }),
    /its transparent colour has 3 bytes instead of 2/,
  ],
  [
    "alpha and a transparent colour",
    handMade({ ...PIXEL, type: 4, rows: [[7, 7]], extra: [chunk("tRNS", new Uint8Array(2))] }),
    /both alpha and a transparent colour/,
  ],
  ["another first chunk", Buffer.concat([SIGNATURE, PLTE(9)]), /it begins with PLTE instead of its header/],
  ["a wrong sum of its pixels", png8([[0, 1]], -1), /is a damaged PNG: incorrect data check/],
  ["more pixels than announced", png8(Array(2000).fill([0, 1])), /holds more than the 2 bytes of pixels/],
];

/** A picture of one grey pixel: these filtered rows, and a number added to the last byte; chunks of 10 bytes. */
function png8(rows: number[][], change = 0): Uint8Array {
  const pixels = deflateSync(Uint8Array.from(rows.flat()));
  pixels[pixels.length - 1]! += change;
  return pngOf(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0), [], pixels, 10);
}

for (const [title, bytes, sentence] of BROKEN) {
  test(`PNG refused by rows and as a whole: ${title}`, async () => {
    assert.match(await message(decodePicture("it", bytes)), sentence);
    await rejects(() => decodeByRows(bytes), "invalid-input", sentence);
  });
}

test("a header that announces more than its bytes can hold costs no memory", async () => {
  const header = Uint8Array.of(0, 0, 0x1f, 0x40, 0, 0, 0x1f, 0x40, 16, 6, 0, 0, 0);
  const bytes = pngOf(header, [], deflateSync(new Uint8Array(1000)), 1000);
  const sentence = await message(decodePicture("it", bytes));
  assert.match(sentence, /^it is truncated: \d+ compressed bytes cannot hold its 512008000 bytes of pixels/);
  const pnm = Buffer.from("P6 8000 8000 255\nabc");
  assert.is(
    await message(decodePicture("it", pnm)),
    "it is truncated: it holds 3 of 192000000 bytes of pixels",
  );
});

test("pictures that are too large are refused by their headers, at the limit and not before", async () => {
  const sizes = [png, Buffer.from("P5 24 20 255\n"), jpg];
  for (const bytes of sizes) {
    const { seen, source } = chunked(bytes, 700);
    await rejects(
      () => readRows("it", source, { pixels: 479 }),
      "too-large",
      /it says it is 24 x 20 pixels, 0\.0 million; 0\.000479 million are the most/,
    );
    assert.is(seen.closed, 1);
  }
  assert.is((await decodeByRows(png, 1000, { pixels: 480 })).width, 24);
});

test("a picture read by rows may have a thousand million pixels, one read as a whole 64 million", async () => {
  const header = (width: number, height: number, interlace = 0) => {
    const data = Buffer.alloc(13);
    data.writeUInt32BE(width, 0);
    data.writeUInt32BE(height, 4);
    data.set([8, 0, 0, 0, interlace], 8);
    return Buffer.concat([SIGNATURE, chunk("IHDR", data)]);
  };
  const read = (bytes: Uint8Array) => readRows("it", chunked(bytes).source);
  const tall = await read(header(1000, 1_000_000));
  assert.equal([tall.width, tall.height], [1000, 1_000_000]);
  await rejects(
    () => read(header(1000, 1_000_001)),
    "too-large",
    /1000\.0 million; 1000 million are the most/,
  );
  await rejects(
    () => read(header(2 ** 24 + 1, 1)),
    "too-large",
    /is 16777217 pixels wide; 16777216 are the most/,
  );
  assert.is((await read(header(2 ** 24, 1))).width, 2 ** 24);
  await rejects(() => read(header(8001, 8000, 1)), "too-large", /64\.0 million; 64 million are the most/);
});

test("bytes without end are refused where a picture is read as a whole", async () => {
  async function* endless() {
    yield jpg.subarray(0, 4);
    for (;;) yield new Uint8Array(2 ** 20);
  }
  await rejects(
    () => readRows("it", endless(), { pixels: 1 }),
    "too-large",
    /it has more than 16777224 bytes, the most for a picture of 1 pixels that is read as a whole/,
  );
});

test("the source is closed when rows end early, fail, or are at their end", async () => {
  const noise = Uint8Array.from(numbers(120_000), (x) => 128 * (x + 1));
  const bytes = encode({ width: 1000, height: 40, channels: 3, data: noise });
  const broken = Uint8Array.from(bytes);
  broken[80_000]! ^= 1;
  const pnm = Buffer.concat([Buffer.from("P5 50 40 255\n"), Buffer.alloc(2000)]);
  for (const [from, most] of [
    [bytes, 1],
    [bytes, 40],
    [broken, 40],
    [pnm, 1],
    [pnm, 40],
    [pnm.subarray(0, 900), 40],
  ] as const) {
    const { seen, source } = chunked(from, 512);
    const { rows } = await readRows("it", source);
    assert.is(seen.closed, 0);
    let y = 0;
    await message(
      (async () => {
        for await (const _ of rows) if (++y === most) break;
      })(),
    );
    assert.is(seen.closed, 1);
    // rows come before all bytes are read
    if (most === 1) assert.ok(seen.read < from.length, `${seen.read} of ${from.length} were read`);
  }
});

// PNM -----------------------------------------------------------------------------------------------------

test("PNM: grey and colour, of 8 and 16 bits, with comments and any largest value", async () => {
  const decodePnm = (header: string, ...bytes: number[]) =>
    decodeByRows(Buffer.concat([Buffer.from(header, "latin1"), Uint8Array.from(bytes)]), 3);
  assert.equal(await decodePnm("P5\n3 2\n255\n", 0, 51, 255, 10, 32, 35), {
    channels: 1,
    width: 3,
    height: 2,
    planes: Float32Array.from([0, 51, 255, 10, 32, 35], (value) => value / 255),
  });
  assert.equal(
    (await decodePnm("P6 # by hand\n#\r2\t1\r\n7\n", 0, 1, 2, 3, 4, 7)).planes,
    Float32Array.from([0, 3, 1, 4, 2, 7], (value) => value / 7),
  );
  assert.equal(
    (await decodePnm("P5#2 2\n1 2 0065535\n", 1, 2, 255, 255)).planes,
    Float32Array.of(258 / 65535, 1),
  );
  assert.equal((await decodePnm("P6 1 1 256 ", 1, 0, 0, 0, 0, 128)).planes, Float32Array.of(1, 0, 0.5));
});

const PNMS: [header: string, sentence: RegExp][] = [
  ["P5 3", /it is truncated: its 4 bytes end before its pixels begin/],
  ["P5 x 2 255\nab", /its width is no number, at byte 3/],
  ["P5 2 -1 255\nab", /its height is no number, at byte 5/],
  ["P5 2 1 255a", /its largest value is no number, at byte 10/],
  ["P5 12345678901 1 255 ", /its width is no number, at byte 13/],
  ["P5 2 1 0\nab", /its largest value is 0; it must be from 1 to 65535/],
  ["P5 2 1 65536\nabab", /its largest value is 65536/],
  ["P5 0 1 255\n", /says it is 0 x 1 pixels: there is nothing to read/],
  ["P5 2 2 255\nabc", /it is truncated: it holds 3 of 4 bytes of pixels/],
  ["P6 1 1 98\nabc", /row 0 holds 99, more than its largest value 98/],
  ["P5 2 1 255\nabc", /it goes on after the 2 bytes of pixels that its header announces/],
  [`P5 #${"x".repeat(65536)}`, /its header has more than 65536 bytes/],
  ["P7 2 1 255\nab", /it is neither PNG, JPEG nor binary PNM/],
];
for (const [text, sentence] of PNMS) {
  test(`PNM refused: ${JSON.stringify(text.slice(0, 20))}`, async () => {
    const bytes = Buffer.from(text);
    await rejects(() => decodeByRows(bytes), "invalid-input", sentence);
    assert.match(await message(decodePicture("it", bytes)), sentence);
  });
}

// writing -------------------------------------------------------------------------------------------------

const sizes: fc.Arbitrary<PictureSize> = fc.record({
  channels: fc.constantFrom(1 as const, 3 as const),
  width: fc.integer({ min: 1, max: 30 }),
  height: fc.integer({ min: 1, max: 30 }),
});

/** Rows with numbers below 0, above 1, and halfway between two levels. */
function someRows({ channels, width, height }: PictureSize, seed: number): Float32Array[] {
  return Array.from({ length: height }, (_, y) =>
    numbers(channels * width, seed + y).map((x) =>
      x > 0.5 ? (Math.round(300 * x) + 0.5) / 255 : 1.5 * x + 0.3,
    ),
  );
}

test("written as PNG or PNM and read again, rows are those that toImageData makes, to the byte", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (size, seed) => {
      const { channels, width, height } = size;
      const rows = someRows(size, seed);
      const { data } = toImageData(planesOf(rows, channels), width, height);
      const levels = data.filter((_, i) => i % 4 < channels);
      const written = Buffer.concat(await collect(writePngRows(size, rows)));
      const { data: read, depth, ...header } = decode(written, { checkCrc: true });
      assert.equal([header.width, header.height, header.channels, depth], [width, height, channels, 8]);
      assert.equal(Uint8Array.from(read), Uint8Array.from(levels));
      const pnm = Buffer.concat(await collect(writePnmRows(size, rows)));
      assert.equal(await decodeByRows(pnm), await decodeByRows(written));
    }),
    SEEDED,
  );
});

test("a filtered row is the row again, and no filter makes smaller bytes", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const pairs = fc
    .integer({ min: 1, max: 40 })
    .chain((length) => fc.tuple(bytes(length), bytes(length), fc.integer({ min: 1, max: 8 })));
  fc.assert(
    fc.property(pairs, ([row, above, step]) => {
      const best = filter(row, above, step);
      const again = best.slice(1);
      assert.ok(unfilter(best[0]!, again, above, step));
      assert.equal(again, row);
      const size = (line: ArrayLike<number>) =>
        Array.from(line).reduce((sum, byte) => sum + Math.min(byte, 256 - byte), 0);
      const sizes = [0, 1, 2, 3, 4].map((number) =>
        size(filtered([[...above], [...row]], step, [0, number]).slice(row.length + 2)),
      );
      assert.is(size(best.slice(1)), Math.min(...sizes));
    }),
    SEEDED,
  );
});

test("a PNG has the same bytes everywhere, and is a quarter smaller than one without filters", async () => {
  const [width, height] = [300, 200];
  const planes = scene(width, height, 1);
  const size = { channels: 3, width, height } as const;
  const rows = Array.from({ length: height }, (_, y) => {
    const row = new Float32Array(3 * width);
    for (let c = 0; c < 3; ++c) {
      const start = (c * height + y) * width;
      row.set(planes.subarray(start, start + width), c * width);
    }
    return row;
  });
  const written = Buffer.concat(await collect(writePngRows(size, rows)));
  assert.is(
    createHash("sha256").update(written).digest("hex"),
    "a4aa2a6627aa70d2877038828f22a5e9ef83611756e92cfea61402d4b7b2f8da",
  );
  const plain = encode({
    width,
    height,
    channels: 3,
    data: toImageData(planes, width, height).data.filter((_, i) => i % 4 < 3),
  });
  assert.ok(written.length < 0.75 * plain.length, `${written.length} of ${plain.length} bytes`);
});

test("refused: rows that are not those of the picture", async () => {
  const size = { channels: 3, width: 2, height: 2 } as const;
  const row = new Float32Array(6);
  for (const write of [writePngRows, writePnmRows]) {
    const written = (rows: Float32Array[]) => () => collect(write(size, rows));
    await rejects(written([row]), "invalid-input", /there are 1 of 2 rows/);
    await rejects(written([row, row, row]), "invalid-input", /more rows than the 2 of the image/);
    await rejects(written([row, row.subarray(1)]), "invalid-input", /row 1 has 5 numbers; 3 x 2 are 6/);
  }
});

test("a picture of 20,000 rows goes through PNG and PNM, out and in, in the memory of a few", async () => {
  const size = { channels: 3, width: 200, height: 20_000 } as const;
  function* made() {
    for (let y = 0; y < size.height; ++y) {
      yield Float32Array.from({ length: 600 }, (_, i) => ((i * 31 + y * 17 + (i * y) / 7) % 256) / 255);
    }
  }
  for (const write of [writePngRows, writePnmRows]) {
    const { rows } = await readRows("it", write(size, made()));
    const before = bytesInUse();
    let [y, most] = [0, 0];
    for await (const _ of rows) {
      if (++y % 2000 === 0) most = Math.max(most, bytesInUse() - before);
    }
    assert.is(y, size.height);
    // the whole is 12 MB of bytes, 48 MB of numbers; the codec's tables are a megabyte
    assert.ok(most < 2 ** 21, `${most} bytes`);
  }
});

test.run();
