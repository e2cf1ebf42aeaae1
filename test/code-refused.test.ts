// Files that are refused, each with an UnpoolError that says why, and nothing else.

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { front, section } from "../src/code/frame.js";
import { headOf } from "../src/code/head.js";
import {
  type CodeFile,
  type Limits,
  parse,
  parseSync,
  readCodes,
  type SerialiseOptions,
  serialise,
  serialiseSync,
  writeCodes,
} from "../src/code/index.js";
import { packHead } from "../src/code/record.js";
import { shapeOf } from "../src/code/shape.js";
import type { LayerSpec } from "../src/geometry.js";
import type { Code } from "../src/layer.js";
import type { NetworkSpec } from "../src/network/spec.js";
import { collect, join, patched, split } from "./code-files.js";

const HEAD = 0;
const CODE = 1;
const SPEC: LayerSpec = { input: { channels: 1, height: 4, width: 4 }, filters: 2, kernel: 1, pool: 2 };
const CODE_OF_SPEC: Code = {
  values: Float32Array.of(1, 0, -0.5, 0.25, 3, 0, 0, 2),
  switches: Uint8Array.of(3, 0, 1, 2, 1, 0, 0, 3),
};
const FILE = serialiseSync(CODE_OF_SPEC, SPEC);
const NETWORK: NetworkSpec = {
  input: { channels: 1, height: 5, width: 4 },
  layers: [
    { filters: 2, kernel: 1, pool: { type: "max", size: 2, stride: 2, ceil: true }, rectifier: "relu" },
    { filters: 1, kernel: 1, pool: { type: "average", size: 2, stride: 1 }, rectifier: "relu" },
  ],
};
const NETWORK_FILE = serialiseSync(
  {
    values: Float32Array.of(1, 2),
    switches: [Uint8Array.of(0, 1, 2, 4, 0, 1, 0, 1, 2, 3, 0, 1), Uint8Array.of(0, 1, 0, 0, 1, 0)],
  },
  NETWORK,
);
const LAYER = 52;

const u32 = (value: number) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
const f64 = (value: number) => [...new Uint8Array(Float64Array.of(value).buffer)];
const f32 = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];

/** Both readers refuse, alike. */
async function refused(
  file: Uint8Array,
  pattern: RegExp,
  code = "invalid-file",
  limits?: Limits,
): Promise<void> {
  const check = (error: unknown) => {
    const { name, code: found, message } = error as { name: string; code: string; message: string };
    assert.is(name, "UnpoolError", message);
    assert.is(found, code, message);
    assert.match(message, pattern);
  };
  try {
    parseSync(file, limits);
    assert.unreachable(`parseSync read it: ${pattern}`);
  } catch (error) {
    check(error);
  }
  await parse(file, limits).then(() => assert.unreachable(`parse read it: ${pattern}`), check);
}

test("another magic number is refused, and a transfer as text is called one", async () => {
  for (let at = 0; at < 8; ++at) {
    const file = FILE.slice();
    file[at]! ^= 1;
    await refused(file, at < 4 ? /no \.unp file: byte/ : /changed on its way, as by a transfer as text/);
  }
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13);
  await refused(png, /no \.unp file: byte 1 is 80, not 85/);
});

test("versions that are not known are refused, newer ones as such", async () => {
  const version = (...bytes: number[]) => Uint8Array.from([...FILE.slice(0, 8), ...bytes, ...FILE.slice(10)]);
  await refused(version(0, 0), /version 0/);
  await refused(version(2, 0), /version 2, and this reader knows version 1: take a newer unpool/);
  await refused(version(1, 1), /version 257/);
});

test("a file that ends too early, anywhere, or goes on is refused", async () => {
  for (const file of [FILE, NETWORK_FILE]) {
    for (let length = 0; length < file.length; ++length) {
      await refused(file.slice(0, length), new RegExp(`ends at byte ${length}, before the end of`));
    }
    await refused(Uint8Array.from([...file, 0]), /bytes behind the end section/);
    await refused(Uint8Array.from([...file, ...file]), /bytes behind the end section/);
  }
});

