// One thread of a fuzzing run: mutates, feeds, keeps what reaches new code.

import { parentPort, workerData } from "node:worker_threads";
import { Coverage } from "./coverage.js";
import { MOST_BYTES, mutate } from "./mutate.js";
import { Random } from "./random.js";
import type { Target } from "./target.js";
import { TARGETS, type TargetName } from "./targets.js";

export interface Part {
  target: TargetName;
  seed: number;
  inputs: number;
}

export interface Order extends Part {
  /** [inputs begun, length of the one under way], and its bytes: for whoever finds that this thread hangs. */
  watch: Int32Array;
  current: Uint8Array;
}

export interface Finding {
  error: string;
  bytes: Uint8Array;
}

export interface Progress {
  inputs: number;
  /** How inputs ended -> how many did. */
  ends: Record<string, number>;
  /** Blocks of code that ran, and inputs kept because they reached one first. */
  blocks: number;
  kept: number;
  slowestMilliseconds: number;
  finding?: Finding;
  done?: boolean;
}

/** Coverage is asked for after so many inputs; if it grew, all of them are kept. */
const BATCH = 8;
/** Inputs that a thread holds, at most: then one that was kept before makes room. */
const MOST_KEPT = 4096;

const { target: name, seed, inputs, watch, current } = workerData as Order;

/** What is fuzzed is bundled beside this file, but for the edge's entry, as built, and the libraries that decode. */
const underTest = (url: string) =>
  /build\/(fuzz|edge)|node_modules\/(fast-png|fflate|pako|jpeg-js|exifr)/.test(url);

async function run(): Promise<Progress> {
  const random = new Random(seed);
  const target = await TARGETS[name]();
  const seeds = await target.seeds();
  const corpus = [...seeds];
  const progress: Progress = { inputs: 0, ends: {}, blocks: 0, kept: 0, slowestMilliseconds: 0 };
  const coverage = new Coverage(underTest);
  for (const bytes of seeds) {
    const finding = await feed(target, bytes, random, progress);
    if (finding) return { ...progress, finding };
  }
  coverage.grew();

  while (progress.inputs < inputs) {
    const count = Math.min(BATCH, inputs - progress.inputs);
    const batch = Array.from({ length: count }, () => vary(target, random, random.once(2) ? seeds : corpus));
    for (const bytes of batch) {
      const finding = await feed(target, bytes, random, progress);
      if (finding) return { ...progress, finding };
    }
    if (coverage.grew()) {
      progress.kept += batch.length;
      for (const bytes of batch) {
        if (corpus.length < MOST_KEPT) corpus.push(bytes);
        else corpus[random.below(MOST_KEPT)] = bytes;
      }
    }
    progress.blocks = coverage.blocks;
    if (progress.inputs % 1024 < BATCH) parentPort!.postMessage(progress);
  }
  return progress;
}

/** An input with something wrong anywhere, or in one of its parts, with lengths and checksums that are right. */
function vary(target: Target, random: Random, corpus: readonly Uint8Array[]): Uint8Array {
  const bytes = random.pick(corpus);
  const parts = random.once(2) ? target.split(bytes) : [];
  if (parts.length === 0) return mutate(random, bytes, corpus);
  const at = random.below(parts.length);
  parts[at] = mutate(random, parts[at]!, corpus);
  return target.join(parts).subarray(0, MOST_BYTES);
}

/** One input; the finding, if it breaks a law. */
async function feed(
  target: Target,
  bytes: Uint8Array,
  random: Random,
  progress: Progress,
): Promise<Finding | undefined> {
  current.set(bytes);
  watch[1] = bytes.length;
  Atomics.add(watch, 0, 1);
  const start = performance.now();
  try {
    const end = await target.run(bytes, random);
    if (end === undefined) return undefined;
    progress.ends[end] = (progress.ends[end] ?? 0) + 1;
  } catch (error) {
    return { error: (error as Error).stack ?? String(error), bytes };
  }
  progress.inputs += 1;
  progress.slowestMilliseconds = Math.max(progress.slowestMilliseconds, performance.now() - start);
  return undefined;
}

parentPort!.postMessage({ ...(await run()), done: true });
