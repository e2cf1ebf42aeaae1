// The plain page that browsers open: one module script, under the content-security policy that the README names.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bundle } from "../bundle.js";

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
const PAGE = `<!doctype html><meta charset="utf-8"><title>conformance</title><script type="module" src="page.mjs"></script>`;

/** Serves the page on this machine for as long as `visit` runs. */
export async function served<T>(visit: (url: string) => Promise<T>): Promise<T> {
  const program = readFileSync(await bundle("page"));
  const server = createServer(({ url }, response) => {
    response.setHeader("content-security-policy", POLICY);
    if (url === "/page.mjs") response.setHeader("content-type", "text/javascript").end(program);
    else if (url === "/") response.setHeader("content-type", "text/html").end(PAGE);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
