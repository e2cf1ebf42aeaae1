// POST /encode: an image to a .unp.

import { writeCodes } from "../code/write.js";
import { codesOf, codingBytes, codingWork, planCoding } from "./coding.js";
import type { Result, Task } from "./context.js";
import { UNP_TYPE } from "./headers.js";
import { readInput } from "./input.js";
import { within } from "./limits.js";
import type { EncodeParameters } from "./parameters.js";

/** Front, head and end of a file, and what frames a section, are less. */
const FRAME_BYTES = 256;

export async function encodeWork(task: Task, parameters: EncodeParameters): Promise<Result> {
  const { limits, cache, clock, memory } = task;
  const input = await readInput(task, parameters);
  const coding = planCoding(input, parameters, parameters.deflate);
  const { plan, spec, options, sectionBytes } = coding;
  const work = codingWork(coding);
  within(limits.work, work, `this needs ${work} multiply-adds`);
  const most = (plan.count + 1) * FRAME_BYTES + plan.count * sectionBytes;
  memory.take(codingBytes(coding) + most, `the code of ${plan.count} tiles`);

  clock.mark("read");
  const { codec, release } = await cache.lease(spec);
  memory.atEnd(release);
  clock.mark("layer");
  const file = new Uint8Array(most);
  let length = 0;
  for await (const chunk of writeCodes(spec, codesOf(task, coding, input, codec), options)) {
    file.set(chunk, length);
    length += chunk.length;
  }
  clock.mark("encode");
  const headers = { "Unpool-Tiles": String(plan.count) };
  return { bytes: file.subarray(0, length), type: UNP_TYPE, headers };
}
