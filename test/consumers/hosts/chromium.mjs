// Serves this folder, opens a page of it in Chromium and prints the page's first message:
// `node chromium.mjs PAGE [POLICY]`. The executable is $CHROMIUM.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { launch } from "puppeteer-core";

const STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const PATIENCE = 20_000;

const [page, policy = STRICT] = process.argv.slice(2);

const server = createServer(async ({ url }, response) => {
  const file = join(process.cwd(), decodeURI(new URL(url, "http://localhost").pathname));
  const found = (await stat(file).catch(() => undefined))?.isFile();
  // a missing icon is no news
  response.writeHead(found ? 200 : url === "/favicon.ico" ? 204 : 404, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-security-policy": policy,
  });
  if (found) createReadStream(file).pipe(response);
  else response.end();
});
await new Promise((listening) => server.listen(0, "localhost", listening));

const browser = await launch({
  executablePath: process.env.CHROMIUM,
  // root needs the first; the others keep Chromium from looking for anything but the page
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync", "--disable-component-update"],
});
try {
  const tab = await browser.newPage();
  const message = new Promise((say, fail) => {
    tab.on("console", (line) => say(line.text()));
    tab.on("pageerror", fail);
    setTimeout(() => fail(new Error(`${page} said nothing within ${PATIENCE} ms`)), PATIENCE).unref();
  });
  await tab.goto(`http://localhost:${server.address().port}/${page}`);
  console.log(await message);
} finally {
  await browser.close();
  server.close();
}
