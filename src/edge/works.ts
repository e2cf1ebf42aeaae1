// The three works: from a request to its parameters, its body, its tag, and then the work.

import { readBody } from "./body.js";
import { Clock } from "./clock.js";
import type { Result, Task } from "./context.js";
import { decodeWork } from "./decode.js";
import { withIterations } from "./decoding.js";
import { encodeWork } from "./encode.js";
import { clientHas, tagOf } from "./etag.js";
import type { Format } from "./image.js";
import { invertWork } from "./invert.js";
import { DECODE, ENCODE, INVERT, readParameters } from "./parameters.js";
import { notModified, resultResponse } from "./results.js";
import type { Service } from "./service.js";

export type WorkName = "encode" | "decode" | "invert";

/** A work whose parameters have been read. */
interface Prepared {
  /** All that the result depends on beside the body. */
  readonly parameters: object;
  /** Whether the bytes may differ from host to host. */
  readonly varies: boolean;
  run(task: Task): Promise<Result>;
}

export async function answerWork(name: WorkName, request: Request, service: Service): Promise<Response> {
  const { limits, cache } = service;
  const { parameters, varies, run } = prepare(name, request, limits.iterations);
  const clock = new Clock(request.signal, limits.milliseconds);
  const memory = service.memory.open(clock.until);
  try {
    const body = await readBody(request, limits.bodyBytes, clock, memory);
    clock.mark("body");
    const tag = await tagOf(`${name} ${JSON.stringify(parameters)}`, body, varies);
    if (clientHas(request, tag)) return notModified(tag);
    clock.check();
    const result = await run({ limits, cache, clock, memory, body });
    return resultResponse(result, tag, clock.timing);
  } finally {
    memory.release();
  }
}

function prepare(name: WorkName, request: Request, mostIterations: number): Prepared {
  const query = new URL(request.url).searchParams;
  if (name === "encode") {
    const parameters = readParameters(query, ENCODE);
    return { parameters, varies: parameters.deflate, run: (task) => encodeWork(task, parameters) };
  }
  const format = (named: Format | undefined) => named ?? accepted(request.headers.get("Accept"));
  if (name === "decode") {
    const given = readParameters(query, DECODE);
    const parameters = { ...withIterations(given, mostIterations), format: format(given.format) };
    return { parameters, varies: false, run: (task) => decodeWork(task, parameters) };
  }
  const given = readParameters(query, INVERT);
  const parameters = { ...withIterations(given, mostIterations), format: format(given.format) };
  return { parameters, varies: false, run: (task) => invertWork(task, parameters) };
}

/** Raw planes for who would rather have them than a PNG; a PNG for everybody else. */
function accepted(accept: string | null): Format {
  const quality = (type: string) => {
    for (const part of (accept ?? "").split(",")) {
      const [name, ...details] = part.split(";").map((text) => text.trim().toLowerCase());
      if (name !== type) continue;
      const q = details.find((detail) => detail.startsWith("q="));
      return q ? Number(q.slice(2)) || 0 : 1;
    }
    return undefined;
  };
  const raw = quality("application/octet-stream") ?? 0;
  const png = quality("image/png") ?? quality("image/*") ?? 0;
  return raw > png ? "raw" : "png";
}
