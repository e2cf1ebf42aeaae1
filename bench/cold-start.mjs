// From cold: import, create a layer, encode once, in a fresh process each time, side by side with the peers.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { filters, image, input, kernel, pool } from "./cold/work.mjs";
import { encodeGraph } from "./peers/graphs.mjs";
import * as onnxruntime from "./peers/onnxruntime-web.mjs";
import * as unpool from "./peers/unpool.mjs";
import { plainTable } from "./plain-table.mjs";
import { machine, machineLine } from "./report.mjs";

const CEILING_MS = 10;
const TOLERANCE = 1e-4;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "20" },
    /** Fail unless unpool's median is under the ceiling. */
    check: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
if (!(Number.isInteger(rounds) && rounds >= 2))
  throw new Error(`--rounds is ${options.rounds}; give 2 or more`);

const folder = mkdtempSync(join(tmpdir(), "unpool-cold-"));
const modelFile = join(folder, "encode.onnx");
const weightsFile = join(folder, "weights.bin");

/** What the peers read from files is made beforehand; the sum of the code is what all must find. */
async function prepare() {
  const size = { input, filters, kernel: [kernel, kernel], pool: [pool, pool], batch: 1 };
  const work = { ...size, rectifier: "relu" };
  const layer = await unpool.open(work, 7);
  writeFileSync(modelFile, encodeGraph(work, layer.weights));
  writeFileSync(weightsFile, layer.weights);
  const { values } = layer.encodings(image)[0].code();
  return { entries: values.length, sum: values.reduce((sum, value) => sum + value, 0) };
}

const contenders = [
  { name: "unpool", parameters: [] },
  { name: "onnxruntime-web", parameters: [modelFile] },
  { name: "tfjs-backend-wasm", parameters: [weightsFile] },
];

/** One fresh process: milliseconds of start-up, then of each stage. */
function runOnce({ name, parameters }, expected) {
  const script = fileURLToPath(new URL("cold/start.mjs", import.meta.url));
  const spawned = Number(process.hrtime.bigint() / 1000n) / 1000;
  const child = spawnSync(process.execPath, [script, name, ...parameters], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`${name} failed: ${child.stderr}`);
  const { marks, entries, sum } = JSON.parse(child.stdout.trim().split("\n").at(-1));
  if (entries !== expected.entries || !(Math.abs(sum - expected.sum) <= TOLERANCE * expected.sum)) {
    throw new Error(
      `${name} finds ${entries} values of sum ${sum} instead of ${expected.entries} of ${expected.sum}`,
    );
  }
  return marks.map((mark, at) => mark - (at > 0 ? marks[at - 1] : spawned));
}

const median = (sorted) => (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
const sort = (samples) => samples.toSorted((a, b) => a - b);

/** The whole without start-up, and medians of its stages. */
function summary(samples) {
  const totals = sort(samples.map(([, ...stages]) => stages.reduce((sum, stage) => sum + stage, 0)));
  const [startUp, ...stages] = samples[0].map((_, at) => median(sort(samples.map((stage) => stage[at]))));
  const at = (share) => totals[Math.round(share * (totals.length - 1))];
  return { minimum: at(0), median: median(totals), middleHalf: at(0.75) - at(0.25), stages, startUp };
}

const expected = await prepare();
const samples = contenders.map(() => []);
// the first round fills the file cache and is not counted
for (let round = -1; round < rounds; ++round) {
  for (let turn = 0; turn < contenders.length; ++turn) {
    const at = (Math.max(round, 0) + turn) % contenders.length;
    const stages = runOnce(contenders[at], expected);
    if (round >= 0) samples[at].push(stages);
  }
}
rmSync(folder, { recursive: true });

const results = contenders.map(({ name }, at) => ({ name, ...summary(samples[at]) }));
const tfjs = JSON.parse(
  readFileSync(new URL("node_modules/@tensorflow/tfjs-backend-wasm/package.json", import.meta.url), "utf8"),
);
const versions = {
  [unpool.name]: unpool.version,
  [onnxruntime.name]: onnxruntime.version,
  "tfjs-backend-wasm": tfjs.version,
};
if (options.json) {
  console.log(JSON.stringify({ machine: machine(), versions, rounds, results }, null, 2));
} else {
  const ms = (value) => value.toFixed(1);
  console.log(machineLine(machine(), versions));
  console.log(
    `${rounds} fresh processes each; start-up of Node, ${ms(results[0].startUp)} ms in the median, not counted\n`,
  );
  console.log(
    plainTable(
      ["minimum ms", "median ms", "middle half", "import", "create", "encode"],
      results.map(({ name, minimum, median, middleHalf, stages }) => ({
        name,
        cells: [minimum, median, middleHalf, ...stages].map(ms),
      })),
    ),
  );
}
if (options.check && !(results[0].median < CEILING_MS)) {
  console.error(
    `unpool takes ${results[0].median.toFixed(1)} ms from cold; the ceiling is ${CEILING_MS} ms (on a machine at rest)`,
  );
  process.exitCode = 1;
}
