// Trained networks on photographs against PyTorch in float64 (test/fixtures/networks.py), and what they are good for.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CIFAR10_QUICK_FILE, cifar10Quick, VGG16_FILE, vgg16 } from "../../experiments/paper/models.mjs";
import { crops } from "../../experiments/photographs.mjs";
import { createNetworkSync, type Network } from "../../src/network/index.js";
import fixtures from "../fixtures/networks.json";
import { relativeDistance } from "../support.js";

const folder = process.env.UNPOOL_DATA ?? "../shared/data";
const file = (...path: string[]) => readFileSync(join(folder, ...path));

/** The largest share of PyTorch's norm by which a layer may differ. */
const AGREEMENT = 1e-5;

function modelOf(name: string, size: number) {
  return name === "vgg16"
    ? vgg16(file("filters", VGG16_FILE), size)
    : cifar10Quick(file("filters", CIFAR10_QUICK_FILE));
}

function norms(values: Float32Array, planes: number): number[] {
  const length = values.length / planes;
  return Array.from({ length: planes }, (_, plane) =>
    Math.hypot(...values.subarray(plane * length, (plane + 1) * length)),
  );
}

for (const { model, picture, size, layers } of fixtures.learned) {
  test(`${model} on ${picture}, ${size} x ${size}: every layer is PyTorch's to 1e-5`, () => {
    const { input, layers: specs, preprocess } = modelOf(model, size);
    const network = createNetworkSync({ input, layers: specs });
    const [crop] = crops([picture], size, 1);
    const activations = network.activations(preprocess(crop!.x));
    assert.equal(
      network.shapes,
      layers.map(({ shape }) => shape),
    );
    layers.forEach(({ shape, norms: wanted, at, values }, i) => {
      const ours = activations[i]!;
      const ofPlanes = relativeDistance(norms(ours, shape[0]!), wanted);
      assert.ok(ofPlanes < AGREEMENT, `layer ${i}: the norms of its planes differ by ${ofPlanes}`);
      const ofSamples = relativeDistance(
        at.map((index) => ours[index]!),
        values,
      );
      assert.ok(ofSamples < AGREEMENT, `layer ${i}: samples differ by ${ofSamples}`);
    });
  });
}

/** Right answers for CIFAR-10 pictures in its binary layout: a label, then 3072 bytes. */
function rightAnswers(
  network: Network,
  preprocess: (x: Float32Array) => Float32Array,
  records: Uint8Array,
): number {
  let right = 0;
  for (let at = 0; at < records.length; at += 3073) {
    const x = Float32Array.from(records.subarray(at + 1, at + 3073), (value) => value / 255);
    const { values } = network.encode(preprocess(x));
    if (values.indexOf(Math.max(...values)) === records[at]) ++right;
  }
  return right;
}

test("cifar10_quick names as many of 1,000 test pictures rightly as in PyTorch: 75.8 %", () => {
  const { input, layers, preprocess } = modelOf("cifar10Quick", 32);
  const network = createNetworkSync({ input, layers });
  const records = file("cifar10", "test_1000.bin");
  assert.is(records.length, 3073 * fixtures.cifar10Quick.pictures);
  assert.is(rightAnswers(network, preprocess, records), fixtures.cifar10Quick.right);
});

test.run();
