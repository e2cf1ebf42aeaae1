// What is to be done with one picture, in a form that a worker can be sent, and what comes of it.

import { sentenceOf } from "../failure.js";
import type { PictureOptions } from "../options.js";
import type { OutputFile } from "../output.js";
import type { Steps } from "../progress.js";
import type { Results } from "./works.js";

export type CommandName = keyof Results;

export interface Task<Options = PictureOptions> {
  command: CommandName;
  /** undefined: the built-in scene. */
  path: string | undefined;
  /** What it is called before users. */
  title: string;
  /** No other picture of the run has it. */
  name: string;
  /** Where its files go. */
  folder: string;
  options: Options;
  /** The command line that does this task alone. */
  commandLine: string;
}

/** The thread that a task runs on. */
export interface Host {
  steps: Steps;
  /** writeFiles, not to be cut short by Ctrl-C. */
  write(folder: string, files: readonly OutputFile[]): Promise<string[]>;
}

/** What a command does with one picture. */
export interface Work<Result> {
  /** Steps that it reports. */
  steps(options: PictureOptions): number;
  /** Throws a Failure or an UnpoolError where the picture or the options are to blame. */
  perform(task: Task, host: Host): Promise<Result>;
}

export type Outcome<Result> = { result: Result } | { error: string };

/** A picture that cannot be worked on is an outcome; only a fault of this program is thrown. */
export async function attempt<Result>(work: () => Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    return { error: sentence };
  }
}
