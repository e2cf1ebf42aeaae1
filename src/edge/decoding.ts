// From codes to an image, tile by tile: what /decode and /invert end with.

import type { StoredCode } from "../code/body.js";
import { type CodeHeader, checkHead, mostCodeBytes } from "../code/head.js";
import type { Code, Layer } from "../layer.js";
import { joinTiles } from "../tiles/join.js";
import { planOfFile, type TilePlan } from "../tiles/plan.js";
import type { Codec } from "./cache.js";
import type { Task } from "./context.js";
import { type Cost, costOf, TILE } from "./cost.js";
import { within } from "./limits.js";
import type { DecodeParameters } from "./parameters.js";
import { Problem } from "./problems.js";

type SolverParameters = Omit<DecodeParameters, "format">;

/** Where a request names none; or fewer, if the service allows only fewer. */
const ITERATIONS = 100;

/** How a file will be decoded, before it is. */
export interface Decoding {
  readonly header: CodeHeader;
  readonly plan: TilePlan;
  readonly cost: Cost;
  /** A code section of the file has at most so many bytes, once it is inflated. */
  readonly sectionBytes: number;
  readonly parameters: SolverParameters & { iterations: number };
}

/** Fills in the iterations. Throws UnpoolError "too-large": more than the limit. */
export function withIterations<P extends SolverParameters>(
  parameters: P,
  most: number,
): P & { iterations: number } {
  const { iterations = Math.min(ITERATIONS, most) } = parameters;
  within(most, iterations, `iterations is ${iterations}`);
  return { ...parameters, iterations };
}

export function planDecoding(header: CodeHeader, parameters: Decoding["parameters"]): Decoding {
  const sectionBytes = mostCodeBytes(checkHead(header));
  return { header, plan: planOfFile(header), cost: costOf(header.spec), sectionBytes, parameters };
}

/** Bytes of the layer, of a code and its section, packed and unpacked, of two tiles and of the band that they are joined in. */
export function decodingBytes({ plan, cost, sectionBytes }: Decoding): number {
  const { channels, width, tileHeight, tileWidth } = plan;
  const pixels = 4 * channels * tileHeight * (width + 2 * tileWidth);
  return cost.memoryBytes + cost.codeBytes + 3 * sectionBytes + pixels;
}

/** Multiply-adds of one tile. */
function tileWork({ cost, parameters }: Decoding): number {
  return parameters.method === "synthesis"
    ? 3 * cost.iteration
    : cost.begin + parameters.iterations * cost.iteration;
}

export function decodingWork(decoding: Decoding): number {
  return decoding.cost.create + decoding.plan.count * (tileWork(decoding) + TILE);
}

/** How the solver ran, over all tiles. */
export class Course {
  #iterations = 0;
  #residual = 0;
  readonly #stopped = new Set<string>();

  add({ iterations, residual, stopped }: Codec["report"]): void {
    this.#iterations = Math.max(this.#iterations, iterations);
    this.#residual = Math.max(this.#residual, residual);
    this.#stopped.add(stopped);
  }

  headers(tiles: number): Record<string, string> {
    return {
      "Unpool-Tiles": String(tiles),
      "Unpool-Iterations": String(this.#iterations),
      "Unpool-Residual": String(this.#residual),
      "Unpool-Stopped": [...this.#stopped].sort().join(", "),
    };
  }
}

/** The rows of the image, from the top. Tiles come one after the other in the same array. */
export function decodedRows(
  task: Task,
  decoding: Decoding,
  codes: AsyncIterable<StoredCode>,
  codec: Codec,
  course: Course,
): AsyncGenerator<Float32Array> {
  return joinTiles(decoding.plan, decodedTiles(task, decoding, codes, codec, course));
}

async function* decodedTiles(
  { clock }: Task,
  decoding: Decoding,
  codes: AsyncIterable<StoredCode>,
  codec: Codec,
  course: Course,
): AsyncGenerator<Float32Array> {
  const { method, iterations, tolerance, inequalities } = decoding.parameters;
  let out: Float32Array | undefined;
  for await (const { code, noise } of codes) {
    const { signal, left: budget } = clock;
    // one step fits nothing: a network takes no noise then
    const fitted = method === "synthesis" ? {} : { noise };
    const options = { method, iterations, tolerance, inequalities, ...fitted, signal, budget, out };
    // the code is one of this layer or network, which readCodes has seen to; methods that only layers have are refused
    out = (codec as Layer).decode(code as Code, options);
    const { stopped } = codec.report;
    // a result that depends on how quick the host is would be no result
    if (stopped === "budget") throw clock.late("out-of-time");
    if (stopped === "aborted") throw new Problem("aborted", "the client ended the request");
    course.add(codec.report);
    yield out;
    await clock.worked(tileWork(decoding) + TILE);
  }
}
