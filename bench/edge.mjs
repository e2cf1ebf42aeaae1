// The edge service as built, in workerd: CPU time of a warm request by the process's own account, and what large
// pictures take of its memory.

import { parseArgs } from "node:util";
import { createHandler } from "../build/edge.js";
import { scene } from "../build/scene.js";
import { serve, workerdVersion } from "./edge/serve.mjs";
import { plainTable } from "./plain-table.mjs";
import { machine, machineLine } from "./report.mjs";

const WARM_UP_REQUESTS = 100;
const REQUESTS_A_BATCH = 50;
const LARGE_REQUESTS = 10;
/** Of the code that is named below, as PNG and as planes. */
const CPU_CEILING_MS = 10;
/** Beyond an idle process: the limit of a Worker. */
const MEMORY_CEILING_MIB = 128;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    batches: { type: "string", default: "6" },
    /** Fail above the ceilings. */
    check: { type: "boolean", default: false },
  },
});
const batches = Number(options.batches);

async function post(url, path, body) {
  const response = await fetch(new URL(path, url), { method: "POST", body });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`${path} is answered ${response.status}: ${bytes}`);
  return { headers: response.headers, bytes };
}

const handler = createHandler();

/** What the service answers here, in Node: workerd must answer the same. */
async function here(path, body) {
  const response = await handler(new Request(new URL(path, "http://here"), { method: "POST", body }));
  return Buffer.from(await response.arrayBuffer());
}

/** CPU milliseconds a request of the whole process, by batches. */
async function batchesOf(worker, ask) {
  for (let i = 0; i < WARM_UP_REQUESTS; ++i) await ask();
  const milliseconds = [];
  for (let batch = 0; batch < batches; ++batch) {
    const before = worker.cpu();
    for (let i = 0; i < REQUESTS_A_BATCH; ++i) await ask();
    milliseconds.push((worker.cpu() - before) / REQUESTS_A_BATCH);
  }
  milliseconds.sort((a, b) => a - b);
  return { least: milliseconds[0], median: milliseconds[milliseconds.length >> 1] };
}

async function decoding(worker, code, query) {
  const path = `decode?${query}`;
  const expected = await here(path, code);
  let headers;
  const times = await batchesOf(worker, async () => {
    const answer = await post(worker.url, path, code);
    if (!answer.bytes.equals(expected)) throw new Error(`${path} has other bytes in workerd`);
    headers = answer.headers;
  });
  const word = (name) => headers.get(`Unpool-${name}`);
  return { ...times, iterations: word("Iterations"), stopped: word("Stopped"), bytes: expected.length };
}

const SHAPES = [
  ["grey", 1, 3],
  ["grey", 1, 5],
  ["rgb", 3, 3],
  ["rgb", 3, 5],
];
/** Values of the code, query of the request. */
const RUNS = [
  ["int8", "iterations=30&format=png"],
  ["int8", "iterations=30&format=raw"],
  ["int8", "iterations=30&format=raw&method=scaled"],
  ["int8", "iterations=30&format=raw&method=scaled&inequalities=false"],
  ["float32", "iterations=30&format=raw"],
  ["int8", "method=synthesis&format=png"],
];

async function cpu() {
  const worker = await serve();
  const healthy = await batchesOf(worker, async () => (await fetch(new URL("health", worker.url))).text());
  const rows = [{ name: "GET /health", ...healthy }];
  for (const [colour, channels, kernel] of SHAPES) {
    const planes = scene(64, 64, 1).slice(0, channels * 64 * 64);
    for (const [values, query] of RUNS) {
      const shape = `channels=${channels}&height=64&width=64&filters=32&pool=2&kernel=${kernel}&values=${values}`;
      const code = await here(`encode?${shape}`, planes);
      const name = `${colour}, ${kernel} x ${kernel}, ${values}: ${query.replaceAll("&", " ")}`;
      rows.push({ name, ...(await decoding(worker, code, query)) });
    }
  }
  await worker.stop();
  return rows;
}

/** Resident memory of a fresh process beyond what it has after /health: at its highest, and at the end. */
async function memoryOf(filters) {
  const [worker, size] = [await serve(), 512];
  const planes = scene(size, size, 1);
  const idle = worker.memory("VmRSS");
  const path = `invert?channels=3&height=${size}&width=${size}&filters=${filters}&iterations=10`;
  for (let i = 0; i < LARGE_REQUESTS; ++i) await post(worker.url, path, planes);
  const row = {
    name: `${size} x ${size}, K = ${filters}, ${LARGE_REQUESTS} requests`,
    most: worker.memory("VmHWM") - idle,
    after: worker.memory("VmRSS") - idle,
  };
  await worker.stop();
  return row;
}

const times = await cpu();
const memories = [await memoryOf(16), await memoryOf(64)];
if (options.json) {
  console.log(JSON.stringify({ machine: machine(), workerd: workerdVersion, times, memories }, null, 2));
} else {
  console.log(`${machineLine(machine(), { workerd: workerdVersion })}`);
  console.log(`${batches} batches of ${REQUESTS_A_BATCH} requests, codes of 64 x 64, K = 32, pool 2\n`);
  const rows = times.map(({ name, least, median, iterations = "", stopped = "", bytes = "" }) => ({
    name,
    cells: [least.toFixed(1), median.toFixed(1), iterations, stopped, String(bytes)],
  }));
  console.log(plainTable(["least CPU ms", "median", "iterations", "stopped", "bytes"], rows));
  console.log("\nMiB beyond an idle process, with what is not collected yet");
  const cells = ({ most, after }) => [most.toFixed(1), after.toFixed(1)];
  console.log(
    plainTable(
      ["at most", "at the end"],
      memories.map((row) => ({ name: row.name, cells: cells(row) })),
    ),
  );
}
if (options.check) {
  const slow = times.filter(
    ({ name, least }) => name.startsWith("grey, 3 x 3, int8") && least >= CPU_CEILING_MS,
  );
  const large = memories.filter(({ most }) => most >= MEMORY_CEILING_MIB);
  for (const { name } of [...slow, ...large]) console.error(`${name}: above its ceiling`);
  if (slow.length + large.length > 0) process.exitCode = 1;
}
