// The service worker: keeps the files of one build, and answers with them, so that the page works without a network.

import type { Scope } from "./scope.js";
import { TAKE_OVER } from "./take-over.js";

/** Address and hash of every file, put here by the build. */
declare const FILES: readonly (readonly [address: string, integrity: string])[];
/** Hash of that list. */
declare const BUILD: string;

const scope = self as unknown as Scope;
const home = new URL("./", location.href).href;
const kept = new Map(FILES.map(([address, integrity]) => [new URL(address, home).href, integrity]));
/** Stores of an origin are shared by all of its folders. */
const OURS = `unpool playground of ${home}, `;
const name = OURS + BUILD;

scope.addEventListener("install", (event) => event.waitUntil(keepAll()));
scope.addEventListener("activate", (event) => event.waitUntil(begin()));
scope.addEventListener("message", ({ data }) => {
  if (data === TAKE_OVER) takeOver();
});
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = addressOf(request);
  if (request.method === "GET" && kept.has(address)) event.respondWith(answer(request, address));
});

/** All files of this build, or none: the hash refuses a file of another, should the host be changing. */
async function keepAll(): Promise<void> {
  const store = await caches.open(name);
  const requests = [...kept].map(
    ([address, integrity]) => new Request(address, { integrity, cache: "no-cache" }),
  );
  await store.addAll(requests);
}

/** The page that brought this build is served from now on: it may lose the network before it is loaded again. */
async function begin(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((other) => other.startsWith(OURS) && other !== name).map((other) => caches.delete(other)),
  );
  await scope.clients.claim();
}

/** The page is one, whatever follows its address. */
function addressOf({ url, mode }: Request): string {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  return mode === "navigate" && address === `${home}index.html` ? home : address;
}

/** Unless another tab has the older build open: it would get files of this one. */
async function takeOver(): Promise<void> {
  const open = await scope.clients.matchAll({ includeUncontrolled: true });
  if (open.filter(({ url }) => url.startsWith(home)).length < 2) await scope.skipWaiting();
}

async function answer(request: Request, address: string): Promise<Response> {
  const found = await (await caches.open(name)).match(address, { ignoreVary: true });
  return found ?? fetch(request);
}
