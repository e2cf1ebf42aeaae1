// The state in the address: shared, reloaded, gone back to, absurd.

import assert from "node:assert/strict";

const VIEW = "#method=htp&filters=24&share=20&iterations=12&size=64";
const ABSURD =
  "#filters=99999999999999999999&kernel=-3&pool=NaN&method=%3Cscript%3E&seed=1e9&size=0.5&__proto__=1&view=nothing" +
  `&${"x".repeat(3000)}=1&stride=%00`;

export const address = {
  "A reload gives the same view and digest": async (bench) => {
    const tab = await bench.open(VIEW);
    const digest = await tab.digest();
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.equal(await tab.reload(), "done");
    assert.equal(await tab.digest(), digest);
    assert.equal(await tab.attribute("#knob-filters", "aria-valuetext"), "24");
    assert.equal(await tab.value("#knob-method"), "htp");
  },

  "Back and forward go through the views": async (bench) => {
    const tab = await bench.open("#filters=16&size=64");
    const first = await tab.digest();
    await tab.run(() => tab.press("The paper’s one step"));
    const second = await tab.digest();
    assert.notEqual(first, second);
    await tab.run(() => tab.page.evaluate(() => history.back()));
    assert.equal(await tab.hash(), "#filters=16&size=64");
    assert.equal(await tab.digest(), first);
    await tab.run(() => tab.page.evaluate(() => history.forward()));
    assert.equal(await tab.digest(), second);
  },

  "Absurd values are named, and the page works": async (bench) => {
    const tab = await bench.open(ABSURD);
    assert.equal(await tab.ended(), "done");
    const said = await tab.said("status");
    for (const name of ["nothing", "filters", "kernel", "pool", "method", "seed", "4 more"])
      assert.ok(said.includes(name), `${name} is not in: ${said}`);
    assert.ok(said.length < 3000, `${said.length} characters are said`);
    assert.equal(await tab.match(), "yes");
    assert.equal(await tab.run(() => tab.press("The paper’s one step")), "done");
  },

  "The view of the model-RIP runs to its end": async (bench) => {
    const tab = await bench.open("#view=rip");
    assert.equal(await tab.ended(), "done");
    assert.equal(
      await tab.page.evaluate(() => document.querySelector("a[aria-current=page]").textContent.trim()),
      "Model-RIP",
    );
    assert.equal(await tab.said("alert"), "");
    assert.equal(await tab.run(() => tab.press("Invert", "a")), "done");
    assert.equal(await tab.match(), "yes");
  },
};
