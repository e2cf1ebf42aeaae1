// The kinds of requests of a load, good and bad, and what each must be answered with: the very bytes that the handler
// gives in this process, where nothing else goes on.

import { encode } from "fast-png";
import jpeg from "jpeg-js";

/** A smooth picture with some detail, 8 bits. */
function samples(width, height, channels, seed) {
  let state = seed;
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    state = (state * 48271) % 2147483647;
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    return channels === 4 && i % 4 === 3 ? 255 : 40 + ((2 * x + 3 * y) % 150) + (state % 30);
  });
}

const png = (width, height, seed) =>
  encode({ width, height, channels: 3, depth: 8, data: samples(width, height, 3, seed) });

/**
 * @param handler of the built entry: (Request) => Promise<Response>.
 * @returns kinds by name: { share, manner, requests: [{ method, path, headers, body, status, digest }] }.
 */
export async function kindsOf(handler) {
  const small = [1, 2, 3, 4].map((seed) => png(48, 40, seed));
  const large = png(300, 260, 5);
  const photograph = jpeg.encode({ width: 64, height: 48, data: samples(64, 48, 4, 6) }, 85).data;
  const raw = Buffer.from(new Float32Array(3 * 16 * 20).map((_, i) => (i % 97) / 97).buffer);
  const post = (path, body, headers = {}) => ({ method: "POST", path, body, headers });
  const get = (path, headers = {}) => ({ method: "GET", path, headers });
  const answerTo = async ({ method, path, body, headers }) =>
    handler(new Request(`http://127.0.0.1${path}`, { method, body, headers }));

  const encodings = small.map((picture, i) => post(`/encode?filters=8&seed=${i}`, picture));
  const files = await Promise.all(
    encodings.map(async (request) => Buffer.from(await (await answerTo(request)).arrayBuffer())),
  );
  const cut = files[0].subarray(0, files[0].length - 9);
  const flipped = Buffer.from(files[1]);
  flipped[flipped.length >> 1] ^= 4;
  const tag = (await answerTo(encodings[0])).headers.get("ETag");

  const kinds = {
    encode: { share: 25, requests: [...encodings, post("/encode?filters=8", photograph)] },
    "encode planes": {
      share: 5,
      requests: [
        post("/encode?channels=3&height=16&width=20&filters=6&values=float32", raw, {
          "content-type": "application/octet-stream",
        }),
      ],
    },
    decode: { share: 25, requests: files.map((file) => post("/decode?iterations=20", file)) },
    "decode to planes": {
      share: 10,
      requests: files.map((file) => post("/decode?iterations=10&format=raw", file)),
    },
    invert: { share: 8, requests: small.map((picture) => post("/invert?filters=8&iterations=10", picture)) },
    "invert in tiles": { share: 1, requests: [post("/invert?filters=4&iterations=5", large)] },
    "page and health": { share: 6, requests: [get("/"), get("/health")] },
    "not modified": { share: 4, requests: [{ ...encodings[0], headers: { "if-none-match": tag } }] },
    "bad file": { share: 4, requests: [post("/decode", cut), post("/decode", flipped)] },
    "bad picture": { share: 4, requests: [post("/encode", small[0].subarray(0, 900)), post("/invert", raw)] },
    "bad parameters": {
      share: 3,
      requests: [post("/encode?filters=0", small[0]), post("/decode?speed=9", files[0]), get("/nowhere")],
    },
    "too large": { share: 1, requests: [post("/encode?filters=16777216", small[0])] },
    // pieces with pauses between them; it must be served all the same
    slow: { share: 2, manner: "slow", requests: [post("/decode?iterations=5", files[2])] },
    // half a body, then silence: the service must answer 408 by itself
    stalled: { share: 0.2, manner: "stalled", requests: [post("/decode", files[3])] },
    // gone in the middle of the body, or before the answer is read
    aborted: { share: 2, manner: "aborted", requests: [post("/invert?filters=8", small[1])] },
  };
  for (const kind of Object.values(kinds)) {
    for (const request of kind.requests) {
      const response = await answerTo(request);
      request.status = kind.manner === "stalled" ? 408 : response.status;
      request.answer = kind.manner === "stalled" ? undefined : Buffer.from(await response.arrayBuffer());
    }
  }
  return kinds;
}
