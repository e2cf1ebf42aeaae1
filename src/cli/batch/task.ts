// What is to be done with one input, in a form that a worker can be sent, and what comes of it.

import type { UnpoolError, UnpoolErrorCode } from "../../index.js";
import { Failure } from "../failure.js";
import { nameOf } from "../files/read.js";
import type { OutputOptions } from "../options/output.js";
import type { Host } from "./host.js";
import type { Results } from "./works.js";

export type CommandName = keyof Results;

export interface Task<Options = OutputOptions> {
  command: CommandName;
  /** undefined: the built-in scene. "-": standard input. */
  path: string | undefined;
  /** What it is called before users. */
  title: string;
  /** No other input of the run has it. */
  name: string;
  /** Paths of the files that it makes; "-" alone: standard output. */
  outputs: string[];
  /** Of these files, as the command knows it. */
  format: string;
  options: Options;
  /** The command line that does this task alone. */
  commandLine: string;
}

/** What a command does with one input. */
export interface Work<Result> {
  /** Throws a Failure or an UnpoolError where the input or the options are to blame. */
  perform(task: Task, host: Host): Promise<Result>;
}

/** What came of it, or a sentence; with a code if it is the library's, and does not know what it is about. */
export type Outcome<Result> = { result: Result } | { error: string; code?: UnpoolErrorCode };

/** What cannot be done is an outcome; only a fault of this program is thrown. */
export async function attempt<Result>(work: () => Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    const { name, message, code } = error as UnpoolError;
    if (error instanceof Failure) return { error: message };
    if (name === "UnpoolError") return { error: message, code };
    throw error;
  }
}

/** The sentence with the path of the input that it is about, unless that is in it; its title may be. */
export function named(
  { path, title }: Task,
  { error, code }: { error: string; code?: UnpoolErrorCode },
): string {
  if (code === undefined || path === undefined) return error;
  const name = nameOf(path);
  if (error.includes(name)) return error;
  return error.includes(title) ? error.replace(title, () => name) : `${name}: ${error}`;
}
