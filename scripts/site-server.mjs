// Serves a built playground to this machine alone, with the headers that it is meant to have.

import { createServer } from "node:http";
import sirv from "sirv";
import { HEADERS } from "./site-policy.mjs";

const HOST = "localhost";
/** Ports tried from the first on, where others are taken; after them, any. */
const ATTEMPTS = 20;

/**
 * @param {string} folder
 * @param {number} port the first to try; 0: any that is free
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} [see]
 * is shown every request
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function serveSite(folder, port, see = () => {}) {
  const files = sirv(folder, { etag: true, extensions: ["html"], gzip: true });
  const server = createServer((request, response) => {
    see(request, response);
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (request.url?.endsWith(".txt")) response.setHeader("Content-Type", "text/plain;charset=utf-8");
    if (request.method === "GET" || request.method === "HEAD") files(request, response);
    else response.writeHead(405, { Allow: "GET, HEAD" }).end();
  });
  const taken = await listen(server, port);
  return {
    url: `http://${HOST}:${taken}/`,
    port: taken,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function listen(server, first) {
  const ports = first === 0 ? [] : Array.from({ length: ATTEMPTS }, (_, i) => first + i);
  for (const port of [...ports.filter((port) => port < 65536), 0]) {
    const problem = await new Promise((done) => {
      server.once("error", done);
      server.listen(port, HOST, () => {
        server.off("error", done);
        done(undefined);
      });
    });
    if (!problem) return server.address().port;
    if (problem.code !== "EADDRINUSE" || port === 0) throw problem;
  }
}
