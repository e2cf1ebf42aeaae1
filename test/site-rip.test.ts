// The playground's engine: the model-RIP of the paper's 1-D setting, as it converges.

import { createLayerSync } from "unpool";
import { modelRip } from "unpool/analysis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Answer } from "../site/engine/messages.js";
import { RIP_USUAL, type RipKnobs } from "../site/state/rip-knobs.js";
import { answersTo, failureOf, only } from "./site-answers.js";

const measured = (knobs: Partial<RipKnobs>) => answersTo({ kind: "rip", knobs: { ...RIP_USUAL, ...knobs } });

const usual = await measured({});
const ratiosOf = (answers: readonly Answer[]) => only(answers, "ratios").map(({ ratios }) => ratios);
const layerOf = ({ channels, length, filters, kernel, seed }: RipKnobs) =>
  createLayerSync({ input: { channels, length }, filters, kernel, pool: "global", seed });

/** Relative, of sums in another order. */
const near = (one: number, other: number, most = 1e-9) =>
  assert.ok(Math.abs(one / other - 1) < most, `${one} and ${other}`);

test("histograms of 125 to 16,000 codes come one after the other, then the worst", () => {
  assert.equal(
    usual.map(({ kind }) => kind),
    [...Array(8).fill("ratios"), "worst", "done"],
  );
  assert.equal(
    ratiosOf(usual).map(({ codes }) => codes),
    [125, 250, 500, 1000, 2000, 4000, 8000, 16_000],
  );
  for (const { total } of only(usual, "ratios")) assert.is(total, 16_000);
});

test("counts sum to the codes, and edges go from the least to the greatest in equal widths", () => {
  for (const { codes, counts, edges, least, greatest } of ratiosOf(usual)) {
    assert.is(
      counts.reduce((sum, count) => sum + count, 0),
      codes,
    );
    assert.is(edges.length, counts.length + 1);
    assert.equal([edges[0], edges.at(-1)], [least, greatest]);
    for (let i = 0; i < counts.length; ++i) {
      near(edges[i + 1]! - edges[i]!, (greatest - least) / counts.length);
    }
  }
});

test("each answer has the codes of the one before it among its own", () => {
  const all = ratiosOf(usual);
  for (let i = 1; i < all.length; ++i) {
    const [before, after] = [all[i - 1]!, all[i]!];
    assert.ok(after.least <= before.least && after.greatest >= before.greatest);
    // mean square times codes only grows with more codes
    const sum = ({ codes, mean, sd }: typeof before) => codes * (mean * mean + sd * sd);
    assert.ok(sum(after) > sum(before));
    assert.ok(Math.abs(after.mean - before.mean) < (4 * after.sd) / Math.sqrt(before.codes));
  }
});

test("they are the roots of what the library's modelRip measures, code for code", () => {
  const layer = layerOf(RIP_USUAL);
  for (const { codes, mean, sd, least, greatest } of ratiosOf(usual).slice(0, 4)) {
    const { sampled } = modelRip(layer, { k: 10, codes, supports: 0, starts: 0, seed: 0 });
    assert.is(least, Math.sqrt(sampled.least));
    assert.is(greatest, Math.sqrt(sampled.greatest));
    near(mean * mean + sd * sd, sampled.mean);
  }
  const { supports, adversarial } = modelRip(layer, { k: 10, codes: 1, seed: 0 });
  assert.equal(only(usual, "worst")[0]!.worst, {
    supports: [Math.sqrt(supports!.least), Math.sqrt(supports!.greatest)],
    adversarial: [Math.sqrt(adversarial!.least), Math.sqrt(adversarial!.greatest)],
  });
});

test("typical codes lie around 1, as in the paper, and the worst well beyond them", () => {
  const { mean, sd, least, greatest } = ratiosOf(usual).at(-1)!;
  assert.ok(Math.abs(mean - 1) < 0.02 && sd < 0.05, `${mean} ± ${sd}`);
  const { supports, adversarial } = only(usual, "worst")[0]!.worst;
  assert.ok(supports![0] < least && supports![1] > greatest);
  assert.ok(adversarial[0] < supports![0] && adversarial[1] > supports![1]);
});

test("the knobs are heard: seed, non-zeros, filters, kernel, channels, length", async () => {
  const changes: Partial<RipKnobs>[] = [
    { seed: 1 },
    { nonzeros: 4 },
    { filters: 64 },
    { kernel: 3 },
    { channels: 8 },
    { length: 20 },
  ];
  const quick = { channels: 16, length: 16, filters: 40 };
  const base = ratiosOf(await measured(quick))[0]!.mean;
  for (const change of changes) {
    const { mean } = ratiosOf(await measured({ ...quick, ...change }))[0]!;
    assert.is.not(mean, base, JSON.stringify(change));
  }
});

test("one filter of one number has one ratio", async () => {
  const answers = await measured({ channels: 1, length: 8, filters: 1, kernel: 1, nonzeros: 1 });
  const { least, greatest, mean, sd, counts } = ratiosOf(answers).at(-1)!;
  near(least, greatest, 1e-6);
  near(mean, greatest, 1e-6);
  assert.ok(sd < 1e-6);
  assert.is(
    counts.reduce((sum, count) => sum + count, 0),
    16_000,
  );
});

test("more non-zeros than filters, and filters longer than the signal, are refused with the numbers", async () => {
  const many = failureOf(await measured({ filters: 20, nonzeros: 21 }));
  assert.is(many.code, "invalid-option");
  assert.match(many.message, /20 filters, .* 21 non-zeros/);
  const long = failureOf(await measured({ length: 8, kernel: 9 }));
  assert.is(long.code, "invalid-spec");
  assert.match(long.message, /the kernel is 1 x 9, larger than .* 1 x 8/);
});

test.run();
