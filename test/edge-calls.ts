// What the tests of the service share: requests without a network, and their answers.

import * as assert from "uvu/assert";
import { createHandler, type Handler, type HandlerOptions } from "../src/edge/index.js";
import { scene } from "../src/image/scene.js";
import { rowsOf } from "../src/pictures/planar.js";
import { writePngRows } from "../src/pictures/png-rows.js";

/** A handler whose faults fail the test that meets them. */
export function serviceWith(options: HandlerOptions = {}): Handler {
  return createHandler({
    onFault: (error) => {
      throw error;
    },
    ...options,
  });
}

export const ORIGIN = "https://edge.example";

export function get(handler: Handler, path: string, init: RequestInit = {}): Promise<Response> {
  return handler(new Request(`${ORIGIN}${path}`, init));
}

/** Of a stream, `duplex` must be given to Request. */
export function post(
  handler: Handler,
  path: string,
  body: BodyInit | null,
  init: RequestInit = {},
): Promise<Response> {
  return get(handler, path, { method: "POST", body, duplex: "half", ...init } as RequestInit);
}

export async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await response.arrayBuffer());
}

/** The answer is a success; its bytes. */
export async function succeeds(answer: Promise<Response>): Promise<Uint8Array<ArrayBuffer>> {
  const response = await answer;
  if (response.status !== 200) assert.unreachable(`${response.status}: ${await response.text()}`);
  return bytesOf(response);
}

/** The answer is a problem of this status and code, whose detail holds every fragment. */
export async function refusedWith(
  answer: Promise<Response>,
  status: number,
  code: string,
  ...fragments: (string | RegExp)[]
): Promise<Response> {
  const response = await answer;
  const text = await response.text();
  assert.is(response.status, status, text);
  assert.is(response.headers.get("Content-Type"), "application/problem+json");
  assert.is(response.headers.get("Cache-Control"), "no-store");
  const problem = JSON.parse(text);
  assert.equal(Object.keys(problem), ["type", "title", "status", "detail", "code"]);
  assert.is(problem.status, status);
  assert.is(problem.code, code, text);
  assert.ok(problem.type.endsWith(`/problems/${code}`), problem.type);
  assert.not.match(text, /\bat \w+.*:\d+:\d+/); // no stack
  for (const fragment of fragments) assert.match(problem.detail, fragment);
  return response;
}

/** The scene as planes. */
export function planesOf(height: number, width: number, channels: 1 | 3 = 3): Float32Array<ArrayBuffer> {
  return new Float32Array(scene(width, height, 1).subarray(0, channels * height * width));
}

/** The scene as a PNG. */
export async function pngOf(
  height: number,
  width: number,
  channels: 1 | 3 = 3,
): Promise<Buffer<ArrayBuffer>> {
  const size = { channels, height, width };
  const chunks: Uint8Array[] = [];
  for await (const chunk of writePngRows(
    size,
    rowsOf({ ...size, planes: planesOf(height, width, channels) }),
  )) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks) as Buffer<ArrayBuffer>;
}

/** Pieces as a stream that ends when they do; without an end with `open`. */
export function streamOf(pieces: readonly Uint8Array[], { open = false } = {}): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else if (!open) controller.close();
      else return new Promise(() => {});
    },
  });
}
