// CIFAR-10's binary layout: what is read, and every way in which files can be wrong.

import { mkdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openCifar10, PIXELS, readImages } from "../experiments/paper/cifar10.mjs";
import { missing } from "../experiments/paper/data.mjs";
import { main } from "../experiments/paper/runner.mjs";
import { cifarBytes } from "./cifar.js";
import { workspace } from "./command.js";

const { folder, file } = workspace(test);

test("images of several files are read in the order of their names, across their ends", () => {
  file("many/data_batch_2.bin", cifarBytes([3, 4], 20));
  file("many/data_batch_1.bin", cifarBytes([0, 1, 2], 10));
  file("many/test_batch.bin", cifarBytes([9], 30));
  const { train, test: tests } = openCifar10(join(folder, "many"));
  assert.equal([...train.labels], [0, 1, 2, 3, 4]);
  assert.equal([train.count, tests.count], [5, 1]);
  const pixels = readImages(train, 2, 5);
  assert.is(pixels.length, 3 * PIXELS);
  assert.equal(
    [0, 1, 2].map((image) => pixels[image * PIXELS]),
    [12, 20, 21],
    "the first byte of an image's pixels is its number, from 10 and from 20 on",
  );
  assert.equal(readImages(train, 3, 3).length, 0);
  assert.throws(() => readImages(train, 4, 6), /there are 5 images; those from 4 to 6 were asked for/);
});

test("files are found in the archive's own folder, also by the runner", () => {
  file("archive/cifar-10-batches-bin/data_batch_1.bin", cifarBytes([1], 0));
  file("archive/cifar-10-batches-bin/test_batch.bin", cifarBytes([2], 0));
  const named = { cifar10: join(folder, "archive") };
  assert.is(missing("cifar10", named), undefined);
  assert.is(openCifar10(named.cifar10).train.count, 1);
});

test("the digest is that of the bytes", () => {
  const digest = (name: string, label: number) => {
    file(`${name}/train.bin`, cifarBytes([label], 0));
    file(`${name}/test.bin`, cifarBytes([0], 0));
    return openCifar10(join(folder, name)).digest;
  };
  assert.is(digest("same", 1), digest("equal", 1));
  assert.is.not(digest("same", 1), digest("other", 2));
});

test("a length that is no multiple of 3,073 is refused, and a file of nothing", () => {
  file("length/test.bin", cifarBytes([0], 0));
  for (const bytes of [cifarBytes([0, 1], 0).subarray(1), new Uint8Array(), new Uint8Array(3072)]) {
    const path = file("length/train.bin", bytes);
    assert.throws(
      () => openCifar10(join(folder, "length")),
      (error: Error) =>
        error.message ===
        `${path} has ${bytes.length} bytes; CIFAR-10's binary files have 3073 bytes an image, 1 of label and 3072 of ` +
          "pixels, at least one image and no rest",
    );
  }
});

test("a label above 9 is refused, with the image's number", () => {
  const path = file("label/train.bin", cifarBytes([0, 9, 10, 200], 0));
  file("label/test.bin", cifarBytes([0], 0));
  assert.throws(
    () => openCifar10(join(folder, "label")),
    (error: Error) => error.message === `image 2 of ${path} has label 10; labels of CIFAR-10 are 0 to 9`,
  );
});

test("a folder without training or without test images is refused, and what cannot be read", () => {
  mkdirSync(join(folder, "empty"));
  assert.throws(
    () => openCifar10(join(folder, "empty")),
    /there are no training images of CIFAR-10 in .*empty: it must hold data_batch_1\.bin to data_batch_5\.bin \(or train\*\.bin\), or a folder cifar-10-batches-bin/,
  );
  file("half/data_batch_1.bin", cifarBytes([0], 0));
  assert.throws(() => openCifar10(join(folder, "half")), /there are no test images .*test_batch\.bin/);
  mkdirSync(join(folder, "half/test_batch.bin"));
  assert.throws(() => openCifar10(join(folder, "half")), /^cannot read .*test_batch\.bin: /);
});

test("a file that is cut after it was opened is noticed", () => {
  const path = file("cut/train.bin", cifarBytes([0, 1], 0));
  file("cut/test.bin", cifarBytes([0], 0));
  const { train } = openCifar10(join(folder, "cut"));
  truncateSync(path, 4000);
  assert.throws(() => readImages(train, 0, 2), /train\.bin ends before image 1/);
});

/** Runs the experiment on a folder, where it must fail before it computes anything. */
async function refused(cifar10: string) {
  let stderr = "";
  const streams = {
    out: () => {},
    error: (text: string) => {
      stderr += text;
    },
  };
  file("data/filters/any.safetensors", "");
  const args = [
    "--data",
    join(folder, "data"),
    "--cifar10",
    join(folder, cifar10),
    "--out",
    join(folder, "out"),
  ];
  const modules = { classification: () => import("../experiments/paper/classification.mjs") };
  const status = await main(args, modules, streams);
  return { status, stderr };
}

test("the experiment refuses a missing folder with 2, bad files with 1, and says what is wrong", async () => {
  const none = await refused("nowhere");
  assert.is(none.status, 2);
  assert.match(
    none.stderr,
    /^paper: classification needs CIFAR-10 .*none are in .*nowhere; name another folder by --cifar10 DIR\n$/,
  );
  file("bad/train.bin", new Uint8Array(5));
  const bad = await refused("bad");
  assert.is(bad.status, 1);
  assert.match(
    bad.stderr,
    /^classification: .*train\.bin has 5 bytes; CIFAR-10's binary files have 3073 bytes .*\n$/,
  );
});

test("the experiment refuses fewer training images than cross-validation takes", async () => {
  file("few/train.bin", cifarBytes(new Array(499).fill(1), 0));
  file("few/test.bin", cifarBytes([1], 0));
  const { status, stderr } = await refused("few");
  assert.is(status, 1);
  assert.match(
    stderr,
    /^classification: .*few has 499 training images; cross-validation takes 500 at least\n$/,
  );
});

test.run();
