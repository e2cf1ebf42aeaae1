// Who works on tiles: this thread, or a pool of workers.

import type { TileJobs, TileName } from "./jobs.js";

export interface TileRunner {
  /** How many tiles at once. */
  atOnce: number;
  /** `onStep` hears of a solver's iterations, if the tile is worked on here. */
  run<Name extends TileName>(
    name: Name,
    job: TileJobs[Name]["job"],
    onStep?: (step: number) => void,
  ): Promise<TileJobs[Name]["result"]>;
}

export const here: TileRunner = {
  atOnce: 1,
  run: async (name, job, onStep) => (await import("./jobs.js")).perform(name, job, onStep),
};
