// A .unp file to its picture.

import { UnpoolError } from "unpool";
import { type CodeHeader, readCodes, type StoredCode } from "unpool/code";
import { joinTiles, planOfFile, type TilePlan } from "unpool/tiles";
import { type Decoder, decoderOf } from "./decoders.js";
import { digestOf } from "./digest.js";
import { factsOf } from "./file-facts.js";
import { refusePixels } from "./limits.js";
import type { Answer } from "./messages.js";
import { type Course, courseOf } from "./reconstruct.js";
import { Screen } from "./screen.js";
import { Stopwatch } from "./stopwatch.js";

type Send = (answer: Answer) => void;
type Codes = AsyncIterable<StoredCode>;

/** What has become of a file. */
interface Decoded {
  readonly planes: Float32Array;
  readonly course: Course;
}

/** Throws UnpoolError for bytes that are no such file, and for files that a page cannot decode. */
export async function open(bytes: ArrayBuffer, send: Send): Promise<void> {
  const { header, codes } = await readCodes(new Uint8Array(bytes));
  refuseGiven(header);
  const plan = planOfFile(header);
  refuseChannels(plan);
  refusePixels(plan);
  const decoder = await decoderOf(header);
  // to its end before anything is shown: what is wrong behind the code makes it a bad file, too
  const only = header.tiles === 1 ? await theOnly(codes) : undefined;
  send({ kind: "file", facts: factsOf(header, bytes.byteLength) });
  const screen = new Screen(plan, undefined, header.range);
  const watch = new Stopwatch();
  const { planes, course } = only
    ? decodeWhole(decoder, only, bytes, screen, watch, send)
    : await decodeTiles(decoder, codes, plan, watch, send);
  const iterations = stepsOf({ report: course });
  send({ kind: "frame", frame: screen.frame(iterations, course.residual, planes) });
  send({
    kind: "done",
    summary: {
      ...{ iterations, stopped: course.stopped, solver: course.solver, reason: course.reason },
      ...{ error: undefined, psnr: undefined, ssim: undefined, expected: undefined },
      milliseconds: watch.average,
      memoryBytes: decoder.memoryBytes,
      digest: digestOf(planes),
    },
  });
  decoder.dispose();
}

async function theOnly(codes: Codes): Promise<StoredCode> {
  const all: StoredCode[] = [];
  for await (const code of codes) all.push(code);
  return all[0]!;
}

function decodeWhole(
  decoder: Decoder,
  stored: StoredCode,
  bytes: ArrayBuffer,
  screen: Screen,
  watch: Stopwatch,
  send: Send,
): Decoded {
  const view = decoder.view(stored, bytes);
  if (view) send({ kind: "code", view });
  watch.go();
  const planes = decoder.decode(stored, (iteration, residual, current) => {
    watch.lap();
    send({ kind: "frame", frame: screen.frame(iteration, residual, current()) });
    watch.go();
  });
  if (watch.steps === 0) watch.lap(stepsOf(decoder));
  return { planes, course: courseOf(decoder) };
}

/** Tile after tile; of how they went, what went worst. */
async function decodeTiles(
  decoder: Decoder,
  codes: Codes,
  plan: TilePlan,
  watch: Stopwatch,
  send: Send,
): Promise<Decoded> {
  const { channels, height, width, count } = plan;
  let worst: Course | undefined;
  const tiles = async function* () {
    let done = 0;
    for await (const code of codes) {
      watch.go();
      const tile = decoder.decode(code);
      watch.lap(stepsOf(decoder));
      const course = courseOf(decoder);
      if (!worst || course.residual > worst.residual) worst = course;
      send({ kind: "tiles", done: ++done, total: count });
      yield tile;
    }
  };
  const planes = new Float32Array(channels * height * width);
  let y = 0;
  for await (const row of joinTiles(plan, tiles())) {
    for (let c = 0; c < channels; ++c) {
      planes.set(row.subarray(c * width, (c + 1) * width), (c * height + y) * width);
    }
    ++y;
  }
  return { planes, course: worst! };
}

/** What is multiplied out reports no iteration, and is one step. */
function stepsOf({ report: { iterations } }: Pick<Decoder, "report">): number {
  return Math.max(1, iterations);
}

/** The page has no filters but those that seeds give. */
function refuseGiven({ parameters }: CodeHeader): void {
  const layer = parameters.findIndex((digest) => digest !== undefined);
  if (layer < 0) return;
  const { weights, bias, sha256 } = parameters[layer]!;
  const what = weights ? "filters" : bias ? "biases" : "a normalisation";
  throw new UnpoolError(
    "invalid-weights",
    `layer ${layer} of this file was made with ${what} of its own (SHA-256 ${sha256}), which the file does not hold: the page opens what comes from a seed, the command line the rest`,
  );
}

function refuseChannels({ channels }: TilePlan): void {
  if (channels === 1 || channels === 3) return;
  throw new UnpoolError(
    "invalid-input",
    `the file is of an input of ${channels} channels; a picture has 1 or 3`,
  );
}
