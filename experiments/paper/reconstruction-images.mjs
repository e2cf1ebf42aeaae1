// Image space: activations of pool(i), true, reconstructed or random, with switches, true or random, back to the image by
// one decoder: least squares through the blocks below. (The paper's is a pretrained network.)

import { createNetworkSync } from "../../build/network.js";
import { keepLargest, oneStep, scaledTo } from "./one-step.mjs";
import { coders, SMOOTHNESS } from "./reconstruction-decoders.mjs";
import { gaussian, relativeError, uniform } from "./statistics.mjs";
import { blocks, convolution, pictureOf } from "./vgg.mjs";

const ITERATIONS = { layer: 60, network: 20 };

/** @type {Record<string, string>} */
export const FED = {
  true: "the true activations",
  leastSquares: "least squares of their code, random filters",
  random: "one step of their code, random filters",
  learned: "one step of their code, learned filters",
  equal: "true switches, all values equal",
  positive: "true switches, random values above 0",
  gaussian: "true switches, random values of both signs",
  randomSwitches: "random switches, true values",
  nothing: "random switches, random values above 0",
};

/**
 * What each of FED gives of a picture: `activations`, its error in activation space (not where it is the switches that
 * differ), the `picture`, in [0, 1] but for what the decoder errs, and its `error`.
 * @param {ReturnType<typeof import("./vgg.mjs").openVgg>} vgg
 * @param {Float32Array} x 3 x size x size, in [0, 1]
 * @param {number} block whose pooled activations they are
 * @param {(name: string) => void} onEach called before each
 */
export function throughDecoder(vgg, x, block, seed, onEach) {
  const side = Math.sqrt(x.length / 3);
  const network = createNetworkSync({
    input: { channels: 3, height: side, width: side },
    layers: blocks(vgg, block),
  });
  const { values: truth, switches } = network.encode(vgg.preprocess(x));
  const { random, learned } = coders(vgg, seed)[block];
  const coded = (shape) => {
    const make = (more) => convolution(shape, side / 2 ** block, { pool: 2, ...more });
    return { make, code: keepLargest(make, truth) };
  };
  const stepOf = (shape) => {
    const { make, code } = coded(shape);
    return oneStep(make(), truth, code);
  };
  const solved = () => {
    const { layer, lifted } = coded(random).code;
    const options = { iterations: ITERATIONS.layer, smoothness: SMOOTHNESS };
    return layer.decode(lifted, { method: "whitened", ...options });
  };
  const drawn = gaussian(truth.length, seed + 1);
  const positive = drawn.map(Math.abs);
  const others = randomSwitches(switches, blocks(vgg, block), seed);
  const fed = {
    true: () => truth,
    leastSquares: solved,
    random: () => stepOf(random),
    ...(learned ? { learned: () => stepOf(learned) } : {}),
    equal: () =>
      scaledTo(
        truth,
        truth.map(() => 1),
      ),
    positive: () => scaledTo(truth, positive),
    gaussian: () => scaledTo(truth, drawn),
    randomSwitches: () => truth,
    nothing: () => scaledTo(truth, positive),
  };
  return Object.entries(fed).map(([name, valuesOf]) => {
    onEach(FED[name]);
    const values = valuesOf();
    const misplaced = name === "randomSwitches" || name === "nothing";
    const code = { values, switches: misplaced ? others : switches };
    const picture = pictureOf(vgg, network.decode(code, { iterations: ITERATIONS.network }));
    const inActivations = name === "randomSwitches" ? {} : { activations: relativeError(values, truth) };
    return { name, picture, error: relativeError(picture, x), ...inActivations };
  });
}

/** Switches anywhere; as many regions as before, but not the same, keep nothing. */
function randomSwitches(switches, layers, seed) {
  const draw = uniform(seed);
  return switches.map((array, i) => {
    const positions = layers[i].pool ** 2;
    const kept = array.reduce((count, at) => count + (at < positions ? 1 : 0), 0) / array.length;
    return array.map(() => (draw() < kept ? Math.floor(draw() * positions) : positions));
  });
}
