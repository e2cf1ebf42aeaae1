// unpool decode: the picture of a code, in a file.

import { type CodeHeader, readSections, withParameters } from "../code/index.js";
import { shapeOf } from "../code/shape.js";
import type { LayerSpec, Solver, Stopped } from "../index.js";
import type { NetworkSpec } from "../network/index.js";
import { joinTiles, mapInOrder, planOfFile, type TilePlan } from "../tiles/index.js";
import type { Host } from "./batch/host.js";
import type { Task, Work } from "./batch/task.js";
import { type DecodedFormat, formatRows } from "./decoded-rows.js";
import { type Tiling, tiling } from "./encoding.js";
import { checkTargets } from "./files/folder.js";
import { nameOf, readChunks } from "./files/read.js";
import { toStandardOutput } from "./files/write.js";
import { LIMITS } from "./limits.js";
import type { OutputOptions } from "./options/output.js";
import { combineSolvers, combineStopped } from "./tiles/combine.js";
import type { DecodedTile } from "./tiles/decode.js";
import { total } from "./timed.js";
import { findParameters } from "./weights.js";

export interface DecodeOptions extends OutputOptions {
  method?: string;
  iterations?: number;
  tolerance?: number;
  weights: string[];
}

/** What --json prints. */
export interface Decoded {
  image: { channels: number; height: number; width: number };
  /** Layers that the code went through. */
  layers: number;
  /** null: the code is of the picture as a whole. */
  tiles: Tiling | null;
  method: string;
  /** Of least squares: the solver that ran, and why that one; of tiles that of most. */
  solver: Solver | null;
  reason: string | null;
  /** Of tiles, the most, and the worst ending. */
  iterations: number;
  stopped: Stopped;
  /** Of the kernels that work at once. */
  memoryBytes: number;
  /** Of the decoder, in all threads together. */
  decodeMilliseconds: number;
  /** Of the file that was written. */
  bytes: number;
  files: string[];
}

export const decode: Work<Decoded> = { perform };

async function perform(task: Task<DecodeOptions>, host: Host): Promise<Decoded> {
  const { path = "-", outputs, format, options } = task;
  host.steps.stage("reading");
  const { header, sections } = await readSections(readChunks(path), LIMITS);
  try {
    const plan = planOfFile(header);
    const name = nameOf(path);
    const rows = formatRows(name, header, plan, format as DecodedFormat);
    const spec = withParameters(header, await findParameters(name, header, options.weights));
    if (!toStandardOutput(outputs)) checkTargets(outputs);

    const tiles: Omit<DecodedTile, "planes">[] = [];
    const runner = await host.tiles(plan.count, shapeOf(spec).memoryBytes);
    const planes = decodedTiles(sections, { header, spec, ...options }, plan, host, runner, tiles);
    const bytes = await host.stream(outputs[0]!, rows(joinTiles(plan, planes)));
    const threads = Math.min(runner.atOnce, plan.count);
    return { ...describe(header, plan, tiles, threads), bytes, files: outputs };
  } finally {
    await sections.return();
  }
}

/** The planes of the tiles in their order; what else there is to say of each goes into `tiles`. */
async function* decodedTiles(
  sections: AsyncIterable<Uint8Array>,
  job: { header: CodeHeader; spec: LayerSpec | NetworkSpec } & DecodeOptions,
  { count }: TilePlan,
  { steps }: Host,
  runner: Awaited<ReturnType<Host["tiles"]>>,
  tiles: Omit<DecodedTile, "planes">[],
): AsyncGenerator<Float32Array, void, undefined> {
  const { header, spec, method, iterations, tolerance } = job;
  const most = count > 1 ? count : (iterations ?? ITERATIONS);
  steps.expect(most + 1);
  steps.stage("decoding", most);
  const work = (section: Uint8Array, index: number) =>
    runner.run("decode", { header, spec, section, index, method, iterations, tolerance }, (step) => {
      if (count === 1) steps.at(Math.min(step, most));
    });
  for await (const { planes, ...tile } of mapInOrder(sections, runner.atOnce, work)) {
    tiles.push(tile);
    if (count > 1) steps.at(tiles.length);
    yield planes;
  }
}

/** The library's own limit, for the progress bar. */
const ITERATIONS = 100;

function describe(
  { parameters }: CodeHeader,
  plan: TilePlan,
  tiles: readonly Omit<DecodedTile, "planes">[],
  threads: number,
): Omit<Decoded, "bytes" | "files"> {
  const { channels, height, width } = plan;
  const runs = tiles.map(({ report }) => report);
  const { solver, reason } = combineSolvers(runs);
  return {
    image: { channels, height, width },
    layers: parameters.length,
    tiles: tiling(plan, threads),
    method: runs[0]!.method,
    ...{ solver, reason },
    iterations: runs.reduce((most, { iterations }) => Math.max(most, iterations), 0),
    stopped: combineStopped(runs.map(({ stopped }) => stopped)),
    memoryBytes: tiles[0]!.memoryBytes * threads,
    decodeMilliseconds: total(tiles.map(({ milliseconds }) => milliseconds)),
  };
}
