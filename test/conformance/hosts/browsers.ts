// Chromium over the DevTools protocol and Firefox over WebDriver BiDi, both driven by puppeteer-core.

import { CHROMIUM_FLAGS } from "../../chromium-flags.mjs";
import { load, packaged } from "../install.js";
import type { Digests } from "../program.js";
import { CPU, type Host, installed } from "./host.js";
import { served } from "./page.js";

interface Browser {
  newPage(): Promise<{
    goto(url: string): Promise<unknown>;
    evaluate(code: string): Promise<unknown>;
  }>;
  version(): Promise<string>;
  close(): Promise<void>;
}

interface Puppeteer {
  launch(options: object): Promise<Browser>;
}

interface Kind {
  name: string;
  engine: string;
  paths: string[];
  get: string;
  options: object;
}

const CHROMIUM: Kind = {
  name: "Chromium",
  engine: "V8",
  paths: ["chromium", "chromium-browser", "google-chrome"],
  get: "apt-get install chromium",
  options: { args: CHROMIUM_FLAGS },
};

const FIREFOX: Kind = {
  name: "Firefox",
  engine: "SpiderMonkey",
  paths: ["firefox-esr", "firefox"],
  get: "apt-get install firefox-esr",
  options: { browser: "firefox" },
};

function browser({ name, engine, paths, get, options }: Kind, tier?: string, more: object = {}): Host {
  return {
    name,
    tier,
    from: "system",
    get,
    cpu: CPU,
    find: () => (packaged("puppeteer-core/package.json") ? installed(...paths) : undefined),
    run: (executablePath) =>
      served(async (url) => {
        const { default: puppeteer } = load("puppeteer-core") as { default: Puppeteer };
        const started = await puppeteer.launch({ ...options, ...more, executablePath, headless: true });
        try {
          const page = await started.newPage();
          await page.goto(url);
          const digests = (await page.evaluate("globalThis.conformance")) as Digests;
          const version = (await started.version()).replace(/^.*\//, "");
          return { version, engine, digests };
        } finally {
          await started.close();
        }
      }),
  };
}

export const hosts: readonly Host[] = [
  browser(CHROMIUM),
  browser(FIREFOX),
  browser(FIREFOX, "baseline compiler", {
    extraPrefsFirefox: { "javascript.options.wasm_optimizingjit": false },
  }),
  browser(FIREFOX, "optimising compiler", {
    extraPrefsFirefox: { "javascript.options.wasm_baselinejit": false },
  }),
];
