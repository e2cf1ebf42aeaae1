// unpool invert: a picture is encoded, reconstructed three ways, and everything about it written and printed.

import { basename } from "node:path";
import type { Command } from "commander";
import { createLayer, type Geometry, scene, toImageData } from "../index.js";
import { type LayerOptions, layerSpec, type Size, typedOptions } from "./options.js";
import { checkFolder, type OutputFile, writeFiles } from "./output.js";
import { grid } from "./pictures/comparison.js";
import { scale } from "./pictures/difference.js";
import { crop, type PlanarImage } from "./pictures/planar.js";
import { encodePng } from "./pictures/png.js";
import { readPicture } from "./pictures/read.js";
import { Progress } from "./progress.js";
import { progressSteps, type Result, reconstruct } from "./reconstruct.js";
import { renderReport } from "./report.js";
import { renderTable } from "./table.js";

/** Length of the kernel's module; put in by the build. */
declare const WASM_BYTES: number;

/** What --json prints. */
export interface Inversion {
  image: { width: number; height: number };
  layer: Omit<Geometry, "memoryBytes" | "switchBytes"> & {
    seed: number;
    unitNorm: boolean;
    /** Numbers in the code; each has its switch. */
    codeLength: number;
  };
  wasmBytes: number;
  memoryBytes: number;
  encodeMilliseconds: number;
  results: Result[];
  files: string[];
}

interface InvertOptions extends LayerOptions {
  crop?: Size;
  iterations: number;
  tolerance?: number;
  output: string;
  json: boolean;
}

const SCENE = { name: "built-in scene", size: 224, seed: 1 };
const NAMES = ["original", "synthesis", "iht", "least-squares", "comparison"].map((name) => `${name}.png`);
const REPORT = "report.html";

export async function runInvert(path: string | undefined, command: Command): Promise<void> {
  const options = command.opts<InvertOptions>();
  const progress = new Progress(progressSteps(options) + 2);
  try {
    progress.stage("reading");
    const title = path === undefined ? SCENE.name : path === "-" ? "standard input" : basename(path);
    const image = await openImage(path, title, options.crop);
    const { inversion, files } = await invert(title, image, options, progress, repeat(path, command));
    progress.stop();
    inversion.files = writeFiles(options.output, files);
    process.stdout.write(
      options.json ? `${JSON.stringify(inversion, null, 2)}\n` : `${renderTable(title, inversion)}\n`,
    );
  } finally {
    progress.stop();
  }
}

async function openImage(path: string | undefined, title: string, size?: Size): Promise<PlanarImage> {
  const image: PlanarImage =
    path === undefined
      ? {
          planes: scene(SCENE.size, SCENE.size, SCENE.seed),
          channels: 3,
          width: SCENE.size,
          height: SCENE.size,
        }
      : await readPicture(path);
  return size ? crop(title, image, size) : image;
}

/** Computes everything and writes nothing. */
async function invert(
  title: string,
  image: PlanarImage,
  options: InvertOptions,
  progress: Progress,
  command: string,
): Promise<{ inversion: Inversion; files: OutputFile[] }> {
  const layer = await createLayer(layerSpec(image, options));
  checkFolder(options.output, [...NAMES, REPORT]);

  const original = toImageData(image.planes, image.width, image.height);
  const { encodeMilliseconds, reconstructions } = reconstruct(layer, image, original, options, progress);
  const { memoryBytes, switchBytes: _, ...geometry } = layer.geometry;
  const [planes, rows, columns] = geometry.codeShape;
  const inversion: Inversion = {
    image: { width: image.width, height: image.height },
    layer: {
      ...geometry,
      seed: options.seed,
      unitNorm: options.unitNorm,
      codeLength: planes * rows * columns,
    },
    wasmBytes: WASM_BYTES,
    memoryBytes,
    encodeMilliseconds,
    results: reconstructions.map(({ result }) => result),
    files: [],
  };
  layer.dispose();

  progress.stage("pictures and report");
  const pictures = [original, ...reconstructions.map(({ picture }) => picture)].map(encodePng);
  const differences = reconstructions.map(({ difference }) => difference);
  const comparison = grid([
    [original, ...reconstructions.map(({ picture }) => picture)],
    [scale(image.width, image.height), ...differences],
  ]);
  const report = await renderReport({
    title,
    command,
    inversion,
    original: pictures[0]!,
    reconstructions: reconstructions.map(({ residuals }, i) => ({
      residuals,
      picture: pictures[i + 1]!,
      difference: encodePng(differences[i]!),
    })),
  });
  const contents = [...pictures, encodePng(comparison), report];
  return {
    inversion,
    files: contents.map((bytes, i) => ({ name: [...NAMES, REPORT][i]!, bytes })),
  };
}

/** The command line that makes the same report. */
function repeat(path: string | undefined, command: Command): string {
  const words = ["unpool", "invert", ...(path === undefined ? [] : [path]), ...typedOptions(command)];
  return words
    .map((word) => (/^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
