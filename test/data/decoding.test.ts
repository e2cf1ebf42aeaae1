// What decoding leaves of photographs, case by case, held to its ceilings: experiments/decoding.mjs prints the figures.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { CASES, measure, titleOf } from "../../experiments/decoding.mjs";
import { crops, REPORTED_ON } from "../../experiments/photographs.mjs";

const small = crops(REPORTED_ON, 32, 5);
const large = crops(REPORTED_ON, 224, 1);

for (const work of CASES) {
  test(`${titleOf(work)}: 20 crops of 32 x 32, three seeds, come back to a mean error of ${work.mean}`, () => {
    const { mean, median } = measure(work, small, [0, 1, 2]);
    assert.ok(mean <= work.mean, `mean ${mean}`);
    if (work.median !== undefined) assert.ok(median! <= work.median, `median ${median}`);
  });

  test(`${titleOf(work)}: photographs of 224 x 224 come back as well`, () => {
    const { mean } = measure(work, large, [0]);
    assert.ok(mean <= work.mean, `mean ${mean}`);
  });
}

test.run();
