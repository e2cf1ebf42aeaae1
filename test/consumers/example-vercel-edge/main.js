// The example's function in the runtime, by the paths that vercel.json sends to it.

import { readFile } from "node:fs/promises";
import { run } from "../hosts/edge-runtime.mjs";
import { roundTrip } from "../hosts/round-trip.mjs";

const { rewrites } = JSON.parse(await readFile("vercel.json", "utf8"));
const runtime = await run("function.js");

const digests = await roundTrip(async (path, init) => {
  const { pathname, href } = new URL(path, "https://example.vercel.app");
  const rewritten = rewrites.some(
    ({ source, destination }) => source === pathname && destination === "/api/unpool",
  );
  if (!rewritten) throw new Error(`no rewrite leads from ${pathname} to the function`);
  return runtime.dispatchFetch(href, init);
});
console.log(digests);
