// For Vercel's runtime: the digests are the answer to any request.

import { createLayer } from "../../../src/index.js";
import { createNetwork } from "../../../src/network/index.js";
import { conformance } from "../program.js";

interface FetchEvent extends Event {
  respondWith(response: Promise<Response>): void;
}

addEventListener("fetch", (event) => {
  const answer = async () => new Response(JSON.stringify(await conformance(createLayer, createNetwork)));
  (event as FetchEvent).respondWith(answer());
});
