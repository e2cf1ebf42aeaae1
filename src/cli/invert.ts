// unpool invert: a picture is encoded, reconstructed in several ways, and everything about it written.

import { type Picture, toImageData } from "../index.js";
import { encodePng } from "../pictures/png.js";
import type { Host, Task, Work } from "./batch/task.js";
import { describe, type Encoding } from "./encoding.js";
import { giveBack, layerOf } from "./layers.js";
import { methodsOf, type SwitchKnowledge } from "./methods.js";
import { layerSpec, type PictureOptions } from "./options.js";
import { checkFolder, type OutputFile } from "./output.js";
import { grid } from "./pictures/comparison.js";
import { scale } from "./pictures/difference.js";
import { openPicture } from "./pictures/open.js";
import {
  progressSteps,
  type Reconstruction,
  type Result,
  type Rounding,
  reconstruct,
  type SolverOptions,
} from "./reconstruct.js";
import { renderReport } from "./report.js";

/** What --json prints. */
export interface Inversion extends Encoding {
  /** What the decoders knew of them. */
  switches: SwitchKnowledge;
  /** null: the values were decoded as they are. */
  rounding: Rounding | null;
  results: Result[];
}

interface InvertOptions extends PictureOptions, SolverOptions {}

/** The pictures and the report, in the order in which they are drawn. */
function fileNames(options: InvertOptions): string[] {
  const pictures = ["original", ...methodsOf(options), "comparison"];
  return [...pictures.map((name) => `${name}.png`), "report.html"];
}

export const invert: Work<Inversion> = {
  steps: (options: InvertOptions) => progressSteps(options) + 2,
  perform,
};

async function perform(task: Task<InvertOptions>, { steps, write }: Host): Promise<Inversion> {
  const { path, title, folder, options } = task;
  steps.stage("reading");
  const image = await openPicture(path, title, options.crop);
  const layer = await layerOf(layerSpec(image, options));
  checkFolder(folder, fileNames(options));

  const original = toImageData(image.planes, image.width, image.height);
  const { encodeMilliseconds, rounding, reconstructions } = reconstruct(
    layer,
    image,
    original,
    options,
    steps,
  );
  const inversion: Inversion = {
    ...describe(layer, options),
    encodeMilliseconds,
    switches: options.switches,
    rounding,
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
  { title, commandLine, options }: Task<InvertOptions>,
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
  return fileNames(options).map((name, i) => ({ name, bytes: contents[i]! }));
}
