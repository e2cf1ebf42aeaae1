// Memory: each contender does an encoding and a few steps on 3 x 224 x 224 in a process of its own.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as unpool from "../peers/unpool.mjs";
import { layerSpec, shapes } from "../works.mjs";

const probe = fileURLToPath(new URL("../memory-probe.mjs", import.meta.url));

/** @returns { kernel: unpool's linear memory, as it is and as estimated, rows: one a contender }. */
export async function memory(names) {
  const work = { ...shapes.photo, rectifier: "relu" };
  const { layer, close } = await unpool.open(work, 0);
  const kernel = { memoryBytes: layer.memoryBytes, estimateMemory: unpool.estimateMemory(layerSpec(work)) };
  close();
  const rows = ["unpool", ...names].map((name) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [probe, name], { encoding: "utf8" });
    if (status !== 0) throw new Error(`memory of ${name}: ${stderr}`);
    return { name, ...JSON.parse(stdout.trim().split("\n").at(-1)) };
  });
  return { kernel, rows };
}
