// npm run fuzz -- [--inputs N] [--seed S] [--target NAME]: mutated inputs into everything that takes bytes from strangers.
//
// Guided by coverage: inputs that reach code for the first time are mutated further. A finding (anything thrown that is no
// UnpoolError with a code, an answer that breaks a law, a hang, too much memory) is written to build/fuzz/found and
// ends the run with 1.

import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { MOST_BYTES } from "./mutate.js";
import { SHARES, type TargetName } from "./targets.js";
import type { Finding, Order, Part, Progress } from "./worker.js";

/** No input may take longer, milliseconds; it covers a machine with other work. */
const BUDGET = 10_000;
/** Of the whole process, with a thread for each core: what it may hold at any time. */
const MOST_MEGABYTES = 1024;
const FOUND = "build/fuzz/found";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    target: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
const [inputs, seed, jobs] = [values.inputs, values.seed, values.jobs].map(Number) as [
  number,
  number,
  number,
];
const names = (Object.keys(SHARES) as TargetName[]).filter(
  (name) => !values.target || name === values.target,
);
if (names.length === 0 || ![inputs, seed, jobs].every((n) => Number.isSafeInteger(n) && n >= 0) || jobs < 1) {
  console.error(
    `usage: npm run fuzz -- [--inputs N] [--seed S] [--jobs N] [--target ${Object.keys(SHARES).join("|")}]`,
  );
  process.exit(2);
}

let peak = 0;
const begun = performance.now();
const totals = new Map<TargetName, Progress>(
  names.map((name) => [name, { inputs: 0, ends: {}, blocks: 0, kept: 0, slowestMilliseconds: 0 }]),
);
const waiting = partsOf(names);
const running = new Map<object, number>();
await Promise.all(Array.from({ length: jobs }, workOn));
report();
process.exit(0);

/** One part a thread of every target. */
function partsOf(names: readonly TargetName[]): Part[] {
  const shares = names.reduce((sum, name) => sum + SHARES[name], 0);
  return names.flatMap((target) => {
    const own = Math.ceil((inputs * SHARES[target]) / shares);
    return Array.from({ length: jobs }, (_, i) => ({
      target,
      seed: seed * 1000 + i,
      inputs: Math.floor((own * (i + 1)) / jobs) - Math.floor((own * i) / jobs),
    }));
  });
}

async function workOn(): Promise<void> {
  for (let part = waiting.shift(); part; part = waiting.shift()) {
    const progress = await perform(part);
    if (progress.finding) fail(part, progress.finding);
    add(totals.get(part.target)!, progress);
  }
}

function perform(part: Part): Promise<Progress> {
  const watch = new Int32Array(new SharedArrayBuffer(8));
  const current = new Uint8Array(new SharedArrayBuffer(MOST_BYTES));
  const order: Order = { ...part, watch, current };
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  let [last, since] = [0, performance.now()];
  const look = setInterval(() => {
    const rss = process.memoryUsage.rss() / 2 ** 20;
    peak = Math.max(peak, rss);
    const bytes = Uint8Array.from(current.subarray(0, watch[1]));
    if (rss > MOST_MEGABYTES) fail(part, { error: `the process holds ${rss.toFixed(0)} MiB`, bytes });
    if (watch[0] !== last) [last, since] = [watch[0]!, performance.now()];
    else if (performance.now() - since > BUDGET) fail(part, { error: `no end within ${BUDGET} ms`, bytes });
  }, 250);
  return new Promise<Progress>((resolve) => {
    worker.on("message", (progress: Progress) => {
      running.set(worker, progress.inputs);
      showProgress();
      if (progress.done) resolve(progress);
    });
    worker.on("error", (error) => {
      fail(part, {
        error: error.stack ?? String(error),
        bytes: Uint8Array.from(current.subarray(0, watch[1])),
      });
    });
  }).finally(() => {
    clearInterval(look);
    running.delete(worker);
    return worker.terminate();
  });
}

function add(total: Progress, { inputs, ends, blocks, kept, slowestMilliseconds }: Progress): void {
  total.inputs += inputs;
  for (const [end, count] of Object.entries(ends)) total.ends[end] = (total.ends[end] ?? 0) + count;
  total.blocks = Math.max(total.blocks, blocks);
  total.kept += kept;
  total.slowestMilliseconds = Math.max(total.slowestMilliseconds, slowestMilliseconds);
}

function fail({ target, seed }: Part, { error, bytes }: Finding): never {
  mkdirSync(FOUND, { recursive: true });
  const file = `${FOUND}/${target}-${seed}.bin`;
  writeFileSync(file, bytes);
  console.error(
    `\n${target}, seed ${seed}: an input of ${bytes.length} bytes breaks a law; it is in ${file}\n${error}`,
  );
  process.exit(1);
}

function showProgress(): void {
  if (!process.stderr.isTTY) return;
  const done = [...totals.values()].reduce((sum, { inputs }) => sum + inputs, 0);
  const under = [...running.values()].reduce((sum, count) => sum + count, 0);
  process.stderr.write(`\r${done + under} of ${inputs}`);
}

function report(): void {
  for (const [name, { inputs, ends, blocks, kept, slowestMilliseconds }] of totals) {
    const shown = Object.entries(ends).sort(([, a], [, b]) => b - a);
    console.log(
      `${name.padEnd(9)} ${inputs} inputs, ${blocks} blocks of code, ${kept} kept, slowest ${slowestMilliseconds.toFixed(0)} ms`,
    );
    console.log(`          ${shown.map(([end, count]) => `${end} ${count}`).join(", ")}`);
  }
  const total = [...totals.values()].reduce((sum, { inputs }) => sum + inputs, 0);
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${total} inputs in ${seconds.toFixed(0)} s, at most ${peak.toFixed(0)} MiB: no crash, no hang, every refusal an UnpoolError`,
  );
}
