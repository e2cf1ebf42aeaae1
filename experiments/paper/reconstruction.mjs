// Table 3 and Figure 4: activations of VGG-16 from one step of their code, in every reading; with this project's decoders;
// and what the switches carry.

import { scene } from "../../build/scene.js";
import { crops, REPORTED_ON } from "../photographs.mjs";
import { scaledTo } from "./one-step.mjs";
import { measureDecoders } from "./reconstruction-decoders.mjs";
import { FED, throughDecoder } from "./reconstruction-images.mjs";
import { panels } from "./reconstruction-pictures.mjs";
import { measureReadings } from "./reconstruction-readings.mjs";
import { gaussian, mean, relativeError, round } from "./statistics.mjs";
import { activations, openVgg, SIZE } from "./vgg.mjs";

export { figures, markdown } from "./reconstruction-report.mjs";

export const title = "Table 3 and Figure 4: activations reconstructed from their codes";
export const claim =
  "Section 4, Table 3: one step, scaled to the norm of the activations, leaves relative errors of 0.895 (learned filters) " +
  "and 0.872 (random) of pool(1) of VGG-16, 0.961 and 0.926 of pool(2); random activations are at 1.414. Seen through a " +
  "pretrained decoder, with the switches, much of the image is there: the switches carry a great deal of the information.";
export const needs = ["images", "filters"];

/** Photographs on which nothing was chosen, and how many of them the decoders are measured on. */
const PHOTOGRAPHS = REPORTED_ON;
const DECODED = 2;
/** Height and width of crops: of activations, those of the network; seen through the decoder. */
const SIZES = { activations: SIZE, images: 112, scene: 112 };
/** All of them. */
const QUICK_SIZE = 64;
/** Seed of the generated scene in the pictures. */
const SCENE = 1;

export async function result({ quick, seed, data, progress }) {
  const sizes = quick ? { activations: QUICK_SIZE, images: QUICK_SIZE, scene: QUICK_SIZE } : SIZES;
  const names = quick ? PHOTOGRAPHS.slice(0, 1) : PHOTOGRAPHS;
  const seeds = quick ? [seed] : [seed, seed + 1];
  const steps = { done: 0, total: 28 + names.length * 17 };
  const step = (what) => progress(steps.done++, steps.total, what);
  step("activations of photographs");
  const vgg = openVgg(data("filters"));
  const seen = (size) => crops(names, size, 1, data("images"));
  const inputs = seen(sizes.activations).map(({ x }) => activations(vgg, x));
  const readings = measureReadings(vgg, inputs, seeds, step);
  const random = [1, 2].map((block) => randomActivations(inputs, block, seed));
  const decoders = measureDecoders(vgg, inputs.slice(0, DECODED), seed, step);
  const images = [1, 2].map((block) => imageErrors(vgg, seen(sizes.images), block, seed, step));
  const pictures = panels(vgg, scene(sizes.scene, sizes.scene, SCENE), seed, step);
  return {
    ...{ photographs: names, sizes, seeds, readings, random },
    ...{ decoded: names.slice(0, DECODED), decoders, images, pictures },
  };
}

/** Error of Gaussian numbers, scaled to the norm of the activations that they stand for. */
function randomActivations(inputs, block, seed) {
  const errors = inputs.map(({ pooled }, i) => {
    const truth = pooled[block];
    return relativeError(scaledTo(truth, gaussian(truth.length, seed + i)), truth);
  });
  return round(mean(errors), 3);
}

/** Mean errors of what is fed to the decoder, in activation space and of the image. */
function imageErrors(vgg, inputs, block, seed, step) {
  const each = inputs.map(({ x }) =>
    throughDecoder(vgg, x, block, seed, (name) => step(`image from pool(${block}), ${name}`)),
  );
  return Object.keys(FED).flatMap((name) => {
    const found = each.flatMap((all) => all.filter((one) => one.name === name));
    if (found.length === 0) return [];
    const average = (key) => round(mean(found.map((one) => one[key])), 3);
    const inActivations = found[0].activations === undefined ? {} : { activations: average("activations") };
    return [{ name, ...inActivations, image: average("error") }];
  });
}
