// unpool inspect: what is in files of codes, without decoding them.

import type { Command } from "commander";
import { type CodeHeader, type ParametersDigest, readSections } from "../code/index.js";
import { measureSection, type SectionParts } from "../code/measure.js";
import { shapeOf } from "../code/shape.js";
import type { LayerSpec } from "../index.js";
import type { NetworkLayerSpec } from "../network/index.js";
import { planOfFile } from "../tiles/index.js";
import { attempt, type Outcome } from "./batch/task.js";
import { nameOf, readChunks } from "./files/read.js";
import { renderInspected } from "./inspected.js";
import { LIMITS } from "./limits.js";

/** What --json prints of a file. */
export interface Inspected {
  /** Of the file. */
  bytes: number;
  version: number;
  kind: CodeHeader["kind"];
  /** What was encoded: a picture, or whatever the layer took. */
  image: { channels: number; height: number; width: number };
  colour: CodeHeader["colour"] | null;
  /** The values of black and of white. */
  range: readonly [low: number, high: number] | null;
  tiles: { count: number; height: number; width: number; overlap: number } | null;
  /** First to last. */
  layers: InspectedLayer[];
  /** Bytes of memory that the layers take, for one tile. */
  memoryBytes: number;
  values: CodeHeader["values"];
  deflate: boolean;
  /** The largest of all tiles: standard deviation of the errors in the values. */
  noise: number;
  /** Numbers in the code, of all tiles, and for each of the picture's; and how many of them are 0. */
  codeLength: number;
  measurements: number;
  zeros: number;
  /** Bytes by what they are for, before they were deflated. */
  parts: Omit<SectionParts, "rest"> & { overhead: number };
  /** All of them. */
  plainBytes: number;
  /** Of the picture's numbers, in 8 bits each. */
  pixelBytes: number;
  /** Sections whose CRC-32 was compared, and is right. */
  checksums: number;
}

export type InspectedLayer = Omit<NetworkLayerSpec, "weights" | "bias" | "normalise"> & {
  /** Of arrays that were given. */
  given: ParametersDigest | null;
};

export async function inspect(paths: readonly string[], json: boolean, command: Command): Promise<void> {
  if (paths.indexOf("-") !== paths.lastIndexOf("-")) {
    command.error("error: standard input can be read only once, and - is given twice");
  }
  const outcomes: { path: string; outcome: Outcome<Inspected> }[] = [];
  for (const path of paths) {
    const outcome = await attempt(() => inspectFile(path));
    outcomes.push({ path, outcome });
    if ("error" in outcome) {
      process.stderr.write(`unpool: ${named(path, outcome.error)}\n`);
      process.exitCode = 1;
    } else if (!json) {
      process.stdout.write(renderInspected(nameOf(path), outcome.result));
    }
  }
  if (!json) return;
  const all = outcomes.map(({ path, outcome }) => ({
    path,
    ...("error" in outcome ? { error: named(path, outcome.error) } : outcome.result),
  }));
  process.stdout.write(`${JSON.stringify(all.length === 1 ? all[0] : { files: all }, null, 2)}\n`);
}

function named(path: string, sentence: string): string {
  return sentence.includes(nameOf(path)) ? sentence : `${nameOf(path)}: ${sentence}`;
}

async function inspectFile(path: string): Promise<Inspected> {
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of readChunks(path)) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const { header, sections } = await readSections(counted(), LIMITS);
  const parts: SectionParts = { values: 0, switches: 0, masks: 0, scales: 0, rest: 0 };
  const sum = { zeros: 0, noise: 0, plain: 0, packed: 0, count: 0 };
  for await (const section of sections) {
    const measured = await measureSection(section, header, sum.count++);
    for (const name of Object.keys(parts) as (keyof SectionParts)[]) {
      parts[name] += measured.parts[name];
      sum.plain += measured.parts[name];
    }
    sum.packed += section.length;
    sum.zeros += measured.zeros;
    sum.noise = Math.max(sum.noise, measured.noise);
  }
  const { rest: _, ...named } = parts;
  const plainBytes = bytes - sum.packed + sum.plain;
  const known = Object.values(named).reduce((total, part) => total + part, 0);
  return {
    ...describe(header),
    ...{ bytes, zeros: sum.zeros, noise: sum.noise },
    parts: { ...named, overhead: plainBytes - known },
    plainBytes,
    checksums: header.tiles + 2, // with the head's and the end's
  };
}

/** What the head says. */
function describe(header: CodeHeader) {
  const {
    version,
    kind,
    spec,
    parameters,
    colour = null,
    range = null,
    image,
    tiles,
    values,
    deflate,
  } = header;
  const { channels, height, width, tileHeight, tileWidth, overlap } = planOfFile(header);
  const { values: codeShape, memoryBytes } = shapeOf(spec);
  const codeLength = tiles * codeShape.reduce((product, size) => product * size, 1);
  const pixelBytes = channels * height * width;
  const layers: readonly NetworkLayerSpec[] = "layers" in spec ? spec.layers : [layerOf(spec)];
  return {
    ...{ version, kind, image: { channels, height, width }, colour, range },
    tiles: image ? { count: tiles, height: tileHeight, width: tileWidth, overlap } : null,
    layers: layers.map((layer, i) => ({ ...layer, given: parameters[i] ?? null })),
    ...{ memoryBytes, values, deflate, codeLength, measurements: codeLength / pixelBytes, pixelBytes },
  };
}

function layerOf({ input: _, ...layer }: LayerSpec): NetworkLayerSpec {
  return layer;
}
