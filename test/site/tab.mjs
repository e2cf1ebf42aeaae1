// A page of the playground as a test sees it: what it shows, what is done to it, and what went wrong with it.

import assert from "node:assert/strict";

const PATIENCE = 60_000;
/** Between two looks at a page. */
const PAUSE = 20;

export const WIDE = { width: 1200, height: 900 };
export const PHONE = { width: 360, height: 740 };

export class Tab {
  /** Sentences; a test ends with none. */
  problems = [];
  #origin;

  constructor(page, url) {
    this.page = page;
    this.#origin = new URL(url).origin;
    page.on("console", (message) => this.problems.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => this.problems.push(`error: ${error.message ?? error}`));
    page.on("requestfailed", (request) =>
      this.problems.push(`failed: ${request.url()}: ${request.failure()?.errorText}`),
    );
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      // about: and data: leave nowhere; what of them the page may not have, its policy refuses
      if (origin !== this.#origin && !["about:", "data:"].includes(protocol))
        this.problems.push(`elsewhere: ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) this.problems.push(`${response.status()}: ${response.url()}`);
    });
  }

  /** Has the page count its runs, and keep what its policy refused. To be called before it is loaded. */
  async watch() {
    await this.page.evaluateOnNewDocument(() => {
      const seen = { runs: 0, refused: [] };
      globalThis.seen = seen;
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
        seen.refused.push(`${violatedDirective} refuses ${blockedURI} (${sourceFile})`),
      );
      let before;
      new MutationObserver(() => {
        const now = document.querySelector("main")?.dataset.state;
        if (now === "running" && before !== "running") seen.runs += 1;
        before = now;
      }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
    });
  }

  /** What `look` returns in the page, once that is true. */
  async until(what, look, ...args) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      // while a page goes and the next comes, there is nothing to look at
      const found = await this.page.evaluate(look, ...args).catch((error) => {
        if (!/context|navigat|destroyed|detached|discarded|realm|no such frame/i.test(error.message))
          throw error;
      });
      if (found) return found;
      if (Date.now() > end) throw new Error(`Waited ${PATIENCE / 1000} s in vain until ${what}`);
      await new Promise((after) => setTimeout(after, PAUSE));
    }
  }

  /** Loads an address (with `hash`) and waits until what it runs has ended. */
  async load(url) {
    await this.page.goto("about:blank");
    await this.page.goto(url);
    return this.ended();
  }

  async reload() {
    await this.page.reload();
    return this.ended();
  }

  /** How what runs ends: done, cancelled or failed. */
  ended() {
    return this.until("a run has ended", () => {
      const state = document.querySelector("main")?.dataset.state;
      return state !== "idle" && state !== "running" && state;
    });
  }

  /** Waits for a run's end with this digest, whatever ran or runs besides. */
  comesTo(digest) {
    return this.until(
      `the digest is ${digest}`,
      (wanted) =>
        document.querySelector("main")?.dataset.state === "done" &&
        document.querySelector("[data-fact=digest]")?.dataset.value === wanted,
      digest,
    );
  }

  /** Where nothing runs, does something that starts a run, and waits for its end. */
  async run(act) {
    await this.begin(act);
    return this.ended();
  }

  /** The same, until its begin. */
  async begin(act) {
    const before = await this.page.evaluate(() => globalThis.seen.runs);
    await act();
    await this.until("a run has begun", (runs) => globalThis.seen.runs > runs, before);
  }

  /** The raw value of a fact, or undefined where it is not shown. */
  async fact(name) {
    const value = await this.page.evaluate(
      (fact) => document.querySelector(`[data-fact=${fact}]`)?.dataset.value,
      name,
    );
    return value || undefined;
  }

  async number(name) {
    return Number((await this.fact(name)) ?? Number.NaN);
  }

  digest() {
    return this.fact("digest");
  }

  match() {
    return this.page.evaluate(() => document.querySelector("[data-fact=digest]")?.dataset.match);
  }

  /** Waits until something is wrong, and said to be. */
  alerted() {
    return this.until("something is said", () =>
      [...document.querySelectorAll("[role=alert]")].some(({ textContent }) => textContent.trim()),
    );
  }

  /** Text of what is said, or "". */
  said(role) {
    return this.page.evaluate(
      (name) =>
        [...document.querySelectorAll(`[role=${name}]`)]
          .map(({ textContent }) => textContent.trim())
          .filter(Boolean)
          .join("\n"),
      role,
    );
  }

  /** Goes to another view of the page by its address. */
  goTo(hash) {
    return this.page.evaluate((next) => {
      location.hash = next;
    }, hash);
  }

  /** Waits until the address is this: it follows what is set, a while later. */
  settles(hash) {
    return this.until(`the address is ${hash}`, (wanted) => location.hash === wanted, hash);
  }

  hash() {
    return this.page.evaluate(() => location.hash);
  }

  /** Clicks what is called so. */
  async press(name, kind = "button") {
    const element = await this.page.evaluateHandle(
      (wanted, tag) =>
        [...document.querySelectorAll(tag)].find(
          (one) => (one.getAttribute("aria-label") ?? one.textContent).trim() === wanted,
        ),
      name,
      kind,
    );
    assert.ok(element.asElement(), `There is no ${kind} called “${name}”`);
    await element.asElement().click();
  }

  /** Gives files to the page as a drop or a paste would. */
  async give(how, ...files) {
    const packed = files.map(({ name, type, bytes }) => ({
      name,
      type,
      text: Buffer.from(bytes).toString("base64"),
    }));
    await this.page.evaluate(
      (kind, list) => {
        const transfer = new DataTransfer();
        for (const { name, type, text } of list) {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          transfer.items.add(new File([bytes], name, { type }));
        }
        const flags = { bubbles: true, cancelable: true, composed: true };
        const target = document.querySelector("main");
        if (kind === "paste") {
          const event = new ClipboardEvent("paste", { ...flags, clipboardData: transfer });
          // Firefox takes none from the options
          if (event.clipboardData !== transfer && event.clipboardData.files.length === 0)
            for (const file of transfer.files) event.clipboardData.items.add(file);
          target.dispatchEvent(event);
          return;
        }
        for (const type of ["dragenter", "dragover", "drop"])
          target.dispatchEvent(new DragEvent(type, { ...flags, dataTransfer: transfer }));
      },
      how,
      packed,
    );
  }

  /** Puts the keyboard on an element, as Tab would. */
  async focus(selector) {
    await this.page.focus(selector);
    assert.ok(
      await this.page.evaluate(
        (wanted) => document.activeElement === document.querySelector(wanted),
        selector,
      ),
      `${selector} cannot be focused`,
    );
  }

  value(selector) {
    return this.page.evaluate((wanted) => document.querySelector(wanted)?.value, selector);
  }

  attribute(selector, name) {
    return this.page.evaluate(
      (wanted, asked) => document.querySelector(wanted)?.getAttribute(asked),
      selector,
      name,
    );
  }

  /** What went wrong, the page's own record included. */
  async wrong() {
    const refused = await this.page.evaluate(() => globalThis.seen?.refused ?? []);
    return [...this.problems, ...refused.map((text) => `policy: ${text}`)];
  }
}
