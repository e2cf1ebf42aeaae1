// What a command needs is loaded when it runs, so that --help is quick.

import type { Command } from "commander";
import type { CommandName } from "../batch/task.js";

/** Runs it on its inputs. */
export const perform =
  (name: CommandName) =>
  async (paths: string[], _options: unknown, command: Command): Promise<void> => {
    const { run } = await import("../batch/run.js");
    await run(name, paths, command);
  };
