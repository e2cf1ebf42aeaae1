// POST /invert: an image to its code and back, with the bytes that /encode and /decode give one after the other.

import type { StoredCode } from "../code/body.js";
import { type CodeHeader, headOf } from "../code/head.js";
import { unpackCode } from "../code/read.js";
import { packCode } from "../code/write.js";
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

  const planes = await input.planes();
  clock.mark("read");
  const { codec, release } = await cache.lease(spec);
  clock.mark("layer");
  try {
    const course = new Course();
    const count = { bytes: 0 };
    const codes = storedCodes(task, coding, input, planes, codec, header, count);
    const image = await imageOf(
      plan,
      decodedRows(task, decoding, codes, codec, course),
      format,
      header.range,
    );
    clock.mark("invert");
    const { type, headers } = describeImage(plan, format);
    const stored = { "Unpool-Code-Bytes": String(count.bytes) };
    return { bytes: image, type, headers: { ...headers, ...course.headers(plan.count), ...stored } };
  } finally {
    release();
  }
}

/** The codes as a file would give them back: rounded, with the noise of that. */
async function* storedCodes(
  task: Task,
  coding: Coding,
  input: Input,
  planes: Float32Array,
  layer: Layer,
  header: CodeHeader,
  count: { bytes: number },
): AsyncGenerator<StoredCode> {
  const { spec, options } = coding;
  for await (const code of codesOf(task, coding, input, planes, layer)) {
    const section = await packCode(code, spec, options);
    count.bytes += section.length;
    yield await unpackCode(section, header);
  }
}
