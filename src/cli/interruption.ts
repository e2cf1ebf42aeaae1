// Ctrl-C ends the process at once, but never in the middle of writing files, and what is unfinished goes.

import { removeTemporaries } from "./files/temporary.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const STOPPED = 0;
const WRITING = 1;
const PATIENCE = 10_000; // milliseconds, for a slow disk

/** What workers go through to write: the main thread, which alone hears signals, closes it and then ends. */
export class Gate {
  readonly cells: Int32Array;

  constructor(cells = new Int32Array(new SharedArrayBuffer(8))) {
    this.cells = cells;
  }

  /** In a worker: runs what must not be cut short; never returns once the gate is closed. */
  pass<T>(run: () => T): T {
    const { cells } = this;
    Atomics.add(cells, WRITING, 1);
    if (Atomics.load(cells, STOPPED) === 1) {
      this.#leave();
      for (;;) Atomics.wait(cells, STOPPED, 1);
    }
    try {
      return run();
    } finally {
      this.#leave();
    }
  }

  /** On the main thread: nobody begins anything any more, and nobody is in the middle of it. */
  close(): void {
    const { cells } = this;
    const load = () => Atomics.load(cells, WRITING);
    Atomics.store(cells, STOPPED, 1);
    for (let inside = load(); inside > 0; inside = load()) {
      // one that died inside never leaves
      if (Atomics.wait(cells, WRITING, inside, PATIENCE) === "timed-out") break;
    }
  }

  #leave(): void {
    Atomics.sub(this.cells, WRITING, 1);
    Atomics.notify(this.cells, WRITING);
  }
}

/**
 * On the main thread, while files come to be: from now on a signal waits for those in the gate, removes what is
 * unfinished of the targets, and ends the process as a shell reports one that a signal ended. Listeners keep signals
 * waiting, and with them a solver on this thread would too: they are not there while one runs.
 * @returns ends that, once signals that came meanwhile are heard.
 */
export function guard(targets: readonly string[], gate?: Gate): () => Promise<void> {
  const end = (_: NodeJS.Signals, number: number) => {
    gate?.close();
    removeTemporaries(targets);
    process.exit(128 + number);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return async () => {
    // they are delivered between two turns of the event loop
    for (let turn = 0; turn < 2; ++turn) await nextTurn();
    for (const signal of SIGNALS) process.off(signal, end);
  };
}

/** Lets the event loop go round: signals are heard, workers answered. */
export function nextTurn(): Promise<void> {
  return new Promise(setImmediate);
}
