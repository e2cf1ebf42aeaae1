// Several pictures, as many at once as there are jobs: in a pool of workers, or in this thread if it is one.

import { uninterrupted } from "../interruption.js";
import { writeFiles } from "../output.js";
import { type Steps, UNSEEN } from "../progress.js";
import type { NamedTask } from "./plan.js";
import { attempt, type CommandName, type Host, type Outcome } from "./task.js";
import { load, type Results } from "./works.js";

/** Outcomes in the order of the tasks; `onEnd` hears of each as it comes. */
export async function each<Name extends CommandName>(
  tasks: readonly NamedTask<Name>[],
  jobs: number,
  onEnd: (task: NamedTask<Name>, outcome: Outcome<Results[Name]>) => void,
): Promise<Outcome<Results[Name]>[]> {
  if (jobs === 1) {
    const work = await load(tasks[0]!.command);
    const outcomes: Outcome<Results[Name]>[] = [];
    for (const task of tasks) {
      const outcome = await attempt(() => work.perform(task, onThisThread(UNSEEN)));
      outcomes.push(outcome);
      onEnd(task, outcome);
    }
    return outcomes;
  }
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
