// The sections of a run, one after another.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { charts } from "./chart.mjs";
import { loadPeers } from "./peers/index.mjs";
import * as unpool from "./peers/unpool.mjs";
import { machine, machineLine, show, targetsTable } from "./report.mjs";
import { bytes } from "./sections/bytes.mjs";
import { decode } from "./sections/decode.mjs";
import { memory } from "./sections/memory.mjs";
import { operations } from "./sections/operations.mjs";
import { sweep, sweepSizes } from "./sections/sweep.mjs";
import { targets } from "./targets.mjs";
import { largestMagnitude, shapes } from "./works.mjs";

/** Milliseconds of warm-up of each contender, then seconds of each table; ways of encoding of each contender. */
const FULL = { warmUpMs: 500, seconds: 10, leastRounds: 4, variants: 2, coldRounds: 10, sizes: sweepSizes };
const QUICK = { warmUpMs: 150, seconds: 1, leastRounds: 2, variants: 1, coldRounds: 2, sizes: [256, 1024] };
const quickShapes = ["thumbnail", "photo", "middle"];

/** A script of this folder that prints JSON: a process of its own, as it needs one or is somebody else's. */
function script(name, ...parameters) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  if (!existsSync(file)) return undefined;
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, "--json", ...parameters], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return JSON.parse(stdout);
}

/** @returns what is written to the files: results, and charts by name. */
export async function run({ quick, seed, only, complete, shapes: chosen }) {
  const { sizes, coldRounds, ...time } = { ...(quick ? QUICK : FULL), seed };
  const { peers, absent } = await loadPeers();
  const versions = Object.fromEntries([unpool, ...peers].map(({ name, version }) => [name, version]));
  const results = { machine: machine(), load: loadavg()[0], versions, quick, seed, absent };
  console.log(machineLine(results.machine, versions));
  console.log(`load ${results.load.toFixed(1)}, seed ${seed}; one thread each`);
  for (const line of absent) console.log(line);

  const wanted = ["encode", "step"].filter((operation) => only.includes(operation));
  if (wanted.length > 0) {
    results.operations = [];
    for (const shape of chosen ?? (quick ? quickShapes : Object.keys(shapes))) {
      const both = largestMagnitude.includes(shape) && !quick;
      for (const rectifier of both ? ["relu", "none"] : ["relu"]) {
        const work = { ...shapes[shape], rectifier };
        results.operations.push({ shape, ...(await operations(peers, work, wanted, time)) });
        console.log(show("operations", results.operations.slice(-1)));
      }
    }
  }
  const others = {
    decode: () => decode(peers, { ...time, seconds: time.seconds / 2 }),
    sweep: () => sweep(sizes, time),
    cold: () => script("cold-start.mjs", "--rounds", coldRounds),
    bytes: () => bytes(),
    memory: () => memory(peers.map(({ name }) => name.toLowerCase())),
    // prints { ratio }: the throughput of two workers over that of one
    workers: () => script("workers.mjs"),
  };
  for (const [name, section] of Object.entries(others)) {
    if (!only.includes(name)) continue;
    results[name] = await section();
    if (results[name]) console.log(show(name, results[name]));
  }
  results.targets = targets(results);
  // what a whole run leaves out is said; what was not asked for is not
  const asked = results.targets.filter(({ measured }) => complete || !Number.isNaN(measured));
  if (asked.length > 0) console.log(targetsTable(asked));
  return { results, charts: charts(results) };
}
