// WebKitGTK by its own driver, in its test browser, on a display that nobody looks at: the WebDriver protocol.

import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Digests } from "../program.js";
import { CPU, type Host, installed } from "./host.js";
import { served } from "./page.js";

/** The driver takes a port and picks none itself. */
const PORT = 40_000 + (process.pid % 20_000);
const DRIVER = `http://127.0.0.1:${PORT}`;
const FOLDERS = ["x86_64", "aarch64"].flatMap((cpu) =>
  ["4.1", "4.0", "6.0"].map((version) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-${version}/MiniBrowser`),
);

const COLLECT =
  "const done = arguments[0]; globalThis.conformance.then(done, (error) => done(String(error)));";

export const hosts: readonly Host[] = [
  {
    name: "WebKitGTK",
    from: "system",
    get: "apt-get install webkit2gtk-driver xvfb xauth",
    cpu: CPU,
    find: () => installed("xvfb-run") && installed("WebKitWebDriver") && installed(...FOLDERS),
    run: (browser) =>
      served(async (url) => {
        const driver = spawn("xvfb-run", ["-a", "WebKitWebDriver", `--port=${PORT}`], {
          stdio: "ignore",
          // a group of its own: the wrapper, the display, the driver and the browser end together
          detached: true,
        });
        try {
          return await visit(browser, url);
        } finally {
          process.kill(-driver.pid!);
        }
      }),
  },
];

async function visit(binary: string, url: string) {
  await ready();
  const { sessionId, capabilities } = (await command("POST", "/session", {
    capabilities: {
      alwaysMatch: {
        "webkitgtk:browserOptions": { binary, args: ["--automation"] },
        timeouts: { script: 60_000 },
      },
    },
  })) as { sessionId: string; capabilities: { browserVersion: string } };
  try {
    await command("POST", `/session/${sessionId}/url`, { url });
    const script = { script: COLLECT, args: [] };
    const digests = await command("POST", `/session/${sessionId}/execute/async`, script);
    if (typeof digests === "string") throw new Error(digests);
    return { version: capabilities.browserVersion, engine: "JavaScriptCore", digests: digests as Digests };
  } finally {
    await command("DELETE", `/session/${sessionId}`);
  }
}

/** The driver has no signal for it: asked until it answers, at most ten seconds. */
async function ready(): Promise<void> {
  for (let tries = 0; ; ++tries) {
    try {
      await command("GET", "/status");
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(100);
    }
  }
}

async function command(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(DRIVER + path, { method, body: body && JSON.stringify(body) });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}
