// Where a test stands: a browser, a server of its own, and fresh pages that nothing may go wrong with.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { SITE } from "../../scripts/site-build.mjs";
import { serveSite } from "../../scripts/site-server.mjs";
import { Tab, WIDE } from "./tab.mjs";

const PATIENCE = 120_000;

export class Bench {
  /** Of a test: files to give to the page. */
  files;
  /** Every response since the test began: path, status, encoding, and the bytes of its body as they were sent. */
  responses = [];
  #browser;
  #out;
  #started = new Map();
  #server;
  #port = 0;
  #tabs = [];

  constructor(browser, out, files) {
    this.#browser = browser;
    this.#out = out;
    this.files = files;
  }

  get name() {
    return this.#browser.name;
  }

  get downloads() {
    return resolve(this.#out, `downloads-${this.name}`);
  }

  /** Address of the page with this hash. */
  url(hash = "") {
    return `http://localhost:${this.#port}/${hash}`;
  }

  /** Runs a test; it fails where it throws, and where anything went wrong in a page it opened. */
  async try(test, title) {
    // another origin: nothing is kept there yet, no cache and no service worker. It costs less than another profile.
    await this.silence();
    this.#port = 0;
    await this.serve();
    this.responses = [];
    let late;
    try {
      const patience = new Promise((_, fail) => {
        late = setTimeout(() => fail(new Error(`The test took more than ${PATIENCE / 1000} s`)), PATIENCE);
      });
      const note = await Promise.race([test(this), patience]);
      const wrong = (await Promise.all(this.#tabs.map((tab) => tab.wrong()))).flat();
      if (wrong.length > 0) throw new Error(`The page is not at ease:\n  ${wrong.join("\n  ")}`);
      return note;
    } catch (error) {
      const said = this.#tabs.flatMap((tab) => tab.problems).join("\n  ");
      const name = `failed, ${title.replace(/[^\p{L}\d ,]/gu, "")}`;
      for (const tab of this.#tabs) await this.picture(tab, name).catch(() => {});
      if (said && !error.message.includes(said)) error.stack += `\n  The page: ${said}`;
      throw error;
    } finally {
      clearTimeout(late);
      for (const { page } of this.#tabs.splice(0)) await page.close().catch(() => {});
    }
  }

  /** A page with nothing loaded yet. */
  async tab({ dark = false, size = WIDE } = {}) {
    const page = await (await this.#start(dark)).newPage();
    const tab = new Tab(page, this.url());
    this.#tabs.push(tab);
    await page.setViewport(size);
    await this.#browser.dress(page, dark);
    await tab.watch();
    return tab;
  }

  /** A page with this hash, its run at its end. */
  async open(hash = "", options = {}) {
    const tab = await this.tab(options);
    await tab.load(this.url(hash));
    return tab;
  }

  async keepDownloads(tab) {
    mkdirSync(this.downloads, { recursive: true });
    await this.#browser.keepDownloads(tab.page, this.downloads);
  }

  /** Keeps what the page looks like, for whoever looks at the artefacts. */
  picture(tab, name, fullPage = true) {
    return tab.page.screenshot({ path: join(this.#out, `${this.name}-${name}.png`), fullPage });
  }

  /** Digest of what an element looks like. */
  async pixels(tab, selector) {
    const element = await tab.page.$(selector);
    return createHash("sha256")
      .update(await element.screenshot())
      .digest("hex");
  }

  /** Serves the site, or another folder in its place, at the same address as before. */
  async serve(folder = SITE) {
    if (this.#server?.folder === folder) return;
    await this.silence();
    const server = await serveSite(folder, this.#port, (request, response) => this.#note(request, response));
    if (this.#port && server.port !== this.#port) throw new Error(`Port ${this.#port} was taken meanwhile`);
    this.#port = server.port;
    this.#server = { folder, close: server.close };
  }

  /** Ends the server: from here on there is no network. */
  async silence() {
    await this.#server?.close();
    this.#server = undefined;
  }

  async close() {
    await Promise.all([...this.#started.values()].map(async (started) => (await started).close()));
    await this.silence();
  }

  #note(request, response) {
    const { responses } = this;
    response.on("finish", () =>
      responses.push({
        path: new URL(request.url, this.url()).pathname,
        status: response.statusCode,
        encoding: response.getHeader("content-encoding"),
        bytes: Number(response.getHeader("content-length") ?? 0),
      }),
    );
  }

  #start(dark) {
    const key = Boolean(dark && this.#browser.darkApart);
    if (!this.#started.has(key)) {
      if (!existsSync(this.downloads)) mkdirSync(this.downloads, { recursive: true });
      this.#started.set(key, this.#browser.start(this.#browser.executable, key, this.downloads));
    }
    return this.#started.get(key);
  }
}
