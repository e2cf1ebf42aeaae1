// One encoding, and one step of a solver, of each shape: unpool beside its peers.

import { compareCodes } from "../check.mjs";
import { exactKeys } from "../exact.mjs";
import { measure } from "../measure.mjs";
import * as unpool from "../peers/unpool.mjs";
import { inputOf } from "../seeded.mjs";
import { describeWork } from "../works.mjs";

/** Small enough for IHT to descend on every shape. */
export const STEP = 0.01;
/** The peers take over from the code after so many steps, and are compared after one more. */
const STEPS_BEFORE = 2;
const TRIALS = 2;

/** A peer's step, checked by `check`, in the quicker of its ways. */
export async function quickestStep(peer, opened, images, previous, check) {
  let best;
  for (const way of peer.stepWays) {
    const step = await opened.step(images, STEP, way);
    await step.begin(previous);
    check(step, await step.code());
    const times = [];
    for (let trial = 0; trial < TRIALS; ++trial) times.push(await step.sample(1));
    const time = Math.min(...times);
    if (best && time >= best.time) {
      step.close();
      continue;
    }
    best?.step.close();
    best = { step, time };
  }
  // a peer that holds one state for all its ways holds that of the last
  await best.step.begin(previous);
  return best.step;
}

async function encodings(work, { layer, opened, images, variants }) {
  const ours = layer.encodings(images).slice(0, variants);
  const theirs = [];
  for (const { one } of opened) theirs.push(...(await one.encodings(images)).slice(0, variants));
  const keyAt = exactKeys(work, layer.weights, images);
  const code = ours[0].code();
  const checks = [];
  for (const contender of theirs) {
    checks.push({ name: contender.name, ...compareCodes(work, keyAt, code, await contender.code()) });
  }
  return { checks, contenders: [...ours, ...theirs] };
}

async function steps(work, { layer, opened, images }) {
  const thresholding = layer.thresholding(images, STEP);
  const previous = thresholding.codeAfter(STEPS_BEFORE);
  const code = { ...thresholding.codeAfter(STEPS_BEFORE + 1), kept: true };
  const keyAt = exactKeys(work, layer.weights, images, { previous, step: STEP });
  const checks = [];
  const theirs = [];
  for (const { peer, one } of opened) {
    const check = ({ name, way }, other) =>
      checks.push({ name: `${name}, ${way}`, ...compareCodes(work, keyAt, code, other) });
    theirs.push(await quickestStep(peer, one, images, previous, check));
  }
  return { checks, contenders: [thresholding, layer.leastSquares(images), ...theirs] };
}

/** @returns { description, operation: { checks, times } }, the results compared before anything is timed. */
export async function operations(peers, work, wanted, { seed, variants, ...time }) {
  const layer = await unpool.open(work, seed);
  const images = inputOf(work, layer.weights, seed);
  const opened = [];
  for (const peer of peers) opened.push({ peer, one: await peer.open(work, layer.weights) });
  const all = { layer, opened, images, variants };
  const result = { work, description: describeWork(work) };
  // always: encodings hand the images to a peer that keeps them
  const ready = { encode: await encodings(work, all) };
  if (wanted.includes("step")) ready.step = await steps(work, all);
  for (const operation of wanted) {
    const { checks, contenders } = ready[operation];
    result[operation] = { checks, times: await measure(contenders, time) };
  }
  for (const { one } of opened) await one.close();
  layer.close();
  return result;
}
