// What each example of the service is asked: the scene to a code and back, and what a cache and a mistake are told.

import { createHash } from "node:crypto";

/**
 * The SHA-256 of the .unp and of the PNG, which are the same on every host.
 * @param {(path: string, init?: RequestInit) => Promise<Response>} ask
 */
export async function roundTrip(ask) {
  const scene = await bytesOf(await ask("scene.png"));
  const encoded = await ask("encode?filters=32", { method: "POST", body: scene });
  const unp = await bytesOf(encoded);
  const png = await bytesOf(await ask("decode?iterations=30", { method: "POST", body: unp }));
  const tiled = await bytesOf(await ask("invert?filters=8&tile=96", { method: "POST", body: scene }));

  const headers = { "If-None-Match": encoded.headers.get("ETag") };
  const again = await ask("encode?filters=32", { method: "POST", body: scene, headers });
  if (again.status !== 304) throw new Error(`a request with the ETag is answered ${again.status}`);
  const mistake = await ask("decode", { method: "POST", body: scene });
  const { code } = await mistake.json();
  if (code !== "unsupported-type") throw new Error(`a PNG to decode is answered ${mistake.status} ${code}`);
  const page = await ask("");
  if (!page.ok || !(await page.text()).includes("<h1>"))
    throw new Error(`the page is answered ${page.status}`);
  return [unp, png, tiled].map(digest).join(" ");
}

async function bytesOf(response) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${new TextDecoder().decode(bytes)}`);
  return bytes;
}

function digest(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
