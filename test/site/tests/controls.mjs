// What is turned and moved, by the keyboard.

import assert from "node:assert/strict";
import { digests } from "../../../scripts/site-build.mjs";

const SMALL = "#filters=16&size=64";

export const controls = {
  "A knob is turned by the keyboard": async (bench) => {
    const tab = await bench.open(SMALL);
    const before = await tab.digest();
    await tab.focus("#knob-filters");
    assert.equal(await tab.run(() => tab.page.keyboard.press("ArrowRight")), "done");
    await tab.settles("#filters=17&size=64");
    assert.notEqual(await tab.digest(), before);
    assert.equal(await tab.run(() => tab.page.keyboard.press("ArrowLeft")), "done");
    assert.equal(await tab.digest(), before);
  },

  "The divider is moved by the keyboard": async (bench) => {
    const tab = await bench.open(SMALL);
    const divider = 'input[type=range][aria-label="Divider"]';
    const look = () => bench.pixels(tab, divider);
    await tab.focus(divider);
    const [value, seen] = [await tab.value(divider), await look()];
    for (let i = 0; i < 10; i++) await tab.page.keyboard.press("ArrowRight");
    assert.ok(Number(await tab.value(divider)) > Number(value));
    assert.notEqual(await look(), seen);
  },

  "An earlier step is shown by the keyboard, and the last again": async (bench) => {
    const tab = await bench.open(SMALL);
    const step = 'input[type=range][aria-label="Step"]';
    const error = await tab.number("error");
    const last = Number(await tab.value(step));
    await tab.focus(step);
    await tab.page.keyboard.press("Home");
    assert.ok(Number(await tab.value(step)) < last);
    await tab.page.keyboard.press("End");
    assert.equal(Number(await tab.value(step)), last);
    assert.equal(await tab.number("error"), error);
  },

  "The result has the whole screen, can be gone through there, and gives it back": async (bench) => {
    const tab = await bench.open(SMALL);
    const name = "Full screen: The picture again";
    const height = () =>
      tab.page.evaluate(() => document.querySelector(".compare").getBoundingClientRect().height);
    const before = await height();
    await tab.press(name);
    await tab.until("the result has the whole screen", () => Boolean(document.fullscreenElement));
    await tab.until(
      "it is larger",
      (least) => {
        const { height, bottom } = document.querySelector(".compare").getBoundingClientRect();
        return height > least && bottom < innerHeight;
      },
      1.5 * before,
    );
    await tab.until(
      "its pixels are seen",
      () => getComputedStyle(document.querySelector(".compare canvas")).imageRendering === "pixelated",
    );
    await tab.focus('input[type=range][aria-label="Step"]');
    await tab.page.keyboard.press("Home");
    assert.equal(await tab.value('input[type=range][aria-label="Step"]'), "0");
    await bench.picture(tab, "full-screen", false);
    await tab.press(name);
    await tab.until("the page is back", () => !document.fullscreenElement);
    await tab.until(
      "it is as large as before",
      (wanted) => document.querySelector(".compare").getBoundingClientRect().height === wanted,
      before,
    );
  },

  "A click on a map shows it alone, another all again, and one on an empty place nothing": async (bench) => {
    // in two columns: the third row has one
    const tab = await bench.open("#filters=5&size=64");
    const which = 'input[type=range][aria-label="Which one"]';
    const sheet = await tab.page.$(".code-sheet");
    const { width, height } = await sheet.boundingBox();
    const click = async (across, down) => {
      await sheet.click({ offset: { x: across * width, y: down * height } });
      return tab.value(which);
    };
    assert.equal(await click(0.75, 0.85), "0");
    assert.equal(await click(0.25, 0.85), "5");
    assert.equal(await click(0.5, 0.5), "0");
    assert.equal(await click(0.75, 0.15), "2");
  },

  "A message brings the page back from the whole screen": async (bench) => {
    const tab = await bench.open(SMALL);
    await tab.press("Full screen: What is kept");
    await tab.until("the code has the whole screen", () => Boolean(document.fullscreenElement));
    await tab.goTo(`${SMALL}&kernel=99`);
    await tab.until("the page is back", () => !document.fullscreenElement);
    assert.match(await tab.said("status"), /kernel/);
  },

  "A long run leaves the page usable, and is cancelled": async (bench) => {
    const tab = await bench.tab();
    await tab.page.goto(bench.url("#size=512&filters=256&kernel=11"));
    await tab.until("a run has begun", () => document.querySelector("main")?.dataset.state === "running");
    const frames = await tab.page.evaluate(async () => {
      const start = performance.now();
      for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
      return performance.now() - start;
    });
    assert.ok(frames < 1500, `five frames took ${frames} ms`);
    await tab.press("Cancel");
    assert.equal(await tab.ended(), "cancelled");
    assert.equal(await tab.run(() => tab.press("The paper’s one step")), "done");
    assert.equal(await tab.digest(), digests()["one-step"]);
  },

  "A run that is cancelled before it shows anything leaves nothing of the one before": async (bench) => {
    const tab = await bench.open(SMALL);
    assert.ok((await tab.number("error")) < 1);
    await tab.begin(() => tab.goTo("#size=512&filters=256&kernel=11"));
    await tab.press("Cancel");
    assert.equal(await tab.ended(), "cancelled");
    for (const fact of ["error", "digest", "ssim"]) assert.equal(await tab.fact(fact), undefined, fact);
    const disabled = await tab.page.evaluate(() =>
      [...document.querySelectorAll("button")]
        .filter(({ textContent }) => textContent === "Download picture")
        .map((button) => button.disabled),
    );
    assert.deepEqual(disabled, [true]);
    // the same button, which has kept the focus
    await tab.begin(() => tab.press("Run again"));
    await tab.press("Cancel");
    assert.equal(await tab.ended(), "cancelled");
  },

  "A number counts when it has been typed, not on the way": async (bench) => {
    const tab = await bench.open("#filters=16&size=64");
    const runs = await tab.page.evaluate(() => globalThis.seen.runs);
    await tab.focus("#knob-filters-number");
    await tab.page.keyboard.press("End");
    await tab.page.keyboard.press("Backspace");
    await tab.page.keyboard.press("Backspace");
    assert.equal(await tab.run(() => tab.page.keyboard.type("12\n")), "done");
    assert.equal(await tab.page.evaluate(() => globalThis.seen.runs), runs + 1);
    await tab.settles("#filters=12&size=64");
  },

  "Unknown switches with another decoder are refused in the words of the page": async (bench) => {
    const tab = await bench.open("#size=64&switches=unknown&method=scaled");
    assert.equal(await tab.ended(), "failed");
    assert.match(await tab.said("alert"), /“least squares” alone, not by “least squares, scaled”/);
    await tab.run(() => tab.goTo("#size=64&switches=unknown"));
    assert.equal(await tab.said("alert"), "");
  },
};
