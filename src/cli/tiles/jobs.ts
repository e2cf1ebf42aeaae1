// What is done with one tile, in any thread that has a kernel.

import { type DecodedTile, type DecodeJob, decodeTile } from "./decode.js";
import { type EncodedTile, type EncodeJob, encodeTile } from "./encode.js";
import { type InvertedTile, type InvertJob, invertTile } from "./invert.js";

export interface TileJobs {
  encode: { job: EncodeJob; result: EncodedTile };
  decode: { job: DecodeJob; result: DecodedTile };
  invert: { job: InvertJob; result: InvertedTile };
}

export type TileName = keyof TileJobs;

/** Hears of a solver's iterations. */
export type OnStep = (step: number) => void;

type Work<Name extends TileName> = (
  job: TileJobs[Name]["job"],
  onStep?: OnStep,
) => Promise<TileJobs[Name]["result"]>;

const WORKS: { [Name in TileName]: Work<Name> } = {
  encode: encodeTile,
  decode: decodeTile,
  invert: invertTile,
};

export function perform<Name extends TileName>(
  name: Name,
  job: TileJobs[Name]["job"],
  onStep?: OnStep,
): Promise<TileJobs[Name]["result"]> {
  return WORKS[name](job, onStep);
}
