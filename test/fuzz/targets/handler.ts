// Requests to the edge service, as built: an answer that keeps its promises, whatever is asked.

import { parse as parseFile } from "../../../src/code/index.js";
import type * as edge from "../../../src/edge/index.js";
import { toImageData } from "../../../src/image/planes.js";
import { scene } from "../../../src/image/scene.js";
import { decodePicture } from "../../../src/pictures/decode.js";
import { encodePng } from "../../../src/pictures/png.js";
import type { Target } from "../target.js";

const LIMITS = {
  bodyBytes: 1 << 18,
  pixels: 4096,
  iterations: 20,
  milliseconds: 5000,
  work: 2e8,
  memoryBytes: 1 << 25,
};
/** 500 is a fault. */
const STATUSES = [200, 204, 304, 400, 404, 405, 408, 413, 415, 422, 503];
const HOST = "http://service.example";
const [WIDTH, HEIGHT] = [14, 12];

export async function openHandler(): Promise<Target> {
  // beside build/fuzz/, where this is bundled
  const { createHandler }: typeof edge = await import(new URL("../edge.js", import.meta.url).href);
  const handler = createHandler({ limits: LIMITS, cacheBytes: 1 << 23 });

  return {
    split: (bytes) => [...divide(bytes)],
    join: ([head, body]) => write(Buffer.from(head!).toString("latin1"), body!),

    async seeds() {
      const png = encodePng(toImageData(scene(WIDTH, HEIGHT, 1), WIDTH, HEIGHT));
      const raw = new Uint8Array(scene(6, 4, 1).buffer);
      const encode = write(
        "POST /encode?filters=4&kernel=3&pool=2&seed=7&values=int8\nContent-Type: image/png",
        png,
      );
      const unp = new Uint8Array(await (await handler(toRequest(encode)!)).arrayBuffer());
      return [
        encode,
        write(
          "POST /encode?filters=3&kernel=3x2&stride=1&padding=0&rectifier=relu&unitNorm=true&values=float16",
          png,
        ),
        write("POST /encode?filters=2&tile=8&overlap=2&deflate=true&values=int4", png),
        write(
          "POST /encode?channels=3&height=4&width=6&filters=5&kernel=3\nContent-Type: application/octet-stream",
          raw,
        ),
        write("POST /decode?method=least-squares&iterations=5&tolerance=1e-3", unp),
        write("POST /decode?method=synthesis&format=raw\nAccept: application/octet-stream", unp),
        write('POST /invert?filters=4&iterations=3&tile=none&values=float32\nIf-None-Match: "x"', png),
        write("GET /\nAccept: text/html", new Uint8Array()),
        write("HEAD /health\nOrigin: http://other.example", new Uint8Array()),
        write("OPTIONS /decode\nAccess-Control-Request-Method: POST", new Uint8Array()),
      ];
    },

    async run(bytes) {
      const request = toRequest(bytes);
      if (!request) return undefined;
      const { method } = request;
      const response = await handler(request);
      const body = new Uint8Array(await response.arrayBuffer());
      await check(method, response, body);
      return String(response.status);
    },
  };
}

/** A request as text, then its body: METHOD PATH, headers, an empty line. */
function write(head: string, body: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat([Buffer.from(`${head}\n\n`, "latin1"), body]));
}

function divide(bytes: Uint8Array): [head: Uint8Array, body: Uint8Array] {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf("\n\n");
  return end < 0 ? [bytes, new Uint8Array()] : [bytes.slice(0, end), bytes.slice(end + 2)];
}

/** undefined where the host itself refuses such a request. */
function toRequest(bytes: Uint8Array): Request | undefined {
  const [head, body] = divide(bytes);
  const [line = "", ...fields] = Buffer.from(head).toString("latin1").split("\n");
  const [method, path] = line.split(" ");
  try {
    const headers = fields.map((field) => field.split(": ", 2) as [string, string]);
    const content = method === "GET" || method === "HEAD" ? undefined : Uint8Array.from(body);
    return new Request(HOST + path, { method, headers, body: content });
  } catch {
    return undefined;
  }
}

async function check(method: string, response: Response, body: Uint8Array): Promise<void> {
  const { status, headers } = response;
  const type = headers.get("Content-Type") ?? "";
  if (!STATUSES.includes(status)) throw new Error(`${status}: ${new TextDecoder().decode(body)}`);
  if (headers.get("X-Content-Type-Options") !== "nosniff") throw new Error(`${status} without nosniff`);
  if (headers.has("Access-Control-Allow-Origin")) throw new Error("CORS is off");
  if (method === "HEAD" || status === 204 || status === 304) {
    if (body.length > 0) throw new Error(`${method} ${status} has a body of ${body.length} bytes`);
  } else if (status >= 400) {
    if (type !== "application/problem+json") throw new Error(`${status} as ${type}`);
    const problem = JSON.parse(new TextDecoder().decode(body));
    // one request at a time: nobody else can hold the memory
    if (problem.code === "busy-service") throw new Error(`memory was not given back: ${problem.detail}`);
    const strings = [problem.type, problem.title, problem.detail, problem.code];
    if (problem.status !== status || !strings.every((text) => typeof text === "string" && text.length > 0)) {
      throw new Error(`no problem details: ${JSON.stringify(problem)}`);
    }
  } else if (type === "image/png") {
    await decodePicture("the answer", body);
  } else if (type === "application/octet-stream") {
    if (body.length === 0 || body.length % 4 !== 0) throw new Error(`${body.length} bytes of planes`);
  } else if (!/^(text\/html|application\/json)/.test(type)) {
    await parseFile(body);
  }
}
