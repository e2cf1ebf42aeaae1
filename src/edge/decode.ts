// POST /decode: a .unp to an image.

import { MAGIC } from "../code/frame.js";
import type { CodeHeader } from "../code/head.js";
import { readCodes } from "../code/read.js";
import { UnpoolError } from "../errors.js";
import type { Result, Task } from "./context.js";
import { Course, type Decoding, decodedRows, decodingBytes, decodingWork, planDecoding } from "./decoding.js";
import { checkFormat, describeImage, type Format, imageBytes, imageOf } from "./image.js";
import { MOST_TILES, within } from "./limits.js";
import { Problem } from "./problems.js";

/** The part of the magic number that no transfer changes. */
const NAME = MAGIC.subarray(0, 4);

/** Everything but the file. */
export type DecodingParameters = Decoding["parameters"] & { format: Format };

/** Layers of a network that a file may have here. */
const MOST_LAYERS = 64;

export async function decodeWork(task: Task, parameters: DecodingParameters): Promise<Result> {
  const { format } = parameters;
  const { body, limits, cache, clock, memory } = task;
  refuseOthers(body);
  const { header, codes } = await readCodes(body, {
    ...{ layers: MOST_LAYERS, tiles: MOST_TILES, pixels: limits.pixels },
  });
  refuseGiven(header);
  const decoding = planDecoding(header, parameters);
  const { plan } = decoding;
  checkFormat(plan, format);
  const work = decodingWork(decoding);
  within(limits.work, work, `this needs ${work} multiply-adds`);
  memory.take(decodingBytes(decoding) + imageBytes(plan, format), `the decoding of ${plan.count} tiles`);
  clock.mark("read");

  const { codec, release } = await cache.lease(header.spec);
  clock.mark("layer");
  try {
    const course = new Course();
    const rows = decodedRows(task, decoding, codes, codec, course);
    const bytes = await imageOf(plan, rows, format, header.range);
    clock.mark("decode");
    const { type, headers } = describeImage(plan, format);
    return { bytes, type, headers: { ...headers, ...course.headers(plan.count) } };
  } finally {
    release();
  }
}

/** Throws Problem "unsupported-type" for what does not even begin as a .unp; what is wrong behind that makes it a bad one. */
function refuseOthers(body: Uint8Array): void {
  if (body.length === 0 || NAME.every((byte, i) => body[i] === byte)) return;
  throw new Problem("unsupported-type", `the body is no .unp: it does not begin with ${NAME.join(", ")}`);
}

/** The service holds no filters but those that seeds give. */
function refuseGiven({ parameters }: CodeHeader): void {
  const layer = parameters.findIndex((digest) => digest !== undefined);
  if (layer < 0) return;
  const { weights, bias } = parameters[layer]!;
  const what = weights ? "weights" : bias ? "biases" : "a normalisation";
  throw new UnpoolError(
    "invalid-weights",
    `layer ${layer} was made with ${what} of its own (SHA-256 ${parameters[layer]!.sha256}), which this service does not have; it decodes codes of random filters, drawn from a seed`,
  );
}
