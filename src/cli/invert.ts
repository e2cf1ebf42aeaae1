// unpool invert: a picture is encoded, reconstructed in several ways, and everything about it written.

import { estimateMemory, type Picture, toImageData } from "../index.js";
import { encodePng } from "../pictures/png.js";
import type { Host } from "./batch/host.js";
import type { Task, Work } from "./batch/task.js";
import { describe, type Encoding } from "./encoding.js";
import { checkTargets } from "./files/folder.js";
import type { OutputFile } from "./files/write.js";
import type { SwitchKnowledge } from "./methods.js";
import type { InputOptions } from "./options/layer.js";
import type { OutputOptions } from "./options/output.js";
import { grid } from "./pictures/comparison.js";
import { scale } from "./pictures/difference.js";
import { openPicture } from "./pictures/open.js";
import {
  progressSteps,
  type Reconstruction,
  type Result,
  type Rounding,
  reconstruct,
} from "./reconstruct.js";
import { renderReport } from "./report.js";
import { layerSpec, tilePlan } from "./spec.js";
import type { SolverOptions } from "./tiles/invert.js";

/** What --json prints. */
export interface Inversion extends Encoding {
  /** What the decoders knew of them. */
  switches: SwitchKnowledge;
  /** null: the values were decoded as they are. */
  rounding: Rounding | null;
  results: Result[];
}

export interface InvertOptions extends InputOptions, OutputOptions, SolverOptions {}

export const invert: Work<Inversion> = { perform };

async function perform(task: Task<InvertOptions>, { steps, tiles, write }: Host): Promise<Inversion> {
  const { path, outputs, options } = task;
  steps.stage("reading");
  const image = await openPicture(path, options.crop);
  const plan = tilePlan(image, options);
  const spec = layerSpec({ ...image, height: plan.tileHeight, width: plan.tileWidth }, options);
  const memoryBytes = estimateMemory(spec); // refuses what is no layer before workers are begun
  checkTargets(outputs);

  const runner = await tiles(plan.count, memoryBytes);
  steps.expect(progressSteps(plan, options) + 2);
  const original = toImageData(image.planes, image.width, image.height);
  const { encodeMilliseconds, rounding, reconstructions } = await reconstruct(
    { image, original, plan, spec, tiles: runner },
    options,
    steps,
  );
  const inversion: Inversion = {
    ...describe(plan, spec, options, runner.atOnce),
    encodeMilliseconds,
    switches: options.switches,
    rounding,
    results: reconstructions.map(({ result }) => result),
    files: outputs,
  };

  steps.stage("pictures and report");
  await write(draw(task, inversion, original, reconstructions));
  return inversion;
}

/** The pictures and the report, as files. */
function draw(
  { title, commandLine, outputs }: Task<InvertOptions>,
  inversion: Inversion,
  original: Picture,
  reconstructions: readonly Reconstruction[],
): OutputFile[] {
  const pictures = [original, ...reconstructions.map(({ picture }) => picture)].map(encodePng);
  const differences = reconstructions.map(({ difference }) => difference);
  const comparison = grid([
    [original, ...reconstructions.map(({ picture }) => picture)],
    [scale(original.width, original.height), ...differences],
  ]);
  const report = renderReport({
    title,
    command: commandLine,
    inversion,
    original: pictures[0]!,
    reconstructions: reconstructions.map(({ residuals }, i) => ({
      residuals,
      picture: pictures[i + 1]!,
      difference: encodePng(differences[i]!),
    })),
  });
  const contents = [...pictures, encodePng(comparison), report];
  return outputs.map((path, i) => ({ path, bytes: contents[i]! }));
}
