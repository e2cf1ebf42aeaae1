// The thread that a task runs on: how it writes, and who works on its tiles.

import { writeStandardOutput } from "../files/standard-output.js";
import { type Chunks, type OutputFile, writeChunks, writeFiles } from "../files/write.js";
import { type Gate, guard, nextTurn } from "../interruption.js";
import type { OutputOptions } from "../options/output.js";
import { type Steps, UNSEEN } from "../progress.js";
import { here, type TileRunner } from "../tiles/runner.js";
import type { Pool } from "./pool.js";
import type { Task } from "./task.js";

export interface Host {
  steps: Steps;
  /** Who works on so many tiles of one task, each in a kernel of so many bytes. */
  tiles(count: number, bytes: number): Promise<TileRunner>;
  /** Writes all files or none, not to be cut short by Ctrl-C. */
  write(files: readonly OutputFile[]): Promise<void>;
  /** Writes one file, or standard output, as it comes; of a file all or nothing. Returns its bytes. */
  stream(path: string, chunks: Chunks): Promise<number>;
}

/** How many of a picture's tiles, each in a kernel of so many bytes: as --jobs and --memory allow, but at least one. */
function tilesAtOnce({ jobs, memory }: OutputOptions, count: number, bytes: number): number {
  return Math.max(1, Math.min(jobs, count, Math.floor((memory * 2 ** 20) / bytes)));
}

/** In a worker, which has one task to itself. */
export function hostInWorker(gate: Gate): Host {
  return {
    steps: UNSEEN,
    tiles: async () => here,
    write: async (files) => gate.pass(() => writeFiles(files)),
    stream: (path, chunks) => writeChunks(path, chunks, (run) => gate.pass(run)),
  };
}

/** On the main thread, beside a pool that works on the tiles, and whose guard is there. */
export function hostBesidePool(steps: Steps, pool: Pool, { options }: Task): Host {
  return {
    steps,
    tiles: async (count, bytes) => ({
      ...pool,
      atOnce: Math.min(pool.atOnce, tilesAtOnce(options, count, bytes)),
    }),
    write: async (files) => writeFiles(files),
    stream: (path, chunks) =>
      path === "-" ? writeStandardOutput(chunks) : writeChunks(path, chunks, (run) => run()),
  };
}

/**
 * On the main thread, with one task alone. One tile is worked on here; several by a pool, as a solver here would keep
 * Ctrl-C waiting while a file is begun.
 */
export async function withHost<T>(steps: Steps, task: Task, run: (host: Host) => Promise<T>): Promise<T> {
  const { outputs, options } = task;
  let pool: Pool | undefined;
  const alone: Host = {
    steps,
    async tiles(count, bytes) {
      if (count === 1) return here;
      const targets = outputs.filter((path) => path !== "-");
      pool = (await import("./pool.js")).openPool(tilesAtOnce(options, count, bytes), targets);
      return pool;
    },
    write: (files) => (pool ? hostBesidePool(steps, pool, task).write(files) : writeGuarded(files)),
    stream: (path, chunks) =>
      pool ? hostBesidePool(steps, pool, task).stream(path, chunks) : streamGuarded(path, chunks),
  };
  try {
    return await run(alone);
  } finally {
    await pool?.close();
  }
}

async function writeGuarded(files: readonly OutputFile[]): Promise<void> {
  const release = guard(files.map(({ path }) => path));
  try {
    writeFiles(files);
  } finally {
    await release();
  }
}

/** What comes before the first byte is not guarded: a solver may be in it. */
async function streamGuarded(path: string, chunks: Chunks): Promise<number> {
  if (path === "-") return writeStandardOutput(chunks);
  let release: (() => Promise<void>) | undefined;
  try {
    return await writeChunks(path, chunks, async (run) => {
      release ??= guard([path]);
      await nextTurn();
      return run();
    });
  } finally {
    await release?.();
  }
}
