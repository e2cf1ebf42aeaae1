// unpool encode: a picture's code, in a file.

import { type StoredFormat, writeSections } from "../code/index.js";
import { estimateMemory, type LayerSpec } from "../index.js";
import { cutTiles, mapInOrder, type TilePlan } from "../tiles/index.js";
import type { Host } from "./batch/host.js";
import type { Task, Work } from "./batch/task.js";
import { npz } from "./codes/npz.js";
import { describe, type Encoding } from "./encoding.js";
import { Failure } from "./failure.js";
import { checkTargets } from "./files/folder.js";
import { toStandardOutput } from "./files/write.js";
import { giveBack, layerOf } from "./models.js";
import type { InputOptions } from "./options/layer.js";
import type { OutputOptions } from "./options/output.js";
import { openRows } from "./pictures/open.js";
import { planesOf, type RowImage } from "./pictures/rows.js";
import { layerSpec, tilePlan } from "./spec.js";
import { timed, total } from "./timed.js";

export interface EncodeOptions extends InputOptions, OutputOptions {
  values: StoredFormat;
  deflate: boolean;
}

/** What --json prints. */
export interface Encoded extends Encoding {
  values: StoredFormat;
  deflate: boolean;
  /** Of the file. */
  bytes: number;
}

/** A picture on its way into a file. */
interface Job {
  image: RowImage;
  plan: TilePlan;
  spec: LayerSpec;
  task: Task<EncodeOptions>;
}

export const encode: Work<Encoded> = { perform };

async function perform(task: Task<EncodeOptions>, host: Host): Promise<Encoded> {
  const { path, outputs, format, options } = task;
  host.steps.stage("reading");
  const image = await openRows(path, options.crop);
  try {
    const plan = tilePlan(image, options);
    const spec = layerSpec({ ...image, height: plan.tileHeight, width: plan.tileWidth }, options);
    if (!toStandardOutput(outputs)) checkTargets(outputs);
    const write = format === "npz" ? writeNpz : writeUnp;
    const { threads, ...written } = await write({ image, plan, spec, task }, host);
    const { values, deflate } = options;
    return { ...describe(plan, spec, options, threads), values, deflate, ...written, files: outputs };
  } finally {
    await image.close();
  }
}

interface Written {
  threads: number;
  encodeMilliseconds: number;
  bytes: number;
}

async function writeUnp({ image, plan, spec, task }: Job, host: Host): Promise<Written> {
  const { outputs, options } = task;
  const { values, deflate } = options;
  const { steps } = host;
  const memoryBytes = estimateMemory(spec); // refuses what is no layer before workers are begun
  const tiles = await host.tiles(plan.count, memoryBytes);
  steps.expect(plan.count + 1);
  steps.stage("encoding", plan.count);
  const times: number[] = [];
  const sections = async function* () {
    const work = (planes: Float32Array) => tiles.run("encode", { spec, planes, pack: { values, deflate } });
    for await (const { section, milliseconds } of mapInOrder(
      cutTiles(plan, image.rows),
      tiles.atOnce,
      work,
    )) {
      times.push(milliseconds);
      steps.at(times.length);
      yield section;
    }
  };
  const { height, width, overlap, count } = plan;
  const chunks = writeSections(spec, sections(), {
    ...{ values, deflate },
    colour: image.channels === 1 ? "grey" : "rgb",
    image: count > 1 ? { height, width, overlap } : undefined,
  });
  const bytes = await host.stream(outputs[0]!, chunks);
  return { threads: tiles.atOnce, encodeMilliseconds: total(times), bytes };
}

async function writeNpz({ image, plan, spec, task }: Job, host: Host): Promise<Written> {
  const { title, outputs, options } = task;
  if (plan.count > 1) {
    throw new Failure(
      `${title} is cut into ${plan.count} tiles, and .npz holds one code: give --tile none, or --format unpool`,
    );
  }
  const planes = await planesOf(image, image.rows);
  const layer = await layerOf(spec);
  const [code, encodeMilliseconds] = timed(() => layer.encode(planes));
  const bytes = npz(code, layer.geometry, options);
  giveBack(layer);
  await host.stream(outputs[0]!, [bytes]);
  return { threads: 1, encodeMilliseconds, bytes: bytes.length };
}
