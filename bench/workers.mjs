// How much faster a pool of two workers is than one: the command line's own pool, from PNGs on disk to codes,
// pictures and reports on disk. One worker and two alternate within the run, both warm.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encode as encodePng } from "fast-png";
import { openPool } from "../build/cli/pool.js";
import { scene } from "../build/scene.js";
import { measure, timed } from "./measure.mjs";
import * as unpool from "./peers/unpool.mjs";
import { plainTable } from "./plain-table.mjs";
import { machine, machineLine } from "./report.mjs";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    /** Fail unless two workers reach 1.8 times one. */
    check: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
if (!(Number.isInteger(rounds) && rounds >= 2))
  throw new Error(`--rounds is ${options.rounds}; give 2 or more`);

const FLOOR = 1.8;
const WORKERS = [1, 2];
const common = {
  ...{ kernel: [5, 5], stride: [1, 1], pool: [2, 2], rectifier: "none", seed: 0, unitNorm: false },
  ...{ tile: [224, 224], overlap: 16, values: "float32", deflate: false },
};
const decoding = { switches: "known", inequalities: true };
const works = [
  {
    command: "encode",
    outputs: ["code.npz"],
    side: 224,
    pictures: 16,
    options: { ...common, filters: 64 },
  },
  {
    command: "invert",
    outputs: [
      ...["original", "synthesis", "iht", "least-squares", "comparison"].map((name) => `${name}.png`),
      "report.html",
    ],
    side: 96,
    pictures: 8,
    options: { ...common, filters: 32, iterations: 10, ...decoding },
  },
];
const folder = mkdtempSync(join(tmpdir(), "unpool-workers-"));
process.once("exit", () => rmSync(folder, { recursive: true }));

/** A generated scene as a PNG on disk; returns its path. */
function picture(side, seed) {
  const planes = scene(side, side, seed);
  const area = side * side;
  const data = Uint8Array.from(
    { length: 3 * area },
    (_, i) => 255 * planes[(i % 3) * area + Math.floor(i / 3)],
  );
  const path = join(folder, `${side}-${seed}.png`);
  writeFileSync(path, encodePng({ width: side, height: side, channels: 3, depth: 8, data }));
  return path;
}

/** As the command line hands them to its workers. */
function tasksOf({ command, outputs, options }, paths, workers) {
  return paths.map((path, i) => {
    const name = `${command}-${workers}-${i}`;
    const files = outputs.map((file) => join(folder, name, file));
    return { command, path, title: name, name, outputs: files, format: "npz", options, commandLine: "" };
  });
}

async function runWork(work) {
  const paths = Array.from({ length: work.pictures }, (_, i) => picture(work.side, i + 1));
  const pools = WORKERS.map((threads) => openPool(threads, []));
  const contenders = pools.map((pool, at) => {
    const workers = WORKERS[at];
    const tasks = tasksOf(work, paths, workers);
    return {
      name: workers === 1 ? "1 worker" : `${workers} workers`,
      sample: timed(async () => {
        for (const { error } of await Promise.all(tasks.map((task) => pool.attempt(task)))) {
          if (error) throw new Error(error);
        }
      }),
    };
  });
  const times = await measure(contenders, { warmUpMs: 1000, seconds: 0, leastRounds: rounds });
  for (const pool of pools) await pool.close();
  return {
    work,
    results: times.map(({ name, minimum, median, ratio, ratioOfMinima }) => ({
      name,
      minimum: minimum / work.pictures,
      median: median / work.pictures,
      timesOne: 1 / ratio,
      timesOneOfMinima: 1 / ratioOfMinima,
    })),
  };
}

const host = machine();
const versions = { [unpool.name]: unpool.version };
if (!options.json) console.log(`${machineLine(host, versions)}\n${rounds} rounds`);
const results = [];
for (const work of works) {
  const result = await runWork(work);
  results.push(result);
  if (options.json) continue;
  const { command, side, pictures } = work;
  console.log(`\n${command}: ${pictures} PNGs of ${side} x ${side}, ${work.options.filters} filters\n`);
  console.log(
    plainTable(
      ["minimum ms a picture", "median", "times one", "of minima"],
      result.results.map(({ name, minimum, median, timesOne, timesOneOfMinima }) => ({
        name,
        cells: [minimum, median, timesOne, timesOneOfMinima].map((value) => value.toFixed(2)),
      })),
    ),
  );
}
// of the less fortunate of the two works
const ratio = Math.min(...results.map(({ results: [, two] }) => two.timesOne));
if (options.json) console.log(JSON.stringify({ machine: host, versions, rounds, ratio, results }, null, 2));
if (options.check && !(ratio >= FLOOR)) {
  console.error(`two workers do not reach ${FLOOR} times one (on two cores at rest)`);
  process.exitCode = 1;
}
