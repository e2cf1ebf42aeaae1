// Several tasks, as many at once as there are jobs, in a pool of workers; also of one: this thread alone hears signals,
// and one that comes as it stops listening, to go on with the next picture, would be lost.

import { isPipe } from "../files/read.js";
import { UNSEEN } from "../progress.js";
import { hostBesidePool } from "./host.js";
import type { NamedTask } from "./plan.js";
import { attempt, type CommandName, type Outcome } from "./task.js";
import { load, type Results } from "./works.js";

/** Outcomes in the order of the tasks; `onEnd` hears of each as it comes. */
export async function each<Name extends CommandName>(
  tasks: readonly NamedTask<Name>[],
  jobs: number,
  onEnd: (task: NamedTask<Name>, outcome: Outcome<Results[Name]>) => void,
): Promise<Outcome<Results[Name]>[]> {
  const targets = tasks.flatMap(({ outputs }) => outputs);
  const pool = (await import("./pool.js")).openPool(jobs, targets);
  // a worker that waits for a pipe could not be ended
  const here = async (task: NamedTask<Name>) => {
    const work = await load(task.command);
    return attempt(() => work.perform(task, hostBesidePool(UNSEEN, pool, task)));
  };
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const waits = task.path !== undefined && isPipe(task.path);
        const outcome = (await (waits ? here(task) : pool.attempt(task))) as Outcome<Results[Name]>;
        onEnd(task, outcome);
        return outcome;
      }),
    );
  } finally {
    await pool.close();
  }
}
