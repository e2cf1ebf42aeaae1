// POST /invert: an image to its code and back, with the bytes that /encode and /decode give one after the other.

import type { StoredCode } from "../code/body.js";
import { headOf } from "../code/head.js";
import { quantise } from "../code/quantise.js";
import type { Layer } from "../layer.js";
import { type Coding, codesOf, codingBytes, codingWork, planCoding } from "./coding.js";
import type { Result, Task } from "./context.js";
import type { DecodingParameters } from "./decode.js";
import { Course, decodedRows, decodingBytes, decodingWork, planDecoding } from "./decoding.js";
import { checkFormat, describeImage, imageBytes, imageOf } from "./image.js";
import { type Input, readInput } from "./input.js";
import { within } from "./limits.js";
import type { EncodeParameters } from "./parameters.js";

export type InvertParameters = Omit<EncodeParameters, "deflate"> & DecodingParameters;

export async function invertWork(task: Task, parameters: InvertParameters): Promise<Result> {
  const { format } = parameters;
  const { limits, cache, clock, memory } = task;
  const input = await readInput(task, parameters);
  const coding = planCoding(input, parameters, false);
  const { plan, spec, options } = coding;
  const { header } = headOf(spec, options, "pooled");
  const decoding = planDecoding(header, parameters);
  checkFormat(plan, format);
  const work = codingWork(coding) + decodingWork(decoding);
  within(limits.work, work, `this needs ${work} multiply-adds`);
  const bytes = codingBytes(coding) + decodingBytes(decoding) + imageBytes(plan, format);
  memory.take(bytes, `the code of ${plan.count} tiles`);

  clock.mark("read");
  const { codec, release } = await cache.lease(spec);
  memory.atEnd(release);
  clock.mark("layer");
  const course = new Course();
  const codes = storedCodes(task, coding, input, codec);
  const image = await imageOf(plan, decodedRows(task, decoding, codes, codec, course), format, header.range);
  clock.mark("invert");
  const { type, headers } = describeImage(plan, format);
  return { bytes: image, type, headers: { ...headers, ...course.headers(plan.count) } };
}

/** The codes as a file would give them back: rounded, with the noise of that. */
async function* storedCodes(
  task: Task,
  coding: Coding,
  input: Input,
  layer: Layer,
): AsyncGenerator<StoredCode> {
  const { values: format = "float32" } = coding.options;
  for await (const code of codesOf(task, coding, input, layer)) {
    if (format === "float32") yield { code, noise: 0 };
    else {
      // in place: the next tile writes its own
      const { noise } = quantise(code.values, layer.codeShape[0], format, code.values);
      yield { code, noise };
    }
  }
}
