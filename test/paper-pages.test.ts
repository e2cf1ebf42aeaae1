// docs/paper as committed: every experiment has its page, and pages and figures are those of the results beside them.

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EXPERIMENTS } from "../experiments/paper/names.mjs";
import { pagesOf } from "../experiments/paper/runner.mjs";

const FOLDER = "docs/paper";

for (const [name, load] of Object.entries(EXPERIMENTS)) {
  test(`the page and the figures of ${name} are those of its committed result, in full size`, async () => {
    const outcome = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, "utf8"));
    assert.is(outcome.quick, false);
    assert.is(outcome.seed, 0);
    for (const { name: file, text } of pagesOf(await load(), outcome)) {
      // no diff of two charts: `npm run paper NAME -- --redraw` makes them equal
      assert.ok(readFileSync(`${FOLDER}/${file}`, "utf8") === text, file);
    }
  });
}

test("docs/paper.md names every experiment, its command and its figure", () => {
  const page = readFileSync("docs/paper.md", "utf8");
  for (const name of Object.keys(EXPERIMENTS)) {
    assert.match(page, `npm run paper ${name}`);
    assert.match(page, `paper/${name}.svg`);
    assert.match(page, `paper/${name}.md`);
  }
});

test.run();
