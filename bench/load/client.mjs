// A client that behaves, is slow, stalls or goes away.

import { request as begin } from "node:http";

const PIECES = 6;
const PAUSE = 15; // milliseconds

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/**
 * Sends one request.
 * @returns { status, body, milliseconds }; of a client that went away, undefined.
 */
export async function send(agent, url, { method, path, headers, body = Buffer.alloc(0) }, manner, random) {
  const start = performance.now();
  const length = method === "POST" ? { "content-length": body.length } : {};
  const outgoing = begin(new URL(path, url), { agent, method, headers: { ...headers, ...length } });
  const answered = new Promise((resolve, reject) => {
    outgoing.on("response", resolve);
    outgoing.on("error", reject);
  });
  if (manner === "aborted") return goAway(outgoing, answered, body, random);
  if (manner === "slow") await trickle(outgoing, body);
  else if (manner === "stalled") outgoing.write(body.subarray(0, body.length >> 1));
  else outgoing.end(body);
  const response = await answered;
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  // what was not sent will never be
  if (manner === "stalled") outgoing.destroy();
  return {
    status: response.statusCode,
    body: Buffer.concat(chunks),
    milliseconds: performance.now() - start,
  };
}

async function trickle(outgoing, body) {
  for (let i = 0; i < PIECES; ++i) {
    const part = (at) => Math.floor((at * body.length) / PIECES);
    outgoing.write(body.subarray(part(i), part(i + 1)));
    await pause(PAUSE);
  }
  outgoing.end();
}

/** In the middle of the body, or when all is sent, at some moment before the answer is read. */
async function goAway(outgoing, answered, body, random) {
  answered.then((response) => response.on("error", () => {})).catch(() => {});
  if (random() < 0.5) outgoing.write(body.subarray(0, Math.floor(random() * body.length)));
  else outgoing.end(body);
  await pause(random() * 40);
  outgoing.destroy();
  return undefined;
}
