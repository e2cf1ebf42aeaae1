// The package's entry for Cloudflare Workers on the real workerd: the first request, and memory over the next.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createLayer } from "../build/index.js";
import { plainTable } from "./plain-table.mjs";
import { machine, machineLine } from "./report.mjs";
import { seededImage } from "./seeded.mjs";

// read when Miniflare is loaded; gc() for workerd/settle.js
process.env.MINIFLARE_WORKERD_V8_FLAGS = "--expose-gc";
const { Miniflare } = await import("miniflare");

const FIRST_REQUEST_CEILING_MS = 50;
/** What the pages of two processes differ by from one reading to the next. */
const GROWTH_CEILING_MIB = 3;
const WARM_UP_REQUESTS = 100;
const REQUESTS_PER_POINT = 250;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    processes: { type: "string", default: "10" },
    requests: { type: "string", default: "1000" },
    /** Fail above the ceilings. */
    check: { type: "boolean", default: false },
  },
});
const processes = Number(options.processes);
const requests = Number(options.requests);

const read = (file) => readFileSync(new URL(file, import.meta.url));
const script = (path, file) => ({ type: "ESModule", path, contents: read(file).toString() });

/** The modules as wrangler hands them to workerd: code, and the kernel, which the runtime compiles. */
const workers = {
  unpool: [
    script("worker.js", "workerd/worker.js"),
    script("settle.js", "workerd/settle.js"),
    script("index.workerd.js", "../build/index.workerd.js"),
    { type: "CompiledWasm", path: "kernel.wasm", contents: read("../build/kernel.wasm") },
  ],
  nothing: [script("worker.js", "workerd/nothing.js"), script("settle.js", "workerd/settle.js")],
};

const specs = [
  { input: { channels: 3, height: 32, width: 32 }, filters: 64, kernel: 5, pool: 2, seed: 7 },
  { input: { channels: 1, height: 28, width: 28 }, filters: 32, kernel: 3, pool: 2, rectifier: "relu" },
  { input: { channels: 32, length: 32 }, filters: 96, kernel: 5, pool: "global" },
  { input: { channels: 3, height: 96, width: 96 }, filters: 16, kernel: 5, pool: 2 },
];

/** A specification with its image and the digest of its code, found here. */
async function workOf(spec) {
  const layer = await createLayer(spec);
  const image = seededImage(layer.geometry, 1);
  const { values, switches } = layer.encode(image);
  const digest = createHash("sha256").update(values).update(switches).digest();
  return { query: `?layer=${encodeURIComponent(JSON.stringify(spec))}`, image, digest };
}

const works = await Promise.all(specs.map(workOf));

/** Starts a workerd; `milliseconds` is how long it took until it listened. */
async function start(name) {
  const begin = performance.now();
  const others = workerds();
  const host = new Miniflare({
    modules: workers[name],
    compatibilityDate: "2025-01-01",
    host: "127.0.0.1",
    port: 0,
  });
  const url = await host.ready;
  const milliseconds = performance.now() - begin;
  const pid = workerds().find((other) => !others.includes(other));
  return { name, host, url, pid, milliseconds };
}

/** One request over loopback, its answer compared; the milliseconds until the answer is there. */
async function ask({ name, url }, { query, image, digest }) {
  const begin = performance.now();
  const response = await fetch(new URL(query, url), { method: "POST", body: image });
  const body = Buffer.from(await response.arrayBuffer());
  const milliseconds = performance.now() - begin;
  if (!response.ok) throw new Error(`workerd answered ${response.status}: ${body}`);
  if (name === "unpool" && !body.equals(digest)) throw new Error(`workerd's code for ${query} is not Node's`);
  return milliseconds;
}

/** The child processes of this one, all of them workerd; none where there is no /proc. */
function workerds() {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ").map(Number);
  } catch {
    return [];
  }
}

/** Resident memory after a collection, in MiB; NaN where there is no /proc. */
async function resident({ url, pid }) {
  await (await fetch(url)).text();
  if (!pid) return Number.NaN;
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

/** Fresh processes in alternation: from the first request, and from the start of the process. */
async function firstRequests() {
  // the client's own first request costs it something too: it goes to a process that is not counted
  const uncounted = await start("nothing");
  await ask(uncounted, works[0]);
  const samples = { unpool: { first: [], both: [] }, nothing: { first: [], both: [] } };
  for (let i = 0; i < processes; ++i) {
    for (const name of i % 2 === 0 ? ["unpool", "nothing"] : ["nothing", "unpool"]) {
      const worker = await start(name);
      const first = await ask(worker, works[0]);
      samples[name].first.push(first);
      samples[name].both.push(worker.milliseconds + first);
      await worker.host.dispose();
    }
  }
  await uncounted.host.dispose();
  return samples;
}

/** Resident memory of both Workers after a warm-up of every layer and after each 250 requests. */
async function memoryOverRequests() {
  const pair = [await start("unpool"), await start("nothing")];
  const points = [];
  for (let i = 1; i <= WARM_UP_REQUESTS + requests; ++i) {
    for (const worker of pair) await ask(worker, works[i % works.length]);
    const count = i - WARM_UP_REQUESTS;
    if (count < 0 || count % REQUESTS_PER_POINT !== 0) continue;
    const [unpool, nothing] = [await resident(pair[0]), await resident(pair[1])];
    points.push({ count, unpool, nothing, difference: unpool - nothing });
  }
  for (const { host } of pair) await host.dispose();
  return points;
}

const sort = (samples) => samples.toSorted((a, b) => a - b);
function median(samples) {
  const sorted = sort(samples);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

const { unpool, nothing } = await firstRequests();
const memory = await memoryOverRequests();
const addedByStart = median(unpool.both) - median(nothing.both);
const growth = memory.at(-1).difference - memory[0].difference;
const workerd = JSON.parse(read("node_modules/workerd/package.json")).version;
if (options.json) {
  console.log(JSON.stringify({ machine: machine(), workerd, unpool, nothing, memory, growth }, null, 2));
} else {
  const row = (name, samples) => ({
    name,
    cells: [sort(samples)[0].toFixed(1), median(samples).toFixed(1)],
  });
  console.log(`${machineLine(machine(), { workerd })}\n${processes} fresh processes each\n`);
  console.log(
    plainTable(
      ["minimum ms", "median ms"],
      [
        row("first request, process listening", unpool.first),
        row("  to a Worker without unpool", nothing.first),
        row("process start and first request", unpool.both),
        row("  with a Worker without unpool", nothing.both),
      ],
    ),
  );
  console.log("\nresident MiB, after collection");
  console.log(
    plainTable(
      ["unpool", "without", "difference"],
      memory.map(({ count, ...readings }) => ({
        name: count === 0 ? `after ${WARM_UP_REQUESTS} requests of warm-up` : `after ${count} more`,
        cells: [readings.unpool, readings.nothing, readings.difference].map((mib) => mib.toFixed(1)),
      })),
    ),
  );
}
// compilation falls into the start of the process or into the first request: neither may exceed the ceiling
const slowest = Math.max(median(unpool.first), addedByStart);
if (options.check && !(slowest < FIRST_REQUEST_CEILING_MS && growth < GROWTH_CEILING_MIB)) {
  console.error(
    `first request ${slowest.toFixed(1)} of ${FIRST_REQUEST_CEILING_MS} ms, growth ${growth.toFixed(1)} of ${GROWTH_CEILING_MIB} MiB`,
  );
  process.exitCode = 1;
}
