// The playground's engine: a .unp file to its picture.

import { type Code, createLayerSync, type LayerSpec, toImageData } from "unpool";
import { parseSync, type SerialiseOptions, serialiseSync, writeCodes } from "unpool/code";
import { createNetworkSync, type NetworkCode, type NetworkSpec } from "unpool/network";
import { scene } from "unpool/scene";
import { cutTiles, joinTiles, planTiles } from "unpool/tiles";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { digestOf } from "../site/engine/digest.js";
import { collect, planesOf } from "./rows.js";
import { failureOf, framesOf, inverted, only, opened, summaryOf } from "./site-answers.js";
import { numbers } from "./support.js";

const SPEC: LayerSpec = {
  input: { channels: 3, height: 36, width: 28 },
  ...{ filters: 16, kernel: 5, padding: 2, pool: 2, seed: 3 },
};
const x = scene(28, 36, 2);
const RGB: SerialiseOptions = { colour: "rgb" };

/** The first section of a file: all that is read before something large is refused. */
async function headOf(spec: LayerSpec, options: SerialiseOptions): Promise<Uint8Array> {
  const chunks = writeCodes(spec, endless(), options);
  const { value } = await chunks.next();
  return value!;
}

function* endless(): Generator<Code> {
  for (;;) yield { kind: "pooled", values: new Float32Array(), switches: new Uint8Array() };
}

test("the file of a code opens to the picture that its run came to, step by step", async () => {
  const knobs = { size: 40, filters: 12, iterations: 100, values: "int8" } as const;
  const run = await inverted(knobs);
  const own = only(run, "code")[0]!.view;
  const answers = await opened(new Uint8Array(own.file));
  assert.is(summaryOf(answers).digest, summaryOf(run).digest);
  assert.is(summaryOf(answers).stopped, summaryOf(run).stopped);
  assert.equal(
    answers.map(({ kind }) => kind),
    ["file", ...run.map(({ kind }) => kind).slice(1)],
    "what the file says stands in the place of the picture, which is not there",
  );
  assert.equal(
    framesOf(answers).map(({ pixels, residual }) => [pixels, residual]),
    framesOf(run).map(({ pixels, residual }) => [pixels, residual]),
  );
  for (const { error, psnr, difference } of framesOf(answers)) {
    assert.equal([error, psnr, difference], [undefined, undefined, undefined]);
  }
  const { error, psnr, ssim, expected } = summaryOf(answers);
  assert.equal([error, psnr, ssim, expected], [undefined, undefined, undefined, undefined]);
  assert.equal(only(answers, "code"), only(run, "code"));
});

test("a sparse code is multiplied out", async () => {
  const layer = createLayerSync(SPEC);
  const code = layer.sparsify(x, { method: "htp", k: 500 });
  const file = serialiseSync(code, SPEC, { ...RGB, values: "float16" });
  const answers = await opened(file);
  assert.is(summaryOf(answers).digest, digestOf(layer.decode(parseSync(file).code as Code)));
  const { view } = only(answers, "code")[0]!;
  assert.ok(view.rows > 0 && view.rows <= 500, `${view.rows}`);
  assert.is(framesOf(answers).length, 1);
  const { iterations, milliseconds } = summaryOf(answers);
  assert.is(iterations, 1);
  assert.ok(milliseconds > 0);
});

test("grey codes are drawn grey, and black and white are where the file says", async () => {
  const spec: LayerSpec = { ...SPEC, input: { channels: 1, height: 36, width: 28 } };
  const layer = createLayerSync(spec);
  const grey = x.slice(0, 36 * 28).map((value) => 300 * value - 20);
  const file = serialiseSync(layer.encode(grey), spec, { colour: "grey", range: [-20, 280] });
  const answers = await opened(file);
  const planes = layer.decode(layer.encode(grey));
  assert.is(summaryOf(answers).digest, digestOf(planes), "the digest is of the numbers as they are");
  const { pixels } = framesOf(answers).at(-1)!;
  const unit = planes.map((value) => (value + 20) / 300);
  assert.equal(pixels, toImageData(unit, 28, 36));
  assert.is(pixels.data[0], pixels.data[1]);
});

