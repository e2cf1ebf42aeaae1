// Worker threads, each with its own instance of the kernel. Pictures are read, worked on and written there:
// only what to do and what came of it travels between threads.

import { Tinypool } from "tinypool";
import { Gate } from "../interruption.js";
import type { Outcome, Task } from "./task.js";

export interface Pool {
  attempt(task: Task): Promise<Outcome<unknown>>;
  close(): Promise<void>;
}

export function openPool(threads: number): Pool {
  const gate = new Gate();
  const release = gate.guard();
  const pool = new Tinypool({
    filename: new URL("./worker.js", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: gate.cells,
  });
  return {
    async attempt(task) {
      try {
        return await pool.run(task);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ERR_WORKER_OUT_OF_MEMORY") throw error;
        return { error: `${task.title} needs more memory than a worker has` };
      }
    },
    async close() {
      await pool.destroy();
      release();
    },
  };
}
