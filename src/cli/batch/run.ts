// A command on any number of pictures, and what is printed.

import type { Command } from "commander";
import type { PictureOptions } from "../options.js";
import { checkFolder } from "../output.js";
import { Progress } from "../progress.js";
import { renderMany, renderOne } from "../table.js";
import { each, onThisThread } from "./each.js";
import { type NamedTask, plan } from "./plan.js";
import type { CommandName } from "./task.js";
import { load } from "./works.js";

/** With `folders`, each of several pictures has a folder of its own. */
export async function run<Name extends CommandName>(
  name: Name,
  paths: readonly string[],
  command: Command,
  { folders }: { folders: boolean },
): Promise<void> {
  if (paths.indexOf("-") !== paths.lastIndexOf("-")) {
    command.error("error: standard input can be read only once, and - is given twice");
  }
  checkFolder(command.opts<PictureOptions>().output, []);
  const tasks = plan(name, paths, command, folders);
  if (tasks.length === 1) await runOne(tasks[0]!);
  else await runMany(tasks);
}

async function runOne<Name extends CommandName>(task: NamedTask<Name>): Promise<void> {
  const { command, title, options } = task;
  const work = await load(command);
  const progress = new Progress(work.steps(options));
  try {
    const result = await work.perform(task, onThisThread(progress));
    progress.stop();
    process.stdout.write(options.json ? json(result) : renderOne(command, { title, result }));
  } finally {
    progress.stop();
  }
}

async function runMany<Name extends CommandName>(tasks: readonly NamedTask<Name>[]): Promise<void> {
  const { command, options } = tasks[0]!;
  const progress = new Progress(tasks.length);
  progress.stage(`${tasks.length} pictures`, tasks.length);
  let done = 0;
  // the bar does not wait for the first picture
  const look = setInterval(() => progress.at(done), 500);
  const outcomes = await each(tasks, Math.min(options.jobs, tasks.length), (task, outcome) => {
    if ("error" in outcome) {
      progress.stop();
      process.stderr.write(`unpool: ${named(task, outcome.error)}\n`);
      process.exitCode = 1;
    }
    progress.at(++done);
  }).finally(() => {
    clearInterval(look);
    progress.stop();
  });

  if (options.json) {
    const pictures = outcomes.map((outcome, i) => ({
      path: tasks[i]!.path,
      ...("error" in outcome ? outcome : outcome.result),
    }));
    process.stdout.write(json({ pictures }));
    return;
  }
  const entries = outcomes.flatMap((outcome, i) =>
    "error" in outcome ? [] : [{ title: tasks[i]!.name, result: outcome.result }],
  );
  if (entries.length > 0) process.stdout.write(renderMany(command, entries, options.output));
}

/** A sentence that says by its path which picture it is about; the sentence itself may have its title. */
function named({ path = "", title }: { path: string | undefined; title: string }, sentence: string): string {
  if (sentence.includes(path)) return sentence;
  return sentence.includes(title) ? sentence.replace(title, () => path) : `${path}: ${sentence}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
