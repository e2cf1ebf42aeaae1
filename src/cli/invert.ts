// unpool invert: a picture is encoded, reconstructed three ways, and everything about it written.

import { type Picture, toImageData } from "../index.js";
import type { Host, Task, Work } from "./batch/task.js";
import { describe, type Encoding } from "./encoding.js";
import { giveBack, layerOf } from "./layers.js";
import { layerSpec, type PictureOptions } from "./options.js";
import { checkFolder, type OutputFile } from "./output.js";
import { grid } from "./pictures/comparison.js";
import { scale } from "./pictures/difference.js";
import { openPicture } from "./pictures/open.js";
import { encodePng } from "./pictures/png.js";
import {
  progressSteps,
  type Reconstruction,
  type Result,
  reconstruct,
  type SolverOptions,
} from "./reconstruct.js";
import { renderReport } from "./report.js";

/** What --json prints. */
export interface Inversion extends Encoding {
  results: Result[];
}

interface InvertOptions extends PictureOptions, SolverOptions {}

const NAMES = ["original", "synthesis", "iht", "least-squares", "comparison"].map((name) => `${name}.png`);
const REPORT = "report.html";

export const invert: Work<Inversion> = {
  steps: (options: InvertOptions) => progressSteps(options) + 2,
  perform,
};

async function perform(task: Task<InvertOptions>, { steps, write }: Host): Promise<Inversion> {
  const { path, title, folder, options } = task;
  steps.stage("reading");
  const image = await openPicture(path, title, options.crop);
  const layer = await layerOf(layerSpec(image, options));
  checkFolder(folder, [...NAMES, REPORT]);

  const original = toImageData(image.planes, image.width, image.height);
  const { encodeMilliseconds, reconstructions } = reconstruct(layer, image, original, options, steps);
  const inversion: Inversion = {
    ...describe(layer, options),
    encodeMilliseconds,
    results: reconstructions.map(({ result }) => result),
    files: [],
  };
  giveBack(layer);

  steps.stage("pictures and report");
  const files = draw(task, inversion, original, reconstructions);
  inversion.files = await write(folder, files);
  return inversion;
}

/** The pictures and the report, as files. */
function draw(
  { title, commandLine }: Task<InvertOptions>,
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
  return contents.map((bytes, i) => ({ name: [...NAMES, REPORT][i]!, bytes }));
}
