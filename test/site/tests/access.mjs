// For everybody: axe-core on both views, light and dark, wide and on a phone; and pictures of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PHONE, WIDE } from "../tab.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Small, for what takes longest is the run. */
const VIEWS = { invert: "#size=96", rip: "#view=rip" };
const SIZES = { wide: WIDE, phone: PHONE };
const LIGHTS = { light: false, dark: true };

export const access = {};
for (const [view, hash] of Object.entries(VIEWS))
  for (const [light, dark] of Object.entries(LIGHTS))
    for (const [name, size] of Object.entries(SIZES))
      access[`Nothing keeps anybody out: ${view}, ${light}, ${name}`] = async (bench) => {
        const tab = await bench.open(hash, { dark, size });
        await bench.picture(tab, `${view}-${light}-${name}`);
        await dressedAsAsked(tab, dark);
        await noSidewaysScrolling(tab, size);
        await axe(tab);
      };

access["The keyboard reaches everything, and shows where it is"] = async (bench) => {
  const tab = await bench.open("#filters=8&size=32");
  const wanted = await tab.page.evaluate(
    () =>
      [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
        (one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility() && one.type !== "radio",
      ).length,
  );
  const reached = new Set();
  for (let i = 0; i < wanted + 5; i++) {
    await tab.page.keyboard.press("Tab");
    const at = await tab.page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return undefined;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      const all = [...document.querySelectorAll("*")];
      return {
        index: all.indexOf(one),
        shown: outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0,
        markup: one.outerHTML.slice(0, 120),
      };
    });
    if (!at) continue;
    assert.ok(at.shown, `nothing shows that the keyboard is on ${at.markup}`);
    reached.add(at.index);
  }
  assert.ok(reached.size >= wanted, `${reached.size} of ${wanted} controls were reached`);
};

async function dressedAsAsked(tab, dark) {
  const seen = await tab.page.evaluate(() => ({
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
    ground: getComputedStyle(document.body).backgroundColor,
    moving: document.getAnimations().length,
  }));
  assert.equal(seen.dark, dark);
  const brightness = Math.max(
    ...seen.ground
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map(Number),
  );
  assert.equal(brightness < 128, dark, `the ground is ${seen.ground}`);
  if (!dark) return;
  assert.ok(seen.still);
  assert.equal(seen.moving, 0, "something moves");
}

async function noSidewaysScrolling(tab, { width }) {
  const wide = await tab.page.evaluate((most) => {
    const over = [...document.querySelectorAll("body *")].filter(
      (one) => one.getBoundingClientRect().right > most + 0.5,
    );
    return {
      scroll: document.documentElement.scrollWidth,
      over: over.slice(0, 5).map((one) => one.outerHTML.slice(0, 120)),
    };
  }, width);
  assert.ok(wide.scroll <= width, `the page is ${wide.scroll} pixels wide: ${wide.over.join("\n")}`);
}

async function axe(tab) {
  await tab.page.evaluate(AXE);
  const violations = await tab.page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`,
    );
  });
  assert.deepEqual(violations, []);
}
