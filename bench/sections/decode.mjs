// A photograph back from its code to a relative error of 1e-3: unpool by least squares, the wasm peers by 1000 steps
// of IHT. They have no least squares, and IHT is not yet there then.

import { existsSync, readFileSync } from "node:fs";
import { decode as decodePng } from "fast-png";
import { measure, timed } from "../measure.mjs";
import * as unpool from "../peers/unpool.mjs";
import { shapes } from "../works.mjs";
import { quickestStep } from "./operations.mjs";

const GOAL = 1e-3;
const PEER_STEPS = 1000;
const MOST_ITERATIONS = 400;
const photograph = new URL("../../../shared/data/images/astronaut.png", import.meta.url);

/** The middle of the photograph, in [0, 1], where there is one; the generated scene elsewhere. */
function picture({ channels, height, width }) {
  if (!existsSync(photograph)) return { name: "generated scene", image: unpool.scene(width, height) };
  const png = decodePng(readFileSync(photograph));
  const top = (png.height - height) >> 1;
  const left = (png.width - width) >> 1;
  const image = new Float32Array(channels * height * width);
  image.forEach((_, at) => {
    const row = Math.floor(at / width) % height;
    const pixel = (top + row) * png.width + left + (at % width);
    image[at] = png.data[pixel * png.channels + Math.floor(at / (height * width))] / 255;
  });
  return { name: "astronaut, middle", image };
}

function relativeError(estimate, truth) {
  let error = 0;
  let norm = 0;
  truth.forEach((value, at) => {
    error += (estimate[at] - value) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(error / norm);
}

/** The least number of iterations that reaches the goal, by doubling and halving: errors fall monotonically. */
function iterationsNeeded(errorAfter) {
  let above = 0;
  let enough = 8;
  while (errorAfter(enough) > GOAL) {
    above = enough;
    enough *= 2;
    if (enough > MOST_ITERATIONS) throw new Error(`least squares misses ${GOAL} in ${above} iterations`);
  }
  while (enough - above > 1) {
    const middle = (above + enough) >> 1;
    if (errorAfter(middle) > GOAL) above = middle;
    else enough = middle;
  }
  return enough;
}

/** @returns times of unpool's decode and of one step of each peer, and the ratio to 1000 steps of the best. */
export async function decode(peers, { seed, ...time }) {
  const work = { ...shapes.photo, rectifier: "none" };
  const { name, image } = picture(work.input);
  const { layer, close } = await unpool.open(work, seed);
  const code = layer.encode(image);
  const run = (iterations) => layer.decode(code, { ...unpool.EQUATIONS, tolerance: 0, iterations });
  const errorAfter = (iterations) => relativeError(run(iterations), image);
  const iterations = iterationsNeeded(errorAfter);
  const error = errorAfter(iterations);

  // rectified: the peers' cheaper step, and the one that is compared with ours elsewhere
  const rectified = { ...work, rectifier: "relu" };
  const zero = { values: new Float32Array(code.values.length), switches: code.switches };
  const opened = [];
  const steps = [];
  for (const peer of peers.filter(({ kind }) => kind === "wasm")) {
    opened.push(await peer.open(rectified, layer.weights));
    steps.push(await quickestStep(peer, opened.at(-1), image, zero, () => {}));
  }
  const decoding = { name: "unpool", by: "unpool", sample: timed(() => run(iterations)) };
  const [ours, ...theirs] = await measure([decoding, ...steps], time);
  for (const one of opened) await one.close();
  close();
  const peerSteps = theirs.map((times) => ({ ...times, extrapolated: PEER_STEPS * times.minimum }));
  const best = Math.min(...peerSteps.map(({ extrapolated }) => extrapolated));
  return {
    ...{ picture: name, goal: GOAL, iterations, error },
    ...{ times: ours, peerSteps, ratio: best / ours.minimum },
  };
}
