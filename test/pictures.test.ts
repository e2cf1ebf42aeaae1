// Pictures of every kind that the command line reads, and broken ones.

import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import jpeg from "jpeg-js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeJpeg, measureJpeg } from "../src/pictures/jpeg.js";
import { decodePng } from "../src/pictures/png.js";
import { chunk, handMade, jpg, photograph, png } from "./pictures.js";

const close = (actual: ArrayLike<number>, expected: number[], tolerance = 1e-6) => {
  assert.is(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${actual[i]} at ${i}, expected ${value}`);
  });
};

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

test("JPEG: a progressive one is the picture that it was made from", async () => {
  // cjpeg -quality 90 -progressive -restart 1, of photograph(24, 20)
  const image = await decodeJpeg("it", readFileSync("test/fixtures/progressive.jpg"));
  const original = decodePng("it", png);
  assert.equal([image.channels, image.width, image.height], [3, 24, 20]);
  close(image.planes, [...original.planes], 6 / 255);
});

test("JPEG: EXIF orientation 6 is turned upright", async () => {
  const image = await decodeJpeg("it", withOrientation(jpg, 6));
  assert.equal([image.width, image.height], [20, 24]);
  const lying = await decodeJpeg("it", jpg);
  // the lower left corner comes to the upper left
  assert.is(image.planes[0], lying.planes[19 * 24]);
});

test("JPEG: what would cost the codec far more than the picture's size is refused", async () => {
  const refusal = (other: Uint8Array) => decodeJpeg("it", other).catch(({ message }) => message);
  const frame = jpg.indexOf(Buffer.from([0xff, 0xc0]));
  const scan = jpg.indexOf(Buffer.from([0xff, 0xda]));
  const length = 2 + jpg[frame + 3]!;
  const [before, first, rest] = [
    jpg.subarray(0, frame),
    jpg.subarray(frame, frame + length),
    jpg.subarray(frame + length),
  ];
  const huge = Uint8Array.from(first);
  huge.set([0x1f, 0xff, 0x1f, 0xff], 5);
  assert.match(await refusal(Buffer.concat([before, first, huge, rest])), /more than one frame/);

  // a frame within a segment that is longer than what the codec reads of it
  const hiding = Buffer.concat([Uint8Array.of(0xff, 0xdd, 0, 4 + length, 0, 0), huge]);
  assert.match(await refusal(Buffer.concat([before, first, hiding, rest])), /length that its contents need/);

  const sampled = Uint8Array.from(jpg);
  sampled[frame + 11] = 0xff;
  assert.match(await refusal(sampled), /sampling factor/);

  const pass = jpg.subarray(scan, -2);
  const passes = Array.from({ length: 101 }, () => pass);
  const many = Buffer.concat([jpg.subarray(0, scan), ...passes, jpg.subarray(-2)]);
  assert.match(await refusal(many), /more than 100 scans/);
});

test("JPEG: blocks beyond the picture's edge are measured, too", async () => {
  const wide = Uint8Array.from(jpg);
  const frame = jpg.indexOf(Buffer.from([0xff, 0xc0]));
  wide.set([0, 1, 0xff, 0xff], frame + 5);
  wide[frame + 11] = 0x44;
  const { width, height, blockPixels } = await measureJpeg("it", wide);
  assert.equal([width, height, blockPixels], [65535, 1, 65536 * 32]);
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

test.run();
