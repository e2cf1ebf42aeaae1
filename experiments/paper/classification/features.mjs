// Features of all images, computed once, by as many threads as there are, and kept in the cache until a result has come
// of them. A piece is CHUNK images; pieces that are there already are not computed again.

import { readFileSync } from "node:fs";
import { CHUNK } from "./gram.mjs";

/** Ends the names of pieces. */
export const PIECE = ".f16";
/**
 * Training images that normalisations are measured on, the first ones. So few that the smallest sample of a learning curve
 * holds them: none of its classifiers has seen an image that is not of its sample.
 */
export const MEASURED = 250;

/**
 * @param {{ features: import("./extractor.mjs").Features, train: import("../cifar10.mjs").ImageSet,
 *   test: import("../cifar10.mjs").ImageSet, cache: import("./cache.mjs").Cache,
 *   run: (task: any) => Promise<any>, onPiece?: (done: number, total: number) => void }} options `run` is a thread pool's
 * @returns {Promise<{ width: number, train: string[], test: string[] }>} paths of the pieces
 */
export async function computeFeatures({ features, train, test, cache, run, onPiece = () => {} }) {
  const { width, statistics } = await measured({ features, train, cache, run });
  const pieces = Object.entries({ train, test }).flatMap(([kind, set]) =>
    Array.from({ length: Math.ceil(set.count / CHUNK) }, (_, at) => ({
      ...{ kind, set, from: at * CHUNK, to: Math.min(set.count, (at + 1) * CHUNK) },
      name: `${kind}-${String(at).padStart(4, "0")}${PIECE}`,
    })),
  );
  const missing = pieces.filter(({ name }) => !cache.has(name));
  let done = pieces.length - missing.length;
  await inTurn(missing, async ({ name, set: { files, count }, from, to }) => {
    const task = { work: "features", features, statistics, set: { files, count }, from, to };
    cache.write(name, bytesOf(await run(task)));
    onPiece(++done, pieces.length);
  });
  const pathsOf = (wanted) =>
    pieces.filter(({ kind }) => kind === wanted).map(({ name }) => cache.path(name));
  return { width, train: pathsOf("train"), test: pathsOf("test") };
}

/** The statistics of an extractor, from the cache or measured. */
async function measured({ features, train, cache, run }) {
  const name = "statistics.json";
  if (!cache.has(name)) {
    const { files, count } = train;
    const found = await run({ work: "statistics", features, set: { files, count } });
    cache.write(name, JSON.stringify(found));
  }
  return JSON.parse(cache.read(name).toString());
}

/** A few at a time, so that what is written is never far behind what was computed. */
async function inTurn(tasks, perform) {
  const queue = tasks.values();
  const take = async () => {
    for (const task of queue) await perform(task);
  };
  await Promise.all(Array.from({ length: 4 }, take));
}

const bytesOf = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** A piece as it is kept: images x width. @param {string} path */
export function readPiece(path) {
  const bytes = readFileSync(path);
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}
