// Several pictures, as many at once as there are jobs, in a pool of workers; also of one: this thread alone hears signals,
// and one that comes as it stops listening, to go on with the next picture, would be lost.

import { uninterrupted } from "../interruption.js";
import { writeFiles } from "../output.js";
import type { Steps } from "../progress.js";
import type { NamedTask } from "./plan.js";
import type { CommandName, Host, Outcome } from "./task.js";
import type { Results } from "./works.js";

/** Outcomes in the order of the tasks; `onEnd` hears of each as it comes. */
export async function each<Name extends CommandName>(
  tasks: readonly NamedTask<Name>[],
  jobs: number,
  onEnd: (task: NamedTask<Name>, outcome: Outcome<Results[Name]>) => void,
): Promise<Outcome<Results[Name]>[]> {
  const pool = (await import("./pool.js")).openPool(jobs);
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const outcome = (await pool.attempt(task)) as Outcome<Results[Name]>;
        onEnd(task, outcome);
        return outcome;
      }),
    );
  } finally {
    await pool.close();
  }
}

export function onThisThread(steps: Steps): Host {
  return { steps, write: (folder, files) => uninterrupted(() => writeFiles(folder, files)) };
}
