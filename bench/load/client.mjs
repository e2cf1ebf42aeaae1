// A client that behaves, is slow, stalls or goes away.

import { request as begin } from "node:http";

const PIECES = 6;
const PAUSE = 15; // milliseconds

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/**
 * Sends one request; again, if the connection was one that the host had just closed, as it may when it has refused a body
 * without reading it. Another connection that breaks is an error.
 * @returns { status, body, milliseconds }; of a client that went away, undefined.
 */
export async function send(agent, url, request, manner, random) {
  const start = performance.now();
  for (;;) {
    const attempt = await sendOnce(agent, url, request, manner, random).catch((error) => ({ error }));
    if (!attempt) return undefined;
    if (!attempt.error) return { ...attempt, milliseconds: performance.now() - start };
    if (attempt.error.code !== "ECONNRESET" || !attempt.error.reused) throw attempt.error;
  }
}

async function sendOnce(agent, url, { method, path, headers, body = Buffer.alloc(0) }, manner, random) {
  const length = method === "POST" ? { "content-length": body.length } : {};
  const outgoing = begin(new URL(path, url), { agent, method, headers: { ...headers, ...length } });
  const answered = new Promise((resolve, reject) => {
    outgoing.on("response", resolve);
    outgoing.on("error", (error) => reject(Object.assign(error, { reused: outgoing.reusedSocket })));
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
  return { status: response.statusCode, body: Buffer.concat(chunks) };
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