const NETWORK: NetworkSpec = {
  input: { channels: 3, height: 32, width: 32 },
  layers: [
    { filters: 24, kernel: 5, padding: 2, rectifier: "crelu", pool: 2, seed: 1 },
    {
      filters: 64,
      kernel: 3,
      padding: 1,
      rectifier: "relu",
      pool: { type: "max", size: 3, stride: 2 },
      seed: 2,
    },
  ],
};

test("the code of a network is decoded through all its layers", async () => {
  const network = createNetworkSync(NETWORK);
  const code = network.encode(scene(32, 32, 1));
  const file = serialiseSync(code, NETWORK, { ...RGB, values: "int8" });
  const answers = await opened(file);
  const parsed = parseSync(file);
  const planes = network.decode(parsed.code as NetworkCode, { noise: parsed.noise });
  const { digest, iterations, memoryBytes } = summaryOf(answers);
  assert.is(digest, digestOf(planes));
  assert.equal([iterations, memoryBytes], [network.report.iterations, network.memoryBytes]);
  const frames = framesOf(answers);
  assert.is(frames.length, 1);
  assert.equal(frames[0]!.pixels, toImageData(planes, 32, 32));
  const { view } = only(answers, "code")[0]!;
  assert.equal([view.shape, view.pool, view.unknowns], [network.shapes.at(-1), [3, 3], 3 * 32 * 32]);
  assert.is(view.rows, parsed.code.values.filter((value) => value !== 0).length);
  assert.is(view.filters, undefined);
});

test("of a network that takes averages last the picture is shown, and no code", async () => {
  const [first, last] = NETWORK.layers;
  const spec: NetworkSpec = {
    ...NETWORK,
    layers: [first!, { ...last!, rectifier: "none", pool: { type: "average", size: 2, stride: 2 } }],
  };
  const network = createNetworkSync(spec);
  const answers = await opened(serialiseSync(network.encode(scene(32, 32, 1)), spec, RGB));
  assert.equal(
    answers.map(({ kind }) => kind),
    ["file", "frame", "done"],
  );
});

test("a file says how it was made: a layer, each layer of a network, tiles", async () => {
  const factsIn = async (bytes: Uint8Array) => new Map(only(await opened(bytes), "file")[0]!.facts);
  const knobs = { size: 40, filters: 12, rectifier: "crelu", values: "int8" } as const;
  const own = await factsIn(new Uint8Array(only(await inverted(knobs), "code")[0]!.view.file));
  assert.is(own.get("picture"), "40 × 40");
  assert.is(own.get("layer"), "12 filters of 5 × 5, padding 2 × 2, pooling 2 × 2, crelu, seed 0");
  assert.is(own.get("values"), "int8");
  const network = createNetworkSync(NETWORK);
  const stack = await factsIn(serialiseSync(network.encode(scene(32, 32, 1)), NETWORK, RGB));
  assert.equal([...stack.keys()], ["picture", "channels", "layer 1", "layer 2", "values", "bytes"]);
  const bare = {
    input: { channels: 1, height: 9, width: 8 },
    filters: 2,
    kernel: [3, 1] as const,
    stride: 2,
  };
  const code = createLayerSync(bare).encode(new Float32Array(72).fill(1));
  assert.is(
    (await factsIn(serialiseSync(code, bare))).get("layer"),
    "2 filters of 1 × 3, stride 2 × 2, seed 0",
  );
});

