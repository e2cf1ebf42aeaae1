// Chromium over the DevTools protocol and Firefox over WebDriver BiDi, with what makes them dark and still.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { launch } from "puppeteer-core";
import { CHROMIUM_FLAGS } from "../chromium-flags.mjs";

/** WebDriver BiDi cannot yet emulate media in Firefox: its preferences can. */
const FIREFOX_LIGHT = { "layout.css.prefers-color-scheme.content-override": 1 };
const FIREFOX_DARK = {
  "layout.css.prefers-color-scheme.content-override": 0,
  "ui.prefersReducedMotion": 1,
};

/** Colours and motion that a test asks for. */
const DARK_MEDIA = [
  { name: "prefers-color-scheme", value: "dark" },
  { name: "prefers-reduced-motion", value: "reduce" },
];
const LIGHT_MEDIA = [
  { name: "prefers-color-scheme", value: "light" },
  { name: "prefers-reduced-motion", value: "no-preference" },
];

export const BROWSERS = [
  {
    name: "Chromium",
    executable: process.env.CHROMIUM ?? onPath("chromium", "chromium-browser", "google-chrome"),
    get: "apt-get install chromium",
    start: (executablePath) => launch({ executablePath, args: CHROMIUM_FLAGS }),
    dress: (page, dark) => page.emulateMediaFeatures(dark ? DARK_MEDIA : LIGHT_MEDIA),
    keepDownloads: async (page, folder) => {
      const session = await page.createCDPSession();
      await session.send("Browser.setDownloadBehavior", {
        behavior: "allow",
        downloadPath: folder,
      });
    },
  },
  {
    name: "Firefox",
    executable: process.env.FIREFOX ?? onPath("firefox-esr", "firefox"),
    get: "apt-get install firefox-esr",
    start: (executablePath, dark, downloads) =>
      launch({
        executablePath,
        browser: "firefox",
        extraPrefsFirefox: {
          ...(dark ? FIREFOX_DARK : FIREFOX_LIGHT),
          "browser.download.dir": downloads,
          "browser.download.folderList": 2,
        },
      }),
    dress: async () => {},
    keepDownloads: async () => {},
    /** Another process for the dark. */
    darkApart: true,
  },
];

function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}