test("a file with any one bit changed is refused", async () => {
  for (const file of [FILE, NETWORK_FILE]) {
    for (let bit = 0; bit < 8 * file.length; ++bit) {
      const flipped = file.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await refused(flipped, /./);
    }
  }
});

test("any byte of a payload may be any other: refused, or a code that can be written", async () => {
  const names = ["crelu", "runs", "gaps", "switches-at-zeros", "network", "int4", "learned-network"];
  const files = [FILE, NETWORK_FILE, ...names.map((name) => readFileSync(`test/golden/${name}.unp`))];
  const limits = { values: 20000, memory: 2 ** 24 };
  let [read, not] = [0, 0];
  for (const file of files) {
    for (const index of [HEAD, CODE]) {
      const { payload } = split(file).sections[index]!;
      for (let at = 0; at < payload.length; ++at) {
        for (const change of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
          let back: CodeFile;
          try {
            back = parseSync(patched(file, index, at, [payload[at]! ^ change]), limits);
          } catch (error) {
            const { name, code } = error as { name: string; code: string };
            assert.is(name, "UnpoolError", String((error as Error).stack));
            assert.ok(["invalid-file", "too-large", "unsupported"].includes(code), code);
            ++not;
            continue;
          }
          ++read;
          if (back.parameters.every((digest) => !digest)) serialiseSync(back.code, back.spec, back);
        }
      }
    }
  }
  assert.ok(read > 1000 && not > 1000, `${read} read, ${not} refused`);
});

test("sections that are missing, too many, too long or of another type are refused", async () => {
  const { front, sections } = split(FILE);
  const [head, code, end] = sections as [(typeof sections)[0], (typeof sections)[0], (typeof sections)[0]];
  const file = (...list: (typeof head)[]) => join({ front, sections: list });
  await refused(file(), /before the end of the head/);
  await refused(file(code, end), /a section "C" stands where the head should/);
  await refused(file(head, end), /a section "E" stands where code section 0 should/);
  await refused(file(head, head, code, end), /a section "H" stands where code section 0 should/);
  await refused(file(head, code), /before the end of the end section/);
  await refused(file(head, code, code, end), /a section "C" stands where the end section should/);
  await refused(file(head, { ...code, type: 7 }, end), /a section of the unknown type 7/);
  await refused(
    file(head, code, { ...end, payload: Uint8Array.of(0) }),
    /the end section is 1 bytes long.*most 0/,
  );
  await refused(
    file({ ...head, payload: new Uint8Array(52 + 92 * 256 + 1) }, code, end),
    /head is 23605 bytes/,
  );
  await refused(
    file(head, { ...code, payload: new Uint8Array(1000) }, end),
    /code section 0 is 1000 bytes long/,
  );
  await refused(
    file(head, { ...code, payload: new Uint8Array() }, end),
    /code section 0, at its byte 0: 8 bytes/,
  );
  await refused(file({ ...head, payload: new Uint8Array() }, code, end), /the head, at its byte 0: 1 bytes/);
});

test("a damaged section is refused with both checksums", async () => {
  const file = FILE.slice();
  file[20]! ^= 255;
  await refused(file, /the head is damaged: its CRC-32 is [0-9a-f]{8} and the file says [0-9a-f]{8}/);
});

