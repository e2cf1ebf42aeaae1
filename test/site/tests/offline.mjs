// Without a network, and from one build to the next.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digests, SITE } from "../../../scripts/site-build.mjs";

const NEWER = "build/site-test/newer";

export const offline = {
  "Once loaded, the page works without a network": async (bench) => {
    const tab = await bench.open();
    await installed(tab);
    await bench.silence();
    await tab.page.goto("about:blank");
    assert.equal(await tab.load(bench.url("?from=elsewhere#method=synthesis")), "done");
    assert.equal(await tab.digest(), digests()["one-step"]);
    assert.equal(await tab.reload(), "done");
    assert.equal(await tab.run(() => tab.press("Exact inversion")), "done");
    assert.equal(await tab.match(), "yes");
    // there may be a newer service worker, or not: without a network nobody knows
    forgive(tab, /^failed: \S+\/sw\.js: /);
  },

  "A newer build is taken at the next load, whole, and the older one is forgotten": async (bench) => {
    makeNewer();
    const tab = await bench.open("#filters=8&size=32");
    await installed(tab);
    const title = await tab.page.title();
    await bench.serve(NEWER);
    // this load still has the build that was kept, and fetches the newer one
    assert.equal(await tab.reload(), "done");
    assert.equal(await tab.page.title(), title);
    await tab.until("the newer build is kept", async () =>
      Boolean((await navigator.serviceWorker.getRegistration())?.waiting),
    );
    await tab.page.reload();
    await tab.until("the newer page is loaded", () => document.title === "A newer build");
    assert.equal(await tab.ended(), "done");
    assert.equal(await tab.hash(), "#filters=8&size=32");
    assert.equal((await tab.page.evaluate(() => caches.keys())).length, 1);
    // the older page began to load before it gave way
    forgive(tab, /^failed: \S+\.js: (net::ERR_ABORTED|NS_BINDING_ABORTED)$/);
  },
};

/** Waits until the page is kept, and served from there. */
export async function installed(tab) {
  await tab.until("the page is kept for offline", async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return registration?.active?.state === "activated" && Boolean(navigator.serviceWorker.controller);
  });
}

/** What of a page's requests may fail: that is no news here. */
function forgive(tab, failure) {
  tab.problems = tab.problems.filter((text) => !failure.test(text));
}

/** The site with another title: the page's hash, and so the build's, changes in sw.js. */
function makeNewer() {
  rmSync(NEWER, { recursive: true, force: true });
  cpSync(SITE, NEWER, { recursive: true });
  for (const name of readdirSync(NEWER)) if (name.endsWith(".gz")) rmSync(join(NEWER, name));
  const html = readFileSync(join(NEWER, "index.html"), "utf8");
  const newer = html.replace(/<title>.*<\/title>/, "<title>A newer build</title>");
  const script = readFileSync(join(NEWER, "sw.js"), "utf8");
  assert.ok(script.includes(hash(html)));
  writeFileSync(join(NEWER, "index.html"), newer);
  writeFileSync(
    join(NEWER, "sw.js"),
    script.replace(hash(html), hash(newer)).replace(/"[0-9a-f]{64}"/, `"${"0".repeat(64)}"`),
  );
}

function hash(text) {
  return createHash("sha256").update(text).digest("base64");
}
