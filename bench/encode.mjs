// Encode against its peers: the same filters, the same image, results compared, then timed in alternation.

import { parseArgs } from "node:util";
import { compareCodes } from "./check.mjs";
import { measure } from "./measure.mjs";
import * as onnxruntime from "./peers/onnxruntime-web.mjs";
import * as unpool from "./peers/unpool.mjs";
import { machine, machineLine, table } from "./report.mjs";
import { describeWork, encodeWorks, seededImage } from "./works.mjs";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "40" },
    seed: { type: "string", default: "7" },
  },
});
const rounds = Number(options.rounds);
const seed = Number(options.seed);
if (!(Number.isInteger(rounds) && rounds >= 2))
  throw new Error(`--rounds is ${options.rounds}; give 2 or more`);
if (!(Number.isInteger(seed) && seed >= 0)) throw new Error(`--seed is ${options.seed}; give a whole number`);

async function runWork(work) {
  const image = seededImage(work.input, seed);
  const layer = await unpool.open(work, seed);
  const peer = await onnxruntime.open(work, layer.weights);
  const peerWithout = await onnxruntime.open(work, layer.weights, { withSwitches: false });
  const ours = layer.encode(image);
  const theirs = peer.encode(image);
  const out = ours();
  const check = compareCodes(work, layer.weights, image, layer.code(out), peer.code(await theirs()));
  const contenders = [
    { name: unpool.name, run: ours },
    { name: `${unpool.name}, with out`, run: layer.encodeInto(image, out) },
    { name: onnxruntime.name, run: theirs },
    { name: `${onnxruntime.name}, no switches`, run: peerWithout.encode(image) },
  ];
  const times = await measure(contenders, rounds);
  for (const opened of [layer, peer, peerWithout]) await opened.close();
  return { work, check, times };
}

const host = machine();
const versions = { [unpool.name]: unpool.version, [onnxruntime.name]: onnxruntime.version };
if (!options.json) console.log(`${machineLine(host, versions)}\nseed ${seed}, ${rounds} rounds`);
const results = [];
for (const work of encodeWorks) {
  const result = await runWork(work);
  results.push(result);
  if (options.json) continue;
  const { entries, ties, worst } = result.check;
  console.log(`\n${describeWork(work)}`);
  console.log(
    `  ${entries} entries agree to ${worst.toExponential(1)}; switches differ at ${ties} proven ties`,
  );
  console.log(table(result.times));
}
if (options.json) console.log(JSON.stringify({ machine: host, versions, seed, rounds, results }, null, 2));
