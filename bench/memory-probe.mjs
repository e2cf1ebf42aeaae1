// The process of one row of sections/memory.mjs: node memory-probe.mjs PEER prints one line of JSON, in bytes.
//
// Node's own part is what stood before the contender was imported. ONNX Runtime's linear memory is one that it
// makes in JavaScript: so the constructor is watched.

import { existsSync, readFileSync } from "node:fs";
import { seededImage, uniform } from "./seeded.mjs";
import { shapes } from "./works.mjs";

const memories = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.push(this);
  }
};

const work = { ...shapes.photo, rectifier: "relu" };
const STEP = 0.01;
const STEPS = 3;
const name = process.argv[2];
const image = seededImage(work.input, 7);
// Weights of about the right size; what they are exactly makes no difference to memory.
const next = uniform(7);
const weights = Float32Array.from({ length: 64 * 75 }, () => (next() - 0.5) / 2.5);

const before = process.memoryUsage.rss();
const peer = await import(`./peers/${name}.mjs`);
const result = name === "unpool" ? await runUnpool() : await runPeer();
console.log(JSON.stringify({ growth: highWater("self") - before, ...result }));
process.exit();

async function runUnpool() {
  const { layer, thresholding, encodings } = await peer.open(work, 7);
  encodings(image)[0].code();
  thresholding(image, STEP).codeAfter(STEPS);
  return { linear: layer.memoryBytes };
}

async function runPeer() {
  const opened = await peer.open(work, weights);
  const [encoding] = await opened.encodings(image);
  const { keys } = await encoding.code();
  // the way that is quicker at this shape for most
  const step = await opened.step(image, STEP, peer.stepWays.at(name === "tfjs-backend-wasm" ? -1 : 0));
  await step.begin({ values: keys, switches: new Uint8Array(keys.length) });
  await step.sample(STEPS);
  // all of the other process, with its interpreter
  if (peer.pid) return { growth: highWater(peer.pid), wholeProcess: true };
  const linear = peer.memoryBytes?.() ?? memories[0]?.buffer.byteLength;
  return { linear };
}

/**
 * The most resident memory that a process has had; NaN, printed as nothing, where there is no /proc. (What
 * getrusage calls maxrss is inherited from the process that started this one.)
 */
function highWater(pid) {
  if (!existsSync(`/proc/${pid}/status`)) return Number.NaN;
  return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
}
