// Worker threads, each with its own instance of the kernel. They are sent whole tasks, which they read, work on and
// write, or tiles of a task that another thread reads and writes.

import { Tinypool } from "tinypool";
import { UnpoolError } from "../../index.js";
import { Failure } from "../failure.js";
import { Gate, guard } from "../interruption.js";
import type { TileJobs, TileName } from "../tiles/jobs.js";
import type { TileRunner } from "../tiles/runner.js";
import type { Outcome, Task } from "./task.js";

export interface Pool extends TileRunner {
  /** A whole task, by one worker. */
  attempt(task: Task): Promise<Outcome<unknown>>;
  close(): Promise<void>;
}

/** What a worker is sent. */
export type Message = { task: Task } | { tile: TileName; job: TileJobs[TileName]["job"] };

/** @param targets files that the workers, or this thread beside them, will write: a signal leaves none of them unfinished. */
export function openPool(threads: number, targets: readonly string[]): Pool {
  const gate = new Gate();
  const release = targets.length > 0 ? guard(targets, gate) : undefined;
  const pool = new Tinypool({
    filename: new URL("./worker.js", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: gate.cells,
  });
  const send = async (message: Message, what: string): Promise<Outcome<unknown>> => {
    try {
      return await pool.run(message);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_WORKER_OUT_OF_MEMORY") throw error;
      return { error: `${what} needs more memory than a worker has` };
    }
  };
  return {
    atOnce: threads,
    attempt: (task) => send({ task }, task.title),
    async run<Name extends TileName>(tile: Name, job: TileJobs[Name]["job"]) {
      const outcome = await send({ tile, job }, "a tile");
      if ("error" in outcome) {
        const { error, code } = outcome;
        throw code ? new UnpoolError(code, error) : new Failure(error);
      }
      return outcome.result as TileJobs[Name]["result"];
    },
    async close() {
      await pool.destroy();
      await release?.();
    },
  };
}
