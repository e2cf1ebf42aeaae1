// The story's views: each comes to the digest that every other host gives.

import assert from "node:assert/strict";
import { digests } from "../../../scripts/site-build.mjs";
import { load } from "../sources.mjs";

const { PRESETS, knobsOf, addressOf } = await load("site/state/presets.ts", "site/state/address.ts");

/** |x^ - x| / |x|, to its fourth digit. */
const ERRORS = {
  exact: "1.100e-7",
  "one-step": "0.6518",
  "few-filters": "0.1177",
  "lost-switches": "0.3670",
  "found-switches": "0.1168",
  "switches-alone": "0.6828",
};

export const presets = Object.fromEntries(
  PRESETS.map((preset) => [
    `“${preset.title}” comes to its error and digest`,
    async (bench) => {
      const tab = await bench.open("#size=32&filters=8");
      assert.equal(await tab.run(() => tab.press(preset.title)), "done");
      const pressed = await tab.page.evaluate(
        (titles) =>
          [...document.querySelectorAll("button[aria-pressed=true]")]
            .map(({ textContent }) => textContent.trim())
            .filter((title) => titles.includes(title)),
        PRESETS.map(({ title }) => title),
      );
      assert.deepEqual(pressed, [preset.title]);
      assert.equal(await tab.digest(), digests()[preset.name]);
      assert.equal(await tab.match(), "yes");
      assert.equal((await tab.number("error")).toPrecision(4), ERRORS[preset.name]);
      assert.equal(await tab.hash(), addressOf({ name: "invert", knobs: knobsOf(preset) }));
    },
  ]),
);
