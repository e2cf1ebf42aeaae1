// What reconstruction measured, as tables, sentences, charts and pictures.

import * as Plot from "@observablehq/plot";
import { axis, chart, colourOf, stacked } from "./chart.mjs";
import { table } from "./format.mjs";
import { DECODERS } from "./reconstruction-decoders.mjs";
import { FED } from "./reconstruction-images.mjs";
import { montage } from "./reconstruction-pictures.mjs";
import { CODED, PAPER, READINGS } from "./reconstruction-readings.mjs";

const BANKS = ["learned", "random"];
/** What a difference from the paper must not exceed. */
const NEAR = 0.15;
/** Table 3, image space: learned filters, random filters, random activations, of pool(1) and pool(2). */
const PAPER_IMAGES = { learned: [0.423, 0.692], random: [0.38, 0.438], gaussian: [0.61, 0.864] };

const three = (value) => value.toFixed(3);
const percent = (share) => `${Math.round(100 * share)} %`;

export function markdown({ photographs, sizes, seeds, readings, random, decoded, decoders, images }) {
  const { A1, A2, A3, C4 } = readings;
  const means = (errors) => errors.flatMap((one) => (one ? [three(one.mean)] : [])).join(" and ");
  const ranges = (errors) =>
    errors.map(({ least, greatest }) => `${three(least)} to ${three(greatest)}`).join(" and ");
  const near = Object.keys(readings).filter((key) => readings[key].ofRandom <= NEAR);
  const nearest = near.reduce((best, one) => (readings[one].ofAll < readings[best].ofAll ? one : best), "A1");
  return `
### One step

x̂ = W′M(Wx), scaled to the norm of x: |x̂ − x|/|x|. Means over centre crops of ${sizes.activations} × ${sizes.activations} (photographs: ${photographs.length}; draws of random filters: ${seeds.length}). Learned filters of conv(3,1) and beyond are not at hand. The last two columns are the largest distance from the paper's figures, over random filters and over all; bold is what stays within ${percent(NEAR)} with random filters. C3 and E1 are what the network itself computes.

${readingsTable(readings)}

- **What “pool(i)” is.** Read A: what pool(i) gives, coded by the next convolution, with regions of 2 × 2 in M. With regions that keep their largest value (A1), random filters leave ${means(A1.random)} beside the paper's ${PAPER.random.join(" and ")}, at most ${percent(A1.ofRandom)} away; learned ones ${means(A1.learned)}, or ${means(A2.learned)} with norms of 1 (A2), beside ${PAPER.learned[0]}. Regions that keep their largest magnitude (A3) leave less, ${means(A3.random)}. Nearest of all, over all figures that are at hand: ${nearest}, within ${percent(readings[nearest].ofAll)}. Two things speak for A besides: the pretrained decoder takes what pool(i) gives, and Table 3 has four rows where VGG-16 has five poolings: no convolution follows pool(5).
- Over photographs and draws A1 ranges over ${ranges(A1.random)}, A3 over ${ranges(A3.random)}.
- **Not C**, the block's last convolution and its input, which pool(i) belongs to. Without pooling and after ReLU (C4) random filters leave ${means(C4.random)}, and learned ones of pool(2) ${means(C4.learned.slice(1))}, all near the paper's; but learned ones of pool(1) ${means(C4.learned.slice(0, 1))}, where the paper has ${PAPER.learned[0]}. So with all of C: conv1_2 has learned its own input.
- **Random activations**, Gaussian and scaled: ${random.map(three).join(" and ")}. The paper's 1.414 is √2: two vectors of equal norm at a right angle.

### This project's decoders, on the same switches

The code of A1, of half as many numbers as x. Means over the same crops of ${decoded.length} of the photographs; 60 iterations, 20 through all blocks.

${table(
  ["decoder", ...decoders.map(({ block, bank }) => `pool(${block}), ${bank}`)],
  Object.entries(DECODERS).map(([key, name]) => [name, ...decoders.map((one) => three(one[key]))]),
)}

One step uses each value once; least squares asks that x̂ give all of them. What half as many equations leave open, inequalities close in part (no entry of a region exceeds the one that was kept), smoothness some more. Through all blocks x is what the network makes of an image, and the code has 8/3 (pool(1)) or 4/3 (pool(2)) times as many numbers as that; the switches of the blocks below are then given too.

### What the switches carry

The paper looks at its reconstructions through a decoder network that was trained for pool(i). That is not at hand. In its place: least squares on the image through the blocks below, with their switches and the prior of pictures, 20 iterations. **These are other quantities than the paper's**, which stand beside them. Means over centre crops of ${sizes.images} × ${sizes.images}, pixels in [0, 1]; all that is fed has the norm of the true activations.

${imagesTable(images)}

${switchesSentence(images)}

The pictures show the same of the project's generated scene.
`;
}

