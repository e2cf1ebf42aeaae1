// CIFAR-10 in its own binary layout (Krizhevsky 2009): one byte of label, then 32 x 32 bytes of red, of green and of
// blue, image after image. Files are read piece by piece: images are never all in memory.

import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { basename, join } from "node:path";
import { Failure, reasonOf } from "./files.mjs";

/** Bytes of pixels of an image, planes of red, green and blue. */
export const PIXELS = 3 * 32 * 32;
export const CLASSES = 10;
/** Where its archive puts the files. */
export const INSIDE = "cifar-10-batches-bin";

const RECORD = 1 + PIXELS;
const KINDS = {
  train: { pattern: /^(data_batch_.*|train.*)\.bin$/, example: "data_batch_1.bin to data_batch_5.bin" },
  test: { pattern: /^test.*\.bin$/, example: "test_batch.bin" },
};

/**
 * Images and their labels, in the order of the files' names. Plain data: a worker thread reads images by it, too.
 * @typedef {{ files: { path: string, count: number }[], count: number, labels: Uint8Array }} ImageSet
 */

/**
 * Finds the files and checks them: lengths, labels. What is wrong is a sentence with the numbers that were met.
 * @param {string} folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin (or other data_batch_*.bin,
 *   train*.bin and test*.bin), or with a folder cifar-10-batches-bin of them
 * @returns {{ train: ImageSet, test: ImageSet, digest: string }} `digest` is of all bytes of all files
 */
export function openCifar10(folder) {
  const hash = createHash("sha256");
  const open = (kind) => {
    const files = filesOf(folder, kind).map((path) => check(path, hash));
    const labels = Uint8Array.from(files.flatMap((file) => [...file.labels]));
    return { files: files.map(({ path, count }) => ({ path, count })), count: labels.length, labels };
  };
  return { train: open("train"), test: open("test"), digest: hash.digest("hex") };
}

function filesOf(folder, kind) {
  const { pattern, example } = KINDS[kind];
  for (const place of [folder, join(folder, INSIDE)]) {
    const names = list(place).filter((name) => pattern.test(name));
    if (names.length > 0) return names.sort().map((name) => join(place, name));
  }
  throw new Failure(
    `there are no ${kind === "train" ? "training" : "test"} images of CIFAR-10 in ${folder}: it must hold ${example} ` +
      `(or ${kind}*.bin), or a folder ${INSIDE} that does`,
  );
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a folder that cannot be read has no files, which is said by who asks
  }
}

function check(path, hash) {
  const bytes = read(path);
  const count = bytes.length / RECORD;
  if (!Number.isInteger(count) || count === 0) {
    throw new Failure(
      `${path} has ${bytes.length} bytes; CIFAR-10's binary files have ${RECORD} bytes an image, ` +
        `1 of label and ${PIXELS} of pixels, at least one image and no rest`,
    );
  }
  const labels = Uint8Array.from({ length: count }, (_, image) => bytes[image * RECORD]);
  const wrong = labels.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new Failure(
      `image ${wrong} of ${path} has label ${labels[wrong]}; labels of CIFAR-10 are 0 to ${CLASSES - 1}`,
    );
  }
  hash.update(`${basename(path)} ${bytes.length}\n`).update(bytes);
  return { path, count, labels };
}

function read(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

/**
 * The pixels of images `from` up to, without, `to`.
 * @param {ImageSet} set
 * @returns {Uint8Array} images x 3 x 32 x 32
 */
export function readImages({ files, count }, from, to) {
  if (!(from >= 0 && from <= to && to <= count)) {
    throw new RangeError(`there are ${count} images; those from ${from} to ${to} were asked for`);
  }
  const pixels = new Uint8Array((to - from) * PIXELS);
  const record = new Uint8Array(RECORD);
  let first = 0;
  for (const { path, count: size } of files) {
    const [start, end] = [Math.max(from, first), Math.min(to, first + size)];
    if (start < end) {
      const file = openSync(path, "r");
      try {
        for (let image = start; image < end; ++image) {
          if (readSync(file, record, 0, RECORD, (image - first) * RECORD) !== RECORD) {
            throw new Failure(`${path} ends before image ${image - first}, which it had when it was opened`);
          }
          pixels.set(record.subarray(1), (image - from) * PIXELS);
        }
      } finally {
        closeSync(file);
      }
    }
    first += size;
  }
  return pixels;
}