for (const deflate of [false, true]) {
  test(`tiles are decoded one after the other and joined${deflate ? ", compressed ones too" : ""}`, async () => {
    const image = { channels: 3, height: 70, width: 53 };
    const plan = planTiles(image, { tile: 32, overlap: 8, multiple: 2 });
    const { tileHeight: height, tileWidth: width, count } = plan;
    assert.ok(count >= 6);
    const spec: LayerSpec = { ...SPEC, input: { channels: 3, height, width } };
    const layer = createLayerSync(spec);
    const whole = scene(53, 70, 4);
    const rows = Array.from({ length: 70 }, (_, y) =>
      Float32Array.from({ length: 3 * 53 }, (_, i) => whole[(Math.floor(i / 53) * 70 + y) * 53 + (i % 53)]!),
    );
    const codes: Code[] = [];
    for await (const tile of cutTiles(plan, rows)) codes.push(layer.encode(tile));
    const options: SerialiseOptions = { ...RGB, deflate, image: { height: 70, width: 53, overlap: 8 } };
    const file = Buffer.concat(await collect(writeCodes(spec, codes, options)));
    const answers = await opened(file);
    assert.equal(
      only(answers, "tiles"),
      codes.map((_, i) => ({ kind: "tiles", done: i + 1, total: count })),
    );
    let residual = 0;
    const tiles = codes.map((code) => {
      const tile = layer.decode(code);
      residual = Math.max(residual, layer.report.residual);
      return tile;
    });
    const planes = planesOf(await collect(joinTiles(plan, tiles)), 3);
    const frames = framesOf(answers);
    assert.is(frames.length, 1);
    assert.equal(frames[0]!.pixels, toImageData(planes, 53, 70));
    assert.is(frames[0]!.residual, residual, "of the tile that went worst");
    assert.is(summaryOf(answers).digest, digestOf(planes));
    assert.equal(answers.at(-2)!.kind, "frame");
  });
}

const file = serialiseSync(createLayerSync(SPEC).encode(x), SPEC, RGB);

test("a file that is cut off, longer, changed or none at all fails before anything is shown", async () => {
  const changed = file.slice();
  changed[file.length >> 1]! ^= 1;
  const bad: [Uint8Array, RegExp][] = [
    [file.subarray(0, file.length - 1), /the file ends at byte \d+/],
    [file.subarray(0, 20), /the file ends at byte 20/],
    [Buffer.concat([file, Uint8Array.of(0)]), /bytes behind the end/],
    [changed, /./],
    [new TextEncoder().encode("<!doctype html><title>no code</title>"), /./],
    [new Uint8Array(), /./],
  ];
  for (const [bytes, message] of bad) {
    const answers = await opened(bytes);
    assert.is(answers.length, 1);
    const failed = failureOf(answers);
    assert.is(failed.code, "invalid-file");
    assert.match(failed.message, message);
  }
});

test("files of given filters, biases or normalisations are refused with their digest", async () => {
  const spec: LayerSpec = { ...SPEC, bias: numbers(16) };
  const biased = serialiseSync(createLayerSync(spec).encode(x), spec, RGB);
  const { code, message } = failureOf(await opened(biased));
  assert.is(code, "invalid-weights");
  assert.match(message, /layer 0 of this file was made with biases of its own \(SHA-256 [0-9a-f]{64}\)/);
  const weighted: LayerSpec = { ...SPEC, seed: undefined, weights: numbers(16 * 75) };
  const own = serialiseSync(createLayerSync(weighted).encode(x), weighted, RGB);
  assert.match(failureOf(await opened(own)).message, /with filters of its own/);
});

test("what is no picture is refused with its channels", async () => {
  const spec: LayerSpec = { input: { channels: 32, length: 32 }, filters: 96, kernel: 5, pool: "global" };
  const code = createLayerSync(spec).encode(numbers(32 * 32));
  const { message } = failureOf(await opened(serialiseSync(code, spec)));
  assert.match(message, /an input of 32 channels; a picture has 1 or 3/);
});

test("large pictures and large layers are refused by the head alone, with the numbers", async () => {
  const pixels = await headOf(SPEC, { ...RGB, image: { height: 2100, width: 2000, overlap: 4 } });
  const many = failureOf(await opened(pixels));
  assert.is(many.code, "too-large");
  assert.match(many.message, /2000 × 2100 = 4200000 pixels, .* at most 4194304/);
  const long = failureOf(
    await opened(
      await headOf(
        { ...SPEC, input: { channels: 1, length: 20_000 }, filters: 2, kernel: [1, 3], pool: 1 },
        {},
      ),
    ),
  );
  assert.is(long.code, "too-large");
  assert.match(long.message, /20000 × 1 = 20000 pixels, .* and 16384 a side/);
  const input = { channels: 3, height: 2048, width: 2048 };
  const large = failureOf(await opened(await headOf({ ...SPEC, input, filters: 16 }, RGB)));
  assert.is(large.code, "too-large");
  assert.match(large.message, /takes \d+ MiB of memory/);
});

test.run();