function readingsTable(readings) {
  const head = ["", "what is coded, by what", "what is kept"].concat(
    [1, 2].flatMap((layer) => BANKS.map((bank) => `pool(${layer}), ${bank}`)),
    ["random", "all"],
  );
  const cells = (of) => [0, 1].flatMap((layer) => BANKS.map((bank) => of(bank, layer)));
  const rows = Object.entries(READINGS).map(([key, { x, name }]) => {
    const { ofRandom, ofAll, ...errors } = readings[key];
    const figures = cells((bank, layer) => (errors[bank][layer] ? three(errors[bank][layer].mean) : "–"));
    const bold = (text) => (ofRandom <= NEAR ? `**${text}**` : text);
    return [bold(key), CODED[x].name, name, ...figures, bold(percent(ofRandom)), percent(ofAll)];
  });
  return table(head, [
    ["", "**the paper**", "", ...cells((bank, layer) => PAPER[bank][layer]), "", ""],
    ...rows,
  ]);
}

function imagesTable(images) {
  const rows = Object.entries(FED).map(([key, name]) => [
    name,
    ...images.flatMap((all, layer) => {
      const found = all.find((one) => one.name === key);
      const { activations, image } = found ?? {};
      const cell = (value) => (value === undefined ? "–" : three(value));
      const paper = PAPER_IMAGES[key]?.[layer];
      return [cell(activations), cell(image), paper ? three(paper) : ""];
    }),
  ]);
  const columns = [1, 2].flatMap((layer) => [
    ...[`pool(${layer}): activations`, `pool(${layer}): image`, "(paper's decoder)"],
  ]);
  return table(["what is fed", ...columns], rows);
}

function switchesSentence(images) {
  const image = (key) => images.map((all) => three(all.find(({ name }) => name === key).image)).join(" and ");
  return `Of pool(1) and pool(2): one step (random filters) leaves ${image("random")} of the image. True switches with equal values leave ${image("equal")}, with random values above 0, as ReLU gives them, ${image("positive")}: what is seen of the image after one step is about what the switches alone show. True values at random switches leave ${image("randomSwitches")}: colours and coarse shapes. With neither it is ${image("nothing")}. Random activations at a distance of 1.414 have both signs, and values below 0 undo what the switches say: ${image("gaussian")}, as if there were none. Switches and values together leave ${image("true")}; least squares on their code, random filters, ${image("leastSquares")}.`;
}

export function figures({ readings, decoders, pictures }) {
  return {
    "": stacked("Table 3: activations reconstructed from their codes", [
      readingsChart(readings, 0),
      readingsChart(readings, 1),
      decodersChart(decoders),
    ]),
    pictures: montage("The activations of pool(1) of VGG-16, and what a decoder sees of them", pictures),
  };
}

/** A row a reading: the mean, and the range over photographs and draws. */
function readingsChart(readings, layer) {
  const rows = Object.entries(READINGS).map(([key, { name }]) => ({ key, label: `${key}  ${name}` }));
  const dots = BANKS.flatMap((bank, at) =>
    rows.flatMap(({ key, label }) => {
      const errors = readings[key][bank][layer];
      return errors ? [{ label, colour: colourOf(at), ...errors }] : [];
    }),
  );
  const paper = BANKS.map((bank, at) => ({ value: PAPER[bank][layer], colour: colourOf(at) }));
  return chart({
    title: `pool(${layer + 1}), one step; dashed: the paper's ${PAPER.learned[layer]} (learned) and ${PAPER.random[layer]} (random)`,
    ...{ names: BANKS.map((bank) => `${bank} filters`), height: 440, marginLeft: 320 },
    x: axis("|x̂ − x| / |x|", { domain: [0.45, 1.25], grid: true }),
    y: { domain: rows.map(({ label }) => label), label: null, tickSize: 0 },
    marks: [
      Plot.ruleX(paper, { x: "value", stroke: "colour", strokeDasharray: "5 4", strokeWidth: 1.5 }),
      Plot.ruleY(dots, { y: "label", x1: "least", x2: "greatest", stroke: "colour", strokeWidth: 2 }),
      Plot.dot(dots, { x: "mean", y: "label", r: 4, fill: "colour" }),
    ],
  });
}

function decodersChart(decoders) {
  const names = decoders.map(({ block, bank }) => `pool(${block}), ${bank} filters`);
  const dots = decoders.flatMap((one, at) =>
    Object.entries(DECODERS).map(([key, label]) => ({ label, error: one[key], colour: colourOf(at) })),
  );
  return chart({
    ...{ title: "The same code, by decoder", names, height: 250, marginLeft: 350 },
    x: axis("|x̂ − x| / |x|", {
      type: "log",
      domain: [0.01, 1],
      grid: true,
      ticks: [0.01, 0.03, 0.1, 0.3, 1],
      tickFormat: "~g",
    }),
    y: { domain: Object.values(DECODERS), label: null, tickSize: 0 },
    marks: [Plot.dot(dots, { x: "error", y: "label", r: 4.5, fill: "colour" })],
  });
}