/** Bytes of the head, what they become, and what is said of it. */
const HEADS: readonly [at: number, bytes: readonly number[], pattern: RegExp, code?: string][] = [
  [0, [2], /the kind is 2; version 1 has 0 to 1/],
  [1, [5], /the format of values is 5/],
  [2, [32], /the flags are 32; only 5 bits are known/],
  [2, [2], /signal and its height is 4/],
  [2, [8], /the image's height is 0/],
  [3, [3], /the colour is 3/],
  [3, [2], /colour is "rgb", and the input has 1 channels/],
  [4, u32(0), /input.channels is 0/],
  [4, u32(2 ** 24 + 1), /input.channels is 16777217/],
  [8, u32(0), /input.height is 0/],
  [12, u32(1), /pooling region is 2 x 2, larger than the convolution's output of 4 x 1/],
  [16, f64(1), /the range must be 0 and holds 1/],
  [24, f64(-0), /the range must be 0 and holds/],
  [32, u32(4), /the size of the whole image must be 0 and holds 4/],
  [44, u32(2), /the number of tiles is 2; by the sizes it is 1/],
  [44, u32(0), /the number of tiles is 0/],
  [48, [0, 0], /the number of layers is 0; it must be 1/],
  [48, [2, 0], /the number of layers is 2; it must be 1/],
  [50, [1, 0], /what is reserved must be 0 and holds 1/],
  [LAYER, u32(0), /filters is 0/],
  [LAYER, u32(0xffffffff), /filters is 4294967295/],
  [LAYER, u32(2 ** 24), /MiB is the most/, "too-large"],
  [LAYER + 4, u32(0), /kernel\[0\] is 0/],
  [LAYER + 4, u32(5), /the kernel is 5 x 1, larger than the padded input/],
  [LAYER + 12, u32(0), /stride\[0\] is 0/],
  [LAYER + 20, u32(2 ** 25), /padding\[0\] is 33554432/],
  [LAYER + 28, [...u32(0), ...u32(2), ...u32(0), ...u32(2)], /pool\[0\] is 0/],
  [LAYER + 28, u32(1), /side by side, and its stride of regions is 2,2, their size 1,2/],
  [LAYER + 44, [1], /no network has regions of its own kind/],
  [LAYER + 44, [3], /the pooling of layer 0 is 3/],
  [LAYER + 45, [1], /side by side/],
  [LAYER + 45, [2], /"ceil" of layer 0 is 2/],
  [LAYER + 46, [3], /the rectifier of layer 0 is 3/],
  [LAYER + 47, [8], /the given arrays of layer 0 are 8/],
  [LAYER + 47, [1], /layer 0 has both a generator and weights/],
  [LAYER + 47, [4], /a normalisation/],
  [LAYER + 48, [0], /layer 0 has neither a generator nor weights/],
  [LAYER + 48, [2], /the generator of layer 0 is 2/],
  [LAYER + 49, [2], /"unitNorm" of layer 0 is 2/],
  [LAYER + 50, [0, 1], /what is reserved of layer 0 must be 0 and holds 256/],
  [LAYER + 52, f64(2 ** 53).map((_, i) => (i === 6 ? 32 : 0)), /seed is 9007199254740992/],
  [LAYER + 60, [1], /the SHA-256 of layer 0, to which nothing was given, must be 0/],
];

test("fields of the head out of their range are refused", async () => {
  for (const [at, bytes, pattern, code] of HEADS)
    await refused(patched(FILE, HEAD, at, bytes), pattern, code);
});

test("fields of the head that contradict each other are refused", async () => {
  const ranged = serialiseSync(CODE_OF_SPEC, SPEC, { range: [0, 1] });
  for (const [low, high] of [
    [0, 0],
    [1, 0],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    await refused(patched(ranged, HEAD, 16, [...f64(low), ...f64(high)]), /range is \[.*low < high/);
  }
  const weights = serialiseSync(CODE_OF_SPEC, { ...SPEC, weights: Float32Array.of(1, 2) });
  await refused(
    patched(weights, HEAD, LAYER + 52, [1]),
    /seed and "unitNorm" of layer 0, whose weights were given/,
  );
  await refused(
    patched(weights, HEAD, LAYER + 49, [1]),
    /seed and "unitNorm" of layer 0, whose weights were given/,
  );
  await refused(patched(NETWORK_FILE, HEAD, 0, [1]), /sparse, which codes of networks never are/);
  await refused(patched(NETWORK_FILE, HEAD, LAYER + 36, u32(0)), /pool.stride is \[0, 2\]/);
  await refused(patched(NETWORK_FILE, HEAD, 48, [3, 0]), /the head, at its byte 236: 4 bytes are missing/);
  const parts = split(FILE);
  parts.sections[HEAD]!.payload = Uint8Array.from([...parts.sections[HEAD]!.payload, 0]);
  await refused(join(parts), /the head, at its byte 144: 1 bytes are left over/);
});

test("tiles that do not fit the image are refused", async () => {
  const options = { image: { height: 4, width: 6, overlap: 1 } };
  const file = Uint8Array.from(
    (await collect(writeCodes(SPEC, [CODE_OF_SPEC, CODE_OF_SPEC], options))).flatMap((b) => [...b]),
  );
  assert.is(parseSync(file).tiles, 2);
  await refused(
    patched(file, HEAD, 32, u32(3)),
    /the tiles are 4 pixels high, more than the image, which is 3 high/,
  );
  await refused(
    patched(file, HEAD, 40, u32(4)),
    /an overlap of 4 pixels leaves nothing of tiles that are 4 wide/,
  );
  await refused(patched(file, HEAD, 36, u32(8)), /the number of tiles is 2; by the sizes it is 3/);
  await refused(patched(file, HEAD, 36, u32(2 ** 24 + 1)), /the image's width is 16777217/);
  const signal = { input: { channels: 1, length: 9 }, filters: 1, kernel: 1, pool: 3 };
  const code = { values: new Float32Array(3), switches: new Uint8Array(3) };
  const tiled = serialiseSync(code, signal, { image: { height: 1, width: 9, overlap: 0 } });
  await refused(patched(tiled, HEAD, 32, u32(2)), /the whole image is 2 pixels high; a signal is 1/);
});

/** A code section of SPEC from its parts. */
function withBody(
  body: readonly number[],
  options = {},
  file = serialiseSync(CODE_OF_SPEC, SPEC, options),
): Uint8Array {
  const parts = split(file);
  parts.sections[CODE]!.payload = Uint8Array.from(body);
  return join(parts);
}

const NOISE = f64(0);
/** All values are 1, in 4 bits with a largest magnitude of 7. */
const INT4 = [...NOISE, ...f32(7), ...f32(7), 0, 0x11, 0x11, 0x11, 0x11];
const int4 = { values: "int4" as const };

test("a code as the tests below write it is read", () => {
  const { code } = parseSync(withBody([...INT4, 0, 2, 0xe4, 0xe4], int4));
  assert.equal(code, {
    kind: "pooled",
    values: new Float32Array(8).fill(1),
    switches: Uint8Array.of(0, 1, 2, 3, 0, 1, 2, 3),
  });
});

test("noise and maxima that are no magnitudes are refused", async () => {
  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await refused(withBody([...f64(value), ...INT4.slice(8), 0, 0], int4), /byte 8: the noise is/);
    await refused(
      withBody([...NOISE, ...f32(7), ...f32(value), ...INT4.slice(16), 0, 0], int4),
      /byte 16: the largest value of plane 1 is .*finite and not under 0/,
    );
  }
});

test("masks that do not describe their entries are refused", async () => {
  const mask = (...bytes: number[]) =>
    withBody([...NOISE, ...f32(7), ...f32(7), ...bytes, 0x11, 0x11, 0x11, 0x11, 0, 0], int4);
  await refused(mask(4), /the mask's method is 4/);
  await refused(mask(2, 4, 5), /the runs of the mask add up to 9 of 8 entries/);
  await refused(mask(2, 4, 0, 4), /a run of the mask, not the first, is empty/);
  await refused(mask(2, 0, 0x88, 0x00), /a varint ends with a byte of 0/);
  await refused(mask(2, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), /a varint is longer than 5 bytes/);
  await refused(mask(2, 0xff, 0xff, 0xff, 0xff, 0x1f), /must be under 2\^32/);
  await refused(mask(3, 9), /the mask stores 9 of 8 entries/);
  await refused(mask(3, 2, 4, 3), /the mask stores entry 8 of 8/);
  await refused(mask(3, 1, 8), /the mask stores entry 8 of 8/);
  const network = split(NETWORK_FILE).sections[CODE]!.payload;
  // the bitmap of 2 values has 6 bits that are of none
  const bitmap = [...network.slice(0, 8), 1, 0b101, ...f32(1), ...network.slice(17)];
  await refused(withBody(bitmap, {}, NETWORK_FILE), /bits of the bitmap beyond the last entry are not 0/);
});

test("values that the format does not have are refused", async () => {
  const values = (bits: string, bytes: readonly number[]) =>
    withBody([...NOISE, 3, 1, 0, ...bytes, 0, 0], { values: bits });
  await refused(values("float32", f32(Number.NaN)), /value 0 is no finite number/);
  await refused(values("float32", f32(Number.NEGATIVE_INFINITY)), /value 0 is no finite number/);
  await refused(values("float16", [0x00, 0x7c]), /value 0 is no finite number/);
  await refused(values("float16", [0x01, 0xfe]), /value 0 is no finite number/);
  const whole = (bits: string, bytes: readonly number[]) =>
    withBody([...NOISE, ...f32(7), ...f32(7), 3, 1, 1, ...bytes, 0, 0], { values: bits });
  await refused(whole("int8", [0x80]), /value 1 is -128; int8 has -127 to 127/);
  await refused(whole("int6", [0x20]), /value 1 is -32; int6 has -31 to 31/);
  await refused(whole("int4", [0x08]), /value 1 is -8; int4 has -7 to 7/);
  await refused(whole("int6", [0x41]), /bits behind the last number are not 0/);
  await refused(whole("int4", [0x11]), /bits behind the last number are not 0/);
});

test("switches of a layer that no region has are refused", async () => {
  const switches = (...bytes: number[]) => withBody([...INT4, ...bytes], int4);
  await refused(switches(3, 0), /the switches' method is 3/);
  await refused(switches(0, 3, 0, 0, 0), /takes 3 bits; the largest, 3, takes 2/);
  await refused(switches(0, 33), /takes 33 bits/);
  await refused(switches(1, ...u32(4), 0), /the other switches of layer 0 are 4; the largest is 3/);
  await refused(switches(2, ...u32(4), 3, 0, 0), /the other switches of layer 0 are 4/);
  await refused(switches(2, ...u32(0), 3, 1, 0, 1, 2), /bits behind the last number are not 0/);
  await refused(switches(0, 2, 0xe4), /2 bytes are missing of which 1 are there/);
  await refused(switches(0, 2, 0xe4, 0xe4, 0), /1 bytes are left over/);
});

test("switches of a network that no region has are refused", async () => {
  const body = [...split(NETWORK_FILE).sections[CODE]!.payload];
  // noise, mask, two values, then method, bits and twelve switches of the first layer
  const first = 8 + 1 + 8;
  assert.equal(body.slice(first, first + 2), [0, 3]);
  const withFirst = (position: number, at: number) => {
    const positions = [0, 1, 2, 4, 0, 1, 0, 1, 2, 3, 0, 1];
    positions[at] = position;
    const bytes = [0, 0, 0, 0, 0];
    positions.forEach((number, i) => {
      for (let bit = 0; bit < 3; ++bit)
        bytes[(3 * i + bit) >> 3]! |= ((number >> bit) & 1) << ((3 * i + bit) & 7);
    });
    return withBody([...body.slice(0, first + 2), ...bytes, ...body.slice(first + 7)], {}, NETWORK_FILE);
  };
  assert.is(parseSync(withFirst(4, 0)).tiles, 1);
  await refused(
    withFirst(5, 0),
    /switch 0 of layer 0 is 5; it must be 0 to 4, of which 4 says that nothing was kept/,
  );
  // the last row of regions is cut off after one row
  await refused(withFirst(2, 4), /switch 4 of layer 0 is 2, which lies beyond the border/);
  const byValues = [...body.slice(0, first), 1, ...u32(0), 0, ...body.slice(first + 7)];
  await refused(withBody(byValues, {}, NETWORK_FILE), /the switches of layer 0 are where values are/);
});

test("compressed sections that do not inflate to what they say are refused", async () => {
  const file = await serialise(CODE_OF_SPEC, SPEC, { deflate: true });
  const { payload } = split(file).sections[CODE]!;
  const length = payload[0]!;
  const only = async (bytes: Uint8Array, pattern: RegExp) => {
    try {
      await parse(bytes);
      assert.unreachable(String(pattern));
    } catch (error) {
      assert.is((error as { code: string }).code, "invalid-file", String(error));
      assert.match((error as Error).message, pattern);
    }
  };
  await only(patched(file, CODE, 0, u32(length - 1)), /there are more bytes; it says that it inflates to/);
  await only(patched(file, CODE, 0, u32(length + 1)), /there are \d+ bytes; it says/);
  await only(patched(file, CODE, 0, u32(0xffffffff)), /it can have at most \d+/);
  await only(withBody([...payload.slice(0, -1)], {}, file), /does not inflate/);
  await only(withBody([...payload.slice(0, 4)], {}, file), /does not inflate/);
  await only(withBody([...payload.slice(0, 3)], {}, file), /4 bytes are missing of which 3 are there/);
  await only(withBody([...payload.slice(0, 4), 0xff, 0xff], {}, file), /does not inflate/);
  for (let bit = 32; bit < 8 * payload.length; ++bit) {
    const changed = payload.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const outcome = await parse(withBody([...changed], {}, file)).catch((error) => error);
    assert.ok(
      !(outcome instanceof Error) || (outcome as { code?: string }).code === "invalid-file",
      String(outcome),
    );
  }
});

test("a section that inflates to more than it can hold is stopped, not unpacked", async () => {
  const spec = { input: { channels: 1, height: 64, width: 64 }, filters: 8, kernel: 1 };
  const code = { values: new Float32Array(8 * 64 * 64).fill(1), switches: new Uint8Array(8 * 64 * 64) };
  const file = await serialise(code, spec, { deflate: true });
  const stream = new Blob([new Uint8Array(2 ** 26)])
    .stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bomb = new Uint8Array(await new Response(stream).arrayBuffer());
  const parts = split(file);
  parts.sections[CODE]!.payload = Uint8Array.from([...parts.sections[CODE]!.payload.slice(0, 4), ...bomb]);
  const Host = globalThis.DecompressionStream;
  let inflated = 0;
  globalThis.DecompressionStream = class {
    readonly readable: ReadableStream;
    readonly writable: WritableStream;
    constructor(format: CompressionFormat) {
      const { readable, writable } = new Host(format);
      const count = new TransformStream({
        transform(chunk, controller) {
          inflated += chunk.length;
          controller.enqueue(chunk);
        },
      });
      this.readable = readable.pipeThrough(count);
      this.writable = writable;
    }
  };
  try {
    await parse(join(parts)).then(
      () => assert.unreachable(),
      (error) => assert.match(error.message, /there are more bytes/),
    );
  } finally {
    globalThis.DecompressionStream = Host;
  }
  assert.ok(inflated > 2 ** 17 && inflated < 2 ** 20, `${inflated} of ${2 ** 26} bytes came out`);
});

const at = (limits: Limits) => parseSync(FILE, limits);

test("each limit is held at itself and one past it", async () => {
  const { memoryBytes } = shapeOf(SPEC);
  for (const [name, most, pattern] of [
    ["bytes", FILE.length, /bytes of the file/],
    ["values", 16, /values and switches of a/],
    ["pixels", 16, /pixels of the image: 16, and limits.pixels is 15/],
    ["memory", memoryBytes, /bytes of memory that the layers take/],
  ] as const) {
    assert.is(at({ [name]: most }).tiles, 1);
    await refused(FILE, pattern, "too-large", { [name]: most - 1 });
  }
  assert.is(parseSync(NETWORK_FILE, { layers: 2 }).tiles, 1);
  await refused(NETWORK_FILE, /layers of the network: 2, and limits.layers is 1/, "too-large", { layers: 1 });
  const options = { image: { height: 4, width: 6, overlap: 1 } };
  const chunks = await collect(writeCodes(SPEC, [CODE_OF_SPEC, CODE_OF_SPEC], options));
  const tiled = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  assert.is(parseSync(tiled, { tiles: 2, pixels: 24, values: 32 }).tiles, 2);
  await refused(tiled, /tiles of the image/, "too-large", { tiles: 1 });
  await refused(tiled, /pixels of the image: 24/, "too-large", { pixels: 23 });
  // parse keeps both codes, readCodes one
  await refused(tiled, /values and switches of all codes: 32/, "too-large", { values: 31 });
  const { codes } = await readCodes(tiled, { values: 16 });
  assert.is((await collect(codes)).length, 2);
  await readCodes(tiled, { values: 15 }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, "too-large"),
  );
});

/** A file of nothing but its head. */
function headOnly(spec: LayerSpec | NetworkSpec, options: SerialiseOptions = {}): Uint8Array {
  const { header } = headOf(spec, options, "pooled");
  return Uint8Array.from([...front(), ...section(0x48, packHead(header))]);
}

async function accepts(file: Uint8Array): Promise<void> {
  assert.is((await readCodes(file)).header.version, 1);
}

test("each default limit is held at itself and one past it", async () => {
  // 2^14 x 2^14 pixels, then a column more
  const tile = {
    input: { channels: 1, height: 1024, width: 1024 },
    filters: 1,
    kernel: 1,
    pool: "global" as const,
  };
  await accepts(headOnly(tile, { image: { height: 2 ** 14, width: 2 ** 14, overlap: 0 } }));
  const wide = headOnly(tile, { image: { height: 2 ** 14, width: 2 ** 14 + 1, overlap: 0 } });
  await refused(wide, /limits.pixels is 268435456/, "too-large");

  const dot = { input: { channels: 1, height: 1, width: 1 }, filters: 1, kernel: 1 };
  await accepts(headOnly(dot, { image: { height: 256, width: 256, overlap: 0 } }));
  await refused(
    patched(headOnly(dot, { image: { height: 65536, width: 1, overlap: 0 } }), HEAD, 32, u32(65537)),
    /65537 tiles .* 65536 are the most along an axis/,
    "too-large",
  );
  await refused(
    headOnly(dot, { image: { height: 256, width: 257, overlap: 0 } }),
    /tiles of the image: 65792, and limits.tiles is 65536/,
    "too-large",
  );

  // 2^25 values and as many switches
  const many = { input: { channels: 1, length: 1024 }, filters: 2 ** 15, kernel: 1 };
  await accepts(headOnly(many));
  await refused(
    headOnly({ ...many, filters: 2 ** 15 + 1 }),
    /67110912, and limits.values is 67108864/,
    "too-large",
  );

  const layers = (count: number) => ({
    input: dot.input,
    layers: Array.from({ length: count }, () => ({ filters: 1, kernel: 1 })),
  });
  await accepts(headOnly(layers(256)));
  const deep = split(headOnly(layers(256)));
  deep.sections[0]!.payload = Uint8Array.from([...deep.sections[0]!.payload, ...new Uint8Array(92)]);
  await refused(join(deep), /the head is 23696 bytes long; .* at most 23604/);

  // pages that nothing is written to
  const bytes = new Uint8Array(2 ** 30 + 1);
  await refused(bytes.subarray(0, 2 ** 30), /no .unp file/);
  await refused(bytes, /bytes of the file: 1073741825, and limits.bytes is 1073741824/, "too-large");
});

test("limits that are no whole numbers are refused", async () => {
  for (const value of [0, -1, 1.5, Number.NaN, "9"]) {
    await refused(FILE, /limits.values is .*; it must be a whole number from 1 on/, "invalid-option", {
      values: value as number,
    });
  }
});

test.run();
