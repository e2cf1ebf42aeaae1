// The README's picture: the first view at its end, in the light.

import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { SITE } from "../../scripts/site-build.mjs";
import { serveSite } from "../../scripts/site-server.mjs";
import { Tab } from "./tab.mjs";

/** Down to the digest and its tick. */
const SIZE = { width: 1200, height: 1090 };
/** Of WebP: a quarter of the bytes of PNG, and nothing to be seen of it. */
const QUALITY = 90;

/** Takes it with this browser, into this file. */
export async function takePicture(browser, path) {
  if (!browser.executable) throw new Error(`${browser.name} was not found: install it with ${browser.get}`);
  const server = await serveSite(SITE, 0);
  const started = await browser.start(browser.executable, false, tmpdir());
  try {
    const page = await started.newPage();
    await page.setViewport(SIZE);
    await browser.dress(page, false);
    const tab = new Tab(page, server.url);
    await tab.load(server.url);
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path, type: "webp", quality: QUALITY });
  } finally {
    await started.close();
    await server.close();
  }
}
