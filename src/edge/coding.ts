// From an image to codes, tile by tile: what /encode and /invert begin with.

import { mostDeflatedBytes } from "../code/deflate.js";
import { headOf, mostCodeBytes, type SerialiseOptions } from "../code/head.js";
import type { LayerSpec, Pair } from "../geometry.js";
import type { Code, Layer } from "../layer.js";
import { cutTiles } from "../tiles/cut.js";
import { planTiles, type TilePlan } from "../tiles/plan.js";
import { usualOverlap } from "../tiles/usual-overlap.js";
import type { Task } from "./context.js";
import { type Cost, costOf, TILE } from "./cost.js";
import type { Input } from "./input.js";
import { MOST_TILES, within } from "./limits.js";
import { type EncodeParameters, layerSpec } from "./parameters.js";

type CodingParameters = Omit<EncodeParameters, "deflate">;

/** How an image will be encoded, before it is. */
export interface Coding {
  readonly plan: TilePlan;
  /** Of one tile. */
  readonly spec: LayerSpec;
  readonly cost: Cost;
  readonly options: SerialiseOptions;
  /** A code section of the file has at most so many bytes. */
  readonly sectionBytes: number;
}

/** Throws UnpoolError "too-large": more tiles than a file may have. */
export function planCoding(input: Input, parameters: CodingParameters, deflate: boolean): Coding {
  const { channels, height, width, colour } = input;
  const { tile, values } = parameters;
  const overlap = parameters.overlap ?? usualOverlap(layerSpec(input, parameters));
  // one region over everything has no tiles; nor has an image that is not to have any
  const whole = tile === "none" || parameters.pool === "global";
  const plan = planTiles(input, {
    tile: whole ? [height, width] : tile,
    overlap,
    multiple: whole ? 1 : multipleOf(parameters),
  });
  within(MOST_TILES, plan.count, `the input has ${plan.count} tiles`);
  const spec = layerSpec({ channels, height: plan.tileHeight, width: plan.tileWidth }, parameters);
  const options: SerialiseOptions = {
    ...{ values, deflate, colour },
    ...(plan.count > 1 && { image: { height, width, overlap } }),
  };
  const plain = mostCodeBytes(headOf(spec, options, "pooled"));
  const sectionBytes = deflate ? 4 + mostDeflatedBytes(plain) : plain;
  return { plan, spec, cost: costOf(spec), options, sectionBytes };
}

/** Stride times pooling region: with tiles of a multiple of it no row falls outside every region. */
function multipleOf({ stride, pool }: CodingParameters): [number, number] {
  const both = (pair: Pair | "global") => (typeof pair === "object" ? pair : [Number(pair), Number(pair)]);
  const [steps, regions] = [both(stride), both(pool)];
  return [steps[0]! * regions[0]!, steps[1]! * regions[1]!];
}

/** Bytes of the band of tiles, of a tile and its copy in the layer, and of a code and its section. */
export function codingBytes({ plan, cost, sectionBytes }: Coding): number {
  const { channels, width, tileHeight, tileWidth } = plan;
  return (
    4 * channels * tileHeight * (width + tileWidth) + cost.memoryBytes + cost.codeBytes + 2 * sectionBytes
  );
}

export function codingWork({ plan, cost }: Coding): number {
  return cost.create + plan.count * (cost.encode + TILE);
}

/** The codes of the tiles, in their order: one after the other in the same arrays. */
export async function* codesOf(
  { clock }: Task,
  { plan, cost }: Coding,
  { rows }: Input,
  layer: Layer,
): AsyncGenerator<Code> {
  let out: Code | undefined;
  for await (const tile of cutTiles(plan, rows)) {
    out = layer.encode(tile, { out });
    yield out;
    await clock.worked(cost.encode + TILE);
  }
}
