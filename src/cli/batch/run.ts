// A command on any number of inputs, and what is printed.

import { resolve } from "node:path";
import type { Command } from "commander";
import { Failure } from "../failure.js";
import { removeLeftovers } from "../files/temporary.js";
import { Progress } from "../progress.js";
import { renderMany, renderOne, skippedLine } from "../table.js";
import { type Destination, destinationOf } from "./destination.js";
import { each } from "./each.js";
import { isFinished } from "./finished.js";
import { withHost } from "./host.js";
import { type NamedTask, plan } from "./plan.js";
import { attempt, type CommandName, named, type Outcome, type Task } from "./task.js";
import { load, type Results } from "./works.js";

/** What came of a task, or that there was nothing to do. */
type Ending<Result> = Outcome<Result> | { skipped: true };

export async function run<Name extends CommandName>(
  name: Name,
  paths: readonly string[],
  command: Command,
): Promise<void> {
  if (paths.indexOf("-") !== paths.lastIndexOf("-")) {
    command.error("error: standard input can be read only once, and - is given twice");
  }
  if (paths.includes("-") && process.stdin.isTTY) {
    command.error("error: - is standard input, which is a terminal");
  }
  const destination = destinationOf(name, Math.max(1, paths.length), command);
  const tasks = plan(name, paths, command, destination);
  checkOverwritten(tasks);
  removeLeftovers(tasks.flatMap(({ outputs }) => outputs));
  if (tasks.length === 1) await runOne(tasks[0]!);
  else await runMany(tasks, destination);
}

/** Nothing that is read is written over. */
function checkOverwritten(tasks: readonly Task[]): void {
  const inputs = new Set(tasks.flatMap(({ path }) => (path === undefined ? [] : [resolve(path)])));
  for (const output of tasks.flatMap(({ outputs }) => outputs)) {
    if (output !== "-" && inputs.has(resolve(output))) {
      throw new Failure(`${output} would be written over, and it is an input: give another --output`);
    }
  }
}

async function runOne<Name extends CommandName>(task: NamedTask<Name>): Promise<void> {
  const { command, title, outputs, options } = task;
  if (options.resume && isFinished(task)) {
    process.stdout.write(options.json ? json({ skipped: true, files: outputs }) : skippedLine(1, 1));
    return;
  }
  const work = await load(command);
  const progress = new Progress();
  try {
    const outcome = await attempt(() => withHost(progress, task, (host) => work.perform(task, host)));
    progress.stop();
    if ("error" in outcome) throw new Failure(named(task, outcome));
    const { result } = outcome;
    // bytes and words do not mix
    if (outputs[0] === "-") return;
    process.stdout.write(options.json ? json(result) : renderOne(command, { title, result }));
  } finally {
    progress.stop();
  }
}

async function runMany<Name extends CommandName>(
  tasks: readonly NamedTask<Name>[],
  { folder = "" }: Destination,
): Promise<void> {
  const { command, options } = tasks[0]!;
  const left = options.resume ? tasks.filter((task) => !isFinished(task)) : tasks;
  const endings = new Map<NamedTask<Name>, Ending<Results[Name]>>(
    tasks.map((task) => [task, { skipped: true }]),
  );
  if (left.length > 0) await runEach(left, (task, outcome) => endings.set(task, outcome));

  const skipped = tasks.length - left.length;
  if (options.json) {
    const pictures = [...endings].map(([task, ending]) => ({ path: task.path, ...shown(task, ending) }));
    process.stdout.write(json({ ...(options.resume && { skipped }), pictures }));
    return;
  }
  const entries = [...endings].flatMap(([{ name }, ending]) =>
    "result" in ending ? [{ title: name, result: ending.result }] : [],
  );
  if (skipped > 0) process.stdout.write(skippedLine(skipped, tasks.length));
  if (entries.length > 0) process.stdout.write(renderMany(command, entries, folder));
}

/** Runs the tasks, with a bar, and says of each what is wrong with it. */
async function runEach<Name extends CommandName>(
  tasks: readonly NamedTask<Name>[],
  onEnd: (task: NamedTask<Name>, outcome: Outcome<Results[Name]>) => void,
): Promise<void> {
  const progress = new Progress();
  progress.expect(tasks.length);
  progress.stage(`${tasks.length} ${tasks[0]!.command === "decode" ? "files" : "pictures"}`, tasks.length);
  let done = 0;
  // the bar does not wait for the first one
  const look = setInterval(() => progress.at(done), 500);
  await each(tasks, Math.min(tasks[0]!.options.jobs, tasks.length), (task, outcome) => {
    onEnd(task, outcome);
    if ("error" in outcome) {
      progress.stop();
      process.stderr.write(`unpool: ${named(task, outcome)}\n`);
      process.exitCode = 1;
    }
    progress.at(++done);
  }).finally(() => {
    clearInterval(look);
    progress.stop();
  });
}

/** As --json says it. */
function shown<Name extends CommandName>(task: NamedTask<Name>, ending: Ending<Results[Name]>): object {
  if ("skipped" in ending) return { skipped: true, files: task.outputs };
  return "error" in ending ? { error: named(task, ending) } : ending.result;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
