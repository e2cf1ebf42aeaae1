// Files in and out: dropped, chosen, pasted, downloaded, and some that are broken.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { digests } from "../../../scripts/site-build.mjs";

const ANY = "#filters=16&size=96";

/** How a file gets in, by what it is called. */
const DOORS = {
  dropped: (tab, file) => tab.give("drop", file),
  chosen: async (tab, file) => (await tab.page.$("input[type=file]")).uploadFile(file.path),
  pasted: (tab, file) => tab.give("paste", file),
};

/** What is wrong with a file, and what is then said. */
const BROKEN = {
  "A text that is called a picture": ["text", /text\.png/],
  "A picture that ends too early": ["truncatedPicture", /half\.png/],
  "A code that ends too early": ["truncatedCode", /ends at byte \d+/],
  "An empty file": ["empty", /empty/],
};

const opened = Object.fromEntries(
  Object.entries(DOORS).map(([how, give]) => [
    `A picture that is ${how} is inverted`,
    async (bench) => {
      const tab = await bench.open(ANY);
      const before = await tab.digest();
      assert.equal(await tab.run(() => give(tab, bench.files.picture)), "done");
      assert.ok((await tab.number("error")) < 1e-4, `the error is ${await tab.fact("error")}`);
      assert.notEqual(await tab.digest(), before);
      assert.equal(await tab.match(), "none");
      assert.equal(await tab.said("alert"), "");
    },
  ]),
);

const refused = Object.fromEntries(
  Object.entries(BROKEN).map(([what, [file, sentence]]) => [
    `${what} is refused in a sentence, and the page goes on`,
    async (bench) => {
      const tab = await bench.open(ANY);
      await tab.give("drop", bench.files[file]);
      await tab.alerted();
      const said = await tab.said("alert");
      assert.match(said, sentence);
      await tab.press("The paper’s one step");
      await tab.comesTo(digests()["one-step"]);
      assert.equal(await tab.said("alert"), "");
      return said;
    },
  ]),
);

export const files = {
  ...opened,

  "A code is downloaded, and dropped again comes to the same digest": async (bench) => {
    const tab = await bench.open("#filters=16&size=96&values=int8");
    const digest = await tab.digest();
    const code = await downloaded(bench, tab, "Download code", ".unp");
    assert.equal(code.bytes.toString("latin1", 1, 4), "UNP");
    assert.equal(await tab.run(() => tab.give("drop", code)), "done");
    assert.equal(await tab.digest(), digest);
    assert.equal(await tab.match(), "none");
  },

  "A code made elsewhere is opened": async (bench) => {
    const tab = await bench.open(ANY);
    assert.equal(await tab.run(() => tab.give("drop", bench.files.code)), "done");
    assert.equal(await tab.said("alert"), "");
    assert.equal(await tab.digest(), bench.files.code.digest);
  },

  "A file that is dropped on the view of the model-RIP is opened in the other": async (bench) => {
    const tab = await bench.open("#view=rip");
    assert.equal(await tab.run(() => tab.give("drop", bench.files.picture)), "done");
    assert.ok((await tab.number("error")) < 1e-4);
    assert.equal(await tab.hash(), "");
  },

  "A size at which one's own picture would be too narrow says so, and the picture is still there": async (
    bench,
  ) => {
    const tab = await bench.open("#filters=16&size=96");
    assert.equal(await tab.run(() => tab.give("drop", bench.files.wide)), "done");
    const digest = await tab.digest();
    await tab.goTo("#filters=16&size=32");
    await tab.alerted();
    assert.match(await tab.said("alert"), /it would be 32 × \d+/);
    await tab.run(() => tab.goTo("#filters=16&size=96"));
    assert.equal(await tab.said("alert"), "");
    assert.equal(await tab.digest(), digest);
  },

  "A broken code leaves the picture that was there": async (bench) => {
    const tab = await bench.open(ANY);
    await tab.run(() => tab.give("drop", bench.files.picture));
    const digest = await tab.digest();
    await tab.give("drop", bench.files.truncatedCode);
    await tab.alerted();
    await tab.comesTo(digest);
  },

  "The picture is downloaded as a PNG": async (bench) => {
    const tab = await bench.open(ANY);
    const { bytes } = await downloaded(bench, tab, "Download picture", ".png");
    assert.equal(bytes.toString("latin1", 1, 4), "PNG");
    // of its header: height after width
    assert.equal(Math.max(bytes.readUInt32BE(16), bytes.readUInt32BE(20)), 96);
  },

  ...refused,
};

/** Presses a button, and waits for a whole file with this ending. */
async function downloaded(bench, tab, button, ending) {
  rmSync(bench.downloads, { recursive: true, force: true });
  await bench.keepDownloads(tab);
  await tab.press(button);
  const name = await tab
    .until("a file was downloaded", () => true)
    .then(() => arrival(bench.downloads, ending));
  return { name, type: "", bytes: readFileSync(join(bench.downloads, name)) };
}

/** Browsers write under another name until all is there. */
async function arrival(folder, ending) {
  for (let patience = 500; patience > 0; patience -= 1) {
    const names = readdirSync(folder);
    const name = names.find((one) => one.endsWith(ending));
    if (name && names.length === 1 && readFileSync(join(folder, name)).length > 0) return name;
    await new Promise((after) => setTimeout(after, 20));
  }
  throw new Error(`No file ${ending} came within 10 s`);
}
